"""Documents: the data standards as paper (规范文档), printed from what the programs themselves run on.

Takes   `standards/`, a rule pack, the scripts (prose) in its `documents/`, Chinese fonts of the machine, perhaps an earlier edition
Gives   《食品生产经营主体名录数据规范》 and 《食品“双随机”主体数据治理规范》 as .docx and .pdf, a list of changes, a manifest; 《食品“双随机”协同检查数据库规范》; the handbook of each risk model and of each task model
Never   copies a fact into prose that data hold; carries a font; reads a clock or the network
Law     GB/T 1.1—2020 (form), GB/T 18391 and GB/T 19488 (data elements), GB/T 36344—2018 (quality)

`scripts` read the prose and ask the printers (`elements`, `datasets`, `codes`, `quality`, `rulefiles`, `security`) for what stands
in it; `model` is the document, `numbering` gives numbers and resolves references, `typst_writer` and `docx_writer` set it.
Whatever rule file is added to a pack is printed, too: an unknown folder goes to the annex of other rule files.

>>> from evenhand.documents.numbering import resolved
>>> resolved("见{@t-codes}。", {"t-codes": "表6"})
'见表6。'
"""

from evenhand.documents.changes import Change
from evenhand.documents.handbooks import handbooks_of, print_handbooks
from evenhand.documents.publishing import MANIFEST, Printed, PrintedFile, print_documents
from evenhand.documents.task_handbooks import print_task_handbooks, task_handbooks_of

__all__ = [
    "MANIFEST",
    "Change",
    "Printed",
    "PrintedFile",
    "handbooks_of",
    "print_documents",
    "print_handbooks",
    "print_task_handbooks",
    "task_handbooks_of",
]
