"""What this room says when it refuses: one table, stable codes, Chinese and English."""

from typing import Final

from evenhand.errors import Message

CATALOGUE_MISSING: Final = Message(
    "SRC-01",
    zh="{file}：找不到来源清单。请检查路径；来源清单是一个 TOML 文件。",
    en="{file}: no such catalogue of sources. Check the path; it is a TOML file.",
)
CATALOGUE_SYNTAX: Final = Message(
    "SRC-02",
    zh="{file}：不是合格的 TOML：{why}。请在指出的位置改正；文本值要加引号，文件须为 UTF-8。",
    en="{file}: not valid TOML: {why}. Correct it there; text is quoted, the file is UTF-8.",
)
UNKNOWN_KEY: Final = Message(
    "SRC-03",
    zh="{file} {place}：不认识的键“{key}”；最接近的是“{nearest}”。可用的键：{allowed}。请改名或者删除。",
    en="{file} {place}: unknown key {key}; nearest is {nearest}. Allowed: {allowed}. Rename or delete it.",
)
MISSING_KEY: Final = Message(
    "SRC-04",
    zh="{file} {place}：缺少“{key}”。请补上，例如 {example}。",
    en="{file} {place}: {key} is missing. Add it, for example {example}.",
)
BAD_VALUE: Final = Message(
    "SRC-05",
    zh="{file} {place}：“{key}”的值 {value} 不能用；应为{allowed}。请改正。",
    en="{file} {place}: {key} = {value} cannot be used; allowed: {allowed}. Correct it.",
)
UNKNOWN_KIND: Final = Message(
    "SRC-06",
    zh="{file} {place}：没有数据种类“{value}”；最接近的是“{nearest}”。可用的种类：{allowed}。请改正 kind。",
    en="{file} {place}: no kind {value}; nearest is {nearest}. Allowed: {allowed}. Correct kind.",
)
UNKNOWN_FIELD: Final = Message(
    "SRC-07",
    zh="{file} {place}：数据种类 {kind} 没有字段“{value}”；最接近的是“{nearest}”。请改正。",
    en="{file} {place}: kind {kind} has no field {value}; nearest is {nearest}. Correct it.",
)
UNMAPPED_REQUIRED: Final = Message(
    "SRC-08",
    zh="{file} {place}：[source.columns] 没有对应必备字段 {field}（{title}）。请写明哪一列是{title}。",
    en="{file} {place}: [source.columns] maps nothing to the required field {field} ({title}). Name its column.",
)
MAPPED_TWICE: Final = Message(
    "SRC-09",
    zh="{file} {place}：两列“{first}”“{second}”都对应到 {field}。一个字段只取一列，请删去其一（未对应的列仍会保留）。",
    en="{file} {place}: both {first} and {second} map to {field}. Keep one; unmapped columns are kept anyway.",
)
NO_MATCH: Final = Message(
    "SRC-10",
    zh="{file} {place}：files 中的“{pattern}”没有匹配到任何文件（相对于 {folder}）。请检查文件夹和文件名。",
    en="{file} {place}: {pattern} in files matches nothing (below {folder}). Check folder and file name.",
)
NAME_TWICE: Final = Message(
    "SRC-11",
    zh="{file} {place}：来源名“{value}”重复。每个来源取不同的 name。",
    en="{file} {place}: the source name {value} is used twice. Give each source its own name.",
)
FILES_OR_URL: Final = Message(
    "SRC-12",
    zh="{file} {place}：应当写 files，或者写 url 加 table、query 之一，不能都写或者都不写。请保留一种。",
    en="{file} {place}: give files, or url with one of table and query. Keep exactly one way.",
)
NO_ENVIRONMENT: Final = Message(
    "SRC-13",
    zh="{file} {place}：url 用到的环境变量 {name} 没有设置。请先设置再运行。",
    en="{file} {place}: the environment variable {name} in url is not set. Set it and run again.",
)
NO_SOURCES: Final = Message("SRC-14", zh="{file}：没有任何 [[source]]。请至少写一个来源。", en="{file}: no [[source]]. Write at least one.")

