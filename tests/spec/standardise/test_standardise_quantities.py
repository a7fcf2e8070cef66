"""Money, areas, counts and phones."""

from decimal import Decimal

from evenhand.standardise.phones import clean_phone, tighten_phone
from evenhand.standardise.quantities import clean_integer, clean_quantity, read_written_sum, strip_marks
from evenhand.standardise.text import clean_text


def _quantity(dictionaries, kind, unit, source_units=None):
    return (
        clean_text,
        strip_marks,
        *((read_written_sum,) if kind == "money" else ()),
        lambda c, source: clean_quantity(c, source, factors=dictionaries.units[kind], unit=unit, source_units=source_units or {}),
    )


def test_money_is_read_in_the_fields_unit(apply, dictionaries):
    table = {
        "50": Decimal("50.00"), "50万元": Decimal("50.00"), "50万": Decimal("50.00"), "500000元": Decimal("50.00"), "1,234.567": Decimal("1234.57"), "1亿元": Decimal("10000.00"), "人民币50万元": Decimal("50.00"), "￥50": Decimal("50.00"), "５０": Decimal("50.00"),
        "0.005": Decimal("0.01"), "-3": Decimal("-3.00"), "50万元人民币": Decimal("50.00"), "50-100": None, "50万美元": None, "若干": None, "": None, "999999999999": Decimal("999999999999.00"), "9999999999999": None, "1.5E+3": Decimal("1500.00"), "9亿亿": None, "2000000元": Decimal("200.00"), "999999999999亿元": None,
    }  # fmt: skip

    assert dict(zip(table, apply(_quantity(dictionaries, "money", "万元"), list(table)), strict=True)) == table


def test_a_sum_in_words_counts_yuan_whatever_unit_the_column_has(apply, dictionaries):
    table = {
        "伍拾万元": Decimal("50.00"), "伍拾万元整": Decimal("50.00"), "人民币伍拾万圆整": Decimal("50.00"), "五十万": Decimal("50.00"), "伍万": Decimal("5.00"), "十万元": Decimal("10.00"), "壹拾万元正": Decimal("10.00"), "壹佰贰拾叁万肆仟元": Decimal("123.40"), "一千零五万元": Decimal("1005.00"),
        "叁仟元": Decimal("0.30"), "两千元": Decimal("0.20"), "伍佰": Decimal("0.05"), "壹亿元": Decimal("10000.00"), "壹亿零叁佰万元": None, "伍拾万美元": None, "元": None, "万元": None, "若干万元": None,
        "二三": None, "一二三四元": None, "三百五": None, "三百五十": Decimal("0.04"), "零元": Decimal("0.00"), "三元": Decimal("0.00"), "五万零三百元": Decimal("5.03"), "二〇": None,
        "三万五": None, "两万五": None, "三万五元": None, "一亿五": None, "三万五千": Decimal("3.50"), "三万零五": Decimal("3.00"), "三万零五十": Decimal("3.01"), "伍": Decimal("0.00"),
    }  # fmt: skip

    assert dict(zip(table, apply(_quantity(dictionaries, "money", "万元"), list(table)), strict=True)) == table


def test_the_unit_in_the_cell_goes_before_the_sources_unit(apply, dictionaries):
    clean = _quantity(dictionaries, "money", "万元", {"甲": "元"})

    assert apply(clean, ["500000", "50万元", "500000元"]) == [Decimal("50.00")] * 3


def test_another_sources_unit_changes_nothing(apply, dictionaries):
    assert apply(_quantity(dictionaries, "money", "万元", {"乙": "元"}), ["50"]) == [Decimal("50.00")]


def test_areas_are_square_metres_and_a_mu_is_666_67(apply, dictionaries):
    cells = ["120", "120㎡", "120平方米", "120m²", "120M2", "3亩", "0.5亩", "约120平米", "1公顷", "120平方英尺"]

    assert apply(_quantity(dictionaries, "area", "平方米"), cells) == [
        *[Decimal("120.00")] * 5,
        Decimal("2000.01"),
        Decimal("333.34"),
        Decimal("120.00"),
        Decimal("10000.00"),
        None,
    ]