FILE_MISSING: Final = Message(
    "SRC-20",
    zh="{file}：文件不存在。请检查路径，或者从来源清单删去。",
    en="{file}: no such file. Check the path or take it out of the catalogue.",
)
FILE_IS_FOLDER: Final = Message(
    "SRC-21",
    zh="{file}：是文件夹而不是文件。请写到文件，例如 {file}/*.csv。",
    en="{file}: a folder, not a file. Name files, for example {file}/*.csv.",
)
FILE_EMPTY: Final = Message(
    "SRC-22", zh="{file}：文件是空的（0 字节）。请重新导出。", en="{file}: the file is empty (0 bytes). Export it again."
)
FILE_UNREADABLE: Final = Message(
    "SRC-23",
    zh="{file}：打不开：{why}。请检查权限，并确认文件没有被其他程序占用。",
    en="{file}: cannot be opened: {why}. Check permissions and other programs.",
)
NO_HEADER: Final = Message(
    "SRC-24",
    zh="{file}{place}：前{rows}行中没有一行像{kind}的表头；看到的第一行是：{found}。请用 header_row 指明表头行，或者在 [source.columns] 写明列的对应。",
    en="{file}{place}: none of the first {rows} rows looks like a header of {kind}; the first row reads: {found}. State header_row or map the columns in [source.columns].",
)
NO_COLUMN: Final = Message(
    "SRC-25",
    zh='{file}{place}：第{row}行表头缺少{wanted}（必备字段 {field}）；最接近的列是“{nearest}”。请在 [source.columns] 写明，例如 "{nearest}" = "{field}"。',
    en='{file}{place}: the header in row {row} lacks {wanted} (required field {field}); nearest is {nearest}. Map it in [source.columns], for example "{nearest}" = "{field}".',
)
HEADER_TWICE: Final = Message(
    "SRC-26",
    zh="{file}{place}：第{row}行表头中“{header}”出现{times}次，分不清哪一列是 {field}。请改成不同的列名后重新导出。",
    en="{file}{place}: the header in row {row} has {header} {times} times; which one is {field} cannot be told. Rename the columns and export again.",
)
WRONG_ENCODING: Final = Message(
    "SRC-27",
    zh="{file}：来源清单写明编码为 {encoding}，但第{line}行（第{offset}字节起）不是该编码。请改正 encoding，或者删去它由程序识别。",
    en="{file}: the catalogue states {encoding}, yet line {line} (byte {offset}) is not in that encoding. Correct encoding, or leave it out to have it detected.",
)
NO_ENCODING: Final = Message(
    "SRC-28",
    zh="{file}：识别不出编码：按 UTF-8 和 GB18030 读都有大量乱码（首处在第{line}行）。请另存为 UTF-8 后再试，或者用 encoding 写明。",
    en="{file}: the encoding cannot be told: neither UTF-8 nor GB18030 (first fault in line {line}). Save it as UTF-8, or state encoding.",
)
BAD_SUFFIX: Final = Message(
    "SRC-29",
    zh="{file}：不支持这种文件（{suffix}）。可读的有：{allowed}。请另存为其中一种。",
    en="{file}: files of this kind ({suffix}) are not supported. Allowed: {allowed}. Save it as one of these.",
)
PASSWORD: Final = Message(
    "SRC-30",
    zh="{file}：工作簿设有打开密码。请在 Excel 或者 WPS 中取消密码后另存。",
    en="{file}: the workbook is protected by a password. Remove it and save again.",
)
CORRUPT: Final = Message(
    "SRC-31",
    zh="{file}：文件已损坏或者不完整：{why}。请重新导出或者重新传输。",
    en="{file}: the file is damaged or incomplete: {why}. Export or transfer it again.",
)
ZIP_BOMB: Final = Message(
    "SRC-32",
    zh="{file}：解压后将达 {size} MB（压缩比 {ratio}），超过上限（{limit} MB，压缩比 {ratio_limit}），没有打开。请另存为 CSV，或者拆成几个工作簿。",
    en="{file}: it would unpack to {size} MB (ratio {ratio}), over the limit ({limit} MB, ratio {ratio_limit}); it was not opened. Save as CSV or split it.",
)
NO_SHEET: Final = Message(
    "SRC-33",
    zh="{file}：没有工作表“{sheet}”。有的工作表：{allowed}。请改正 sheet。",
    en="{file}: no sheet {sheet}. Sheets: {allowed}. Correct sheet.",
)
NO_ROWS: Final = Message(
    "SRC-34",
    zh="{file}{place}：只有表头，没有任何数据行。请确认导出条件后重新导出，或者从来源清单删去。",
    en="{file}{place}: a header and no rows. Check how it was exported, or take it out of the catalogue.",
)
HTML_UNCLEAR: Final = Message(
    "SRC-35",
    zh="{file}：是网页而不是 Excel 工作簿，其中有{tables}个像{kind}的表格，应当恰好有一个。请在 Excel 中打开后另存为 XLSX。",
    en="{file}: a web page, not a workbook, with {tables} tables that look like {kind}; exactly one is needed. Open it and save as XLSX.",
)
NOT_FOUND_ANYWHERE: Final = Message(
    "SRC-36",
    zh="来源 {source}：[source.columns] 中的“{header}”在它的任何文件里都没有；最接近的列是“{nearest}”。请改正或者删去。",
    en="source {source}: {header} in [source.columns] is in none of its files; nearest is {nearest}. Correct or delete it.",
)
HEADER_ROW_BEYOND: Final = Message(
    "SRC-37",
    zh="{file}{place}：header_row = {row}，但文件只有{rows}行。请改正。",
    en="{file}{place}: header_row = {row}, yet there are only {rows} rows. Correct it.",
)
TWO_HEADERS: Final = Message(
    "SRC-38",
    zh="{file}{place}：第{first}行和第{row}行都像表头，取第{row}行会丢掉两行之间的{lost}行数据。请用 header_row 写明表头在第几行；如果是两张表上下相接，请拆成两个文件。",
    en="{file}{place}: rows {first} and {row} both look like the header; taking row {row} would lose the {lost} rows between. State header_row, or split two tables that stand one below the other.",
)

DRIVER_MISSING: Final = Message(
    "SRC-40",
    zh="来源 {source}：没有安装数据库驱动 {driver}。请在 url 中改写为 {known}://…（./run setup 已装好它的驱动）。",
    en="source {source}: the database driver {driver} is not installed. Write {known}://… in url: ./run setup installs its driver.",
)
DATABASE_AWAY: Final = Message(
    "SRC-41",
    zh="来源 {source}：连不上数据库 {url}：{why}。请检查地址、账号、网络，再运行一次。",
    en="source {source}: the database {url} is out of reach: {why}. Check address, account and network.",
)
NO_TABLE: Final = Message(
    "SRC-42",
    zh="来源 {source}：数据库 {url} 中没有表“{table}”；最接近的是“{nearest}”。请改正 table。",
    en="source {source}: the database {url} has no table {table}; nearest is {nearest}. Correct table.",
)
QUERY_FAILED: Final = Message(
    "SRC-43",
    zh="来源 {source}：查询没有成功：{why}。请先在数据库中试通该语句。",
    en="source {source}: the query failed: {why}. Try the statement in the database first.",
)
BAD_URL: Final = Message(
    "SRC-44",
    zh="来源 {source}：url 写法不对。应如 sqlite:///数据.db 或者 postgresql+psycopg://用户:密码@主机/库。请改正。",
    en="source {source}: url is malformed. Write sqlite:///data.db or postgresql+psycopg://user:password@host/name.",
)

SURVEY_UNKNOWN: Final = Message(
    "SRC-50",
    zh="没有数据集“{value}”；最接近的是“{nearest}”。可用的数据集：{allowed}。请改正 --for。",
    en="no data set {value}; nearest is {nearest}. Allowed: {allowed}. Correct --for.",
)
SHEET_UNREAD: Final = Message(
    "SRC-51",
    zh="{file}：未读的工作表：{sheet}（{rows}行有内容；{why}）。如果其中有{kind}，请补全必备列或者取消隐藏后重做。",
    en="{file}: sheet not read: {sheet} ({rows} rows with content; {why}). If it holds rows of {kind}, complete its header or show it, and build again.",
)
SHEET_BARE: Final = Message(
    "SRC-52",
    zh="{file}：工作表“{sheet}”只有表头，没有数据行。如果本应有数据，请重新导出。",
    en="{file}: sheet {sheet} has a header and no rows. If it should have some, export it again.",
)
READ_ONCE: Final = Message(
    "SRC-53",
    zh="{file}：与 {first} 是同一个文件（链接），只读一次。如果本应是另一个文件，请换成真正的文件后重做。",
    en="{file}: the same file as {first} (a link), read once. If it should be another file, replace it and build again.",
)
UNCALCULATED: Final = Message(
    "SRC-54",
    zh="{file}：工作表“{sheet}”有{count}个单元格只有公式，没有算出的结果（第一个是{first}），按空值读入。请用 Excel 或 WPS 打开该文件，保存后重做。",
    en="{file}: {count} cells of sheet {sheet} hold a formula and no result (the first is {first}); they are read as empty. Open the file in a spreadsheet program, save it, and build again.",
)
COUNTS_DISAGREE: Final = Message(
    "SRC-60",
    zh="{file}：行数对不上：共{total}行，表头及以上{above}行，空行{blank}行，应留{expected}行，实留{kept}行。这是程序的缺陷，请停止使用本次结果并报告。",
    en="{file}: counts disagree: {total} rows, {above} above the data, {blank} blank, {expected} expected, {kept} kept. This is a fault of the program; report it.",
)