def test_two_numbers_in_one_cell_are_none(apply, dictionaries):
    table = dict.fromkeys(
        [
            "120,80",
            "1,5",
            "100 200",
            "120 80",
            "120，80",
            "1,2345",
            "12,34,567",
            "0,500",
            "1, 234",
            "1,234 567",
            "1,234,56",
            "120㎡ 80㎡",
            "120 80㎡",
            "1 2 3",
            "1,2,3",
            "1,234,5,678",
            "1.5 2.5",
            "120'80",
        ]
    )

    assert dict(zip(table, apply(_quantity(dictionaries, "area", "平方米"), list(table)), strict=True)) == table
    assert apply((clean_text, strip_marks, clean_integer), ["120,80", "100 200", "1,5", "1 2", "12 人"]) == [None, None, None, None, 12]


def test_a_comma_before_exactly_three_digits_and_a_space_beside_a_unit_part_nothing(apply, dictionaries):
    table = {
        "1,234": Decimal("1234.00"), "12,345,678": Decimal("12345678.00"), "1，234": Decimal("1234.00"), "1,234.5㎡": Decimal("1234.50"), "1'234": Decimal("1234.00"), "约 1,200 ㎡": Decimal("1200.00"),
        "120 ㎡": Decimal("120.00"), "120 平方米": Decimal("120.00"), "120,": Decimal("120.00"), "约120，": Decimal("120.00"), "999,999": Decimal("999999.00"), "- 3": Decimal("-3.00"),
    }  # fmt: skip

    assert dict(zip(table, apply(_quantity(dictionaries, "area", "平方米"), list(table)), strict=True)) == table


def test_counts_are_whole_numbers(apply):
    cells = ["12", "12人", "１２", "1,200", "12.0", " 12 ", "约20", "12.5", "20-30", "十二", "无", ""]

    assert apply((clean_text, strip_marks, clean_integer), cells) == [12, 12, 12, 1200, 12, 12, 20, None, None, None, None, None]


def test_the_first_of_phones_parted_by_a_space_or_a_line_break_is_kept(apply):
    table = {
        "13805911234 13905911234": "13805911234", "13805911234\n13905911234": "13805911234", "138 0591 1234 139 0591 1234": "13805911234", "13805911234 0591-87654321": "13805911234", "13805911234  0591 87654321": "13805911234",
        "0591-87654321 13805911234": "059187654321", "0591 87654321 13805911234": "059187654321", "059187654321 13805911234": "059187654321", "0591-87654321\n0591-87654322": "059187654321", "0591 8765 4321 13805911234": "059187654321",
        "(0591)87654321 13805911234": "059187654321", "0593-2345678 0593-2345679": "05932345678", "13805911234 13905911234 13705911234": "13805911234", "13805911234 +8613905911234": "13805911234", "0591-87654321 801": "059187654321",
        "1380591 1234": "13805911234", "138 05911234": "13805911234", "0591 8765 4321": "059187654321", "0591-8765-4321": "059187654321", "13805911234 张三": "13805911234", "87654321 87654322": "87654321、87654322", "138—0591—1234": "13805911234",
    }  # fmt: skip

    assert dict(zip(table, apply((clean_text, tighten_phone, clean_phone), list(table)), strict=True)) == table


def test_the_first_phone_number_is_kept_as_digits(apply):
    table = {
        "13805911234": "13805911234", "138-0591-1234": "13805911234", "138 0591 1234": "13805911234", "+8613805911234": "13805911234", "+86 138 0591 1234": "13805911234", "8613805911234": "13805911234",
        "13805911234/13905911234": "13805911234", "13805911234、0591-87654321": "13805911234", "0591-87654321、13805911234": "059187654321", "0591-87654321": "059187654321", "(0591)87654321": "059187654321",
        "（0591）87654321": "059187654321", "0591 87654321": "059187654321", "+86-591-87654321": "059187654321", "059187654321": "059187654321", "0593-2345678转801": "05932345678", "手机：13805911234": "13805911234",
        "１３８０５９１１２３４": "13805911234", "1380591123": "1380591123", "87654321": "87654321", "张三13805911234": "13805911234", "": None,
    }  # fmt: skip

    assert dict(zip(table, apply((clean_text, tighten_phone, clean_phone), list(table)), strict=True)) == table
