"""What each kind of extract brings: the source data sets, one row per row of a delivery.

A field marked required must be present as a column; an empty cell in it is a finding, never a refusal.
"""

from typing import Final

from evenhand.standards.datasets import DataSet, field

__all__ = ["EXTRACTS"]


def _f(text: str, **titles: str) -> tuple:  # type: ignore[type-arg]
    """Fields from names; a leading `*` marks a required column."""
    return tuple(field(n.lstrip("*"), titles.get(n.lstrip("*"), ""), required=n.startswith("*")) for n in text.split())


_LICENCE_END: Final = "issuer issued_on valid_from valid_to licence_status office supervisor"

_ALL: Final = (
    DataSet(
        name="registration", title="市场主体登记", grain="一个市场主体的一次登记记录", key=("uscc",), owner="登记注册处", observed="approved_on",
        fields=_f("uscc registration_no organisation_code *name former_name subject_type legal_person resident_id phone residence division industry scope capital founded_on approved_on registration_status cancelled_on registration_authority office staff revenue"),
    ),
    DataSet(
        name="production_licence", title="食品生产许可", grain="一张食品生产许可证", key=("licence_no",), owner="食品生产处", observed="issued_on",
        fields=_f(f"uscc *name legal_person phone residence place *licence_no food_categories class_codes varieties {_LICENCE_END} area staff revenue", name="生产者名称", place="生产地址"),
    ),
    DataSet(
        name="operation_licence", title="食品经营许可", grain="一张食品经营许可证", key=("licence_no",), owner="食品经营处", observed="issued_on",
        fields=_f(
            f"uscc registration_no *name legal_person phone residence place division warehouse *licence_no form form_note items {_LICENCE_END}"
            " area seats staff diners online website physical_shop central_kitchen chain wholesale meal_delivery vending canteen_type",
            name="经营者名称",
        ),
    ),
    DataSet(
        name="filing", title="仅销售预包装食品备案", grain="一份备案", key=("licence_no",), owner="食品经营处", observed="issued_on",
        fields=_f("uscc *name legal_person phone residence place *licence_no trade_type items issuer issued_on licence_status office online website", licence_no="备案编号", issued_on="备案日期"),
    ),
    DataSet(
        name="small_registration", title="食品小作坊、小餐饮、食品摊贩登记", grain="一张登记证", key=("licence_no",), owner="食品经营处", observed="issued_on",
        fields=_f("uscc *name legal_person phone place *licence_no *small_kind items issuer issued_on valid_to licence_status office area staff", licence_no="登记证编号"),
    ),
    DataSet(
        name="special_food", title="特殊食品注册备案", grain="一个产品的注册或者备案", key=("product_no",), owner="特殊食品处", observed="issued_on",
        fields=_f("uscc *name residence place *product_no product_name product_kind issued_on valid_to licence_no office", name="申请人名称"),
    ),
    DataSet(
        name="inspection", title="监督检查记录", grain="对一个场所的一次检查", key=("inspection_no",), owner="食品安全协调处", observed="inspected_on",
        fields=_f("*inspection_no *inspection_kind uscc *name licence_no place office *inspected_on inspectors items_total items_failed key_failed verdict handling due_on rectified_on rectification published_on task_no", name="被检查单位"),
    ),
    DataSet(
        name="inspection_problem", title="检查问题清单", grain="一次检查中的一个问题", key=("inspection_no", "problem_no"), owner="食品安全协调处", observed="found_on",
        fields=_f("*inspection_no problem_no uscc *name item_code *problem severity found_on due_on rectified_on rectification office", name="被检查单位"),
    ),
    DataSet(
        name="sampling", title="食品抽样检验结果", grain="一个样品", key=("sample_no",), owner="食品抽检处", observed="sampled_on",
        fields=_f("*sample_no uscc *name licence_no place product_name sampled_on sampling_level *result failed_item office", name="被抽样单位名称", product_name="样品名称"),
    ),
    DataSet(
        name="complaint", title="投诉举报", grain="一件投诉或者举报", key=("complaint_no",), owner="执法稽查处", observed="received_on",
        fields=_f("*complaint_no received_on uscc *name place phone matter outcome closed_on office", name="被投诉举报对象"),
    ),
    DataSet(
        name="penalty", title="行政处罚", grain="一份处罚决定", key=("penalty_no",), owner="执法稽查处", observed="decided_on",
        fields=_f("*penalty_no uscc *name legal_person place decided_on violation penalty_kind fine published_on office", name="当事人名称"),
    ),
    DataSet(
        name="credit", title="信用风险分类与名录", grain="一个主体的一次分类", key=("uscc", "scored_on"), owner="信用监管处", observed="scored_on",
        fields=_f("*uscc registration_no *name credit_class scored_on abnormal_on abnormal_reason abnormal_removed_on dishonest_on office", name="企业名称"),
    ),
    DataSet(
        name="factor_sheet", title="静态风险因素填报表", grain="一个主体的一次填报", key=("uscc", "filled_on"), owner="食品经营处", observed="filled_on",
        fields=_f("uscc *name licence_no place office filled_on area sku_packed sku_packed_chilled sku_packed_frozen sku_bulk sku_bulk_chilled sku_bulk_frozen suppliers health_material health_formula health_function health_unsuitable health_storage", name="企业名称"),
    ),
    DataSet(
        name="campaign", title="专项检查名单", grain="一个专项中的一个对象", key=("campaign_no", "name"), owner="食品安全协调处", observed="starts_on",
        fields=_f("*campaign_no campaign uscc *name licence_no place office starts_on ends_on", name="检查对象"),
    ),
    DataSet(
        name="agency", title="监管机构与辖区", grain="一个机构的一段有效期", key=("agency_code",), owner="人事处", observed="valid_from", bears_subject=False,
        fields=_f("*agency_code *agency agency_level parent_code division area_text agency_address phone valid_from valid_to"),
    ),
    DataSet(
        name="inspector", title="检查人员", grain="一名检查人员", key=("inspector_no",), owner="人事处", observed="valid_from", bears_subject=False,
        fields=_f("*inspector_no *inspector agency certified certificate_no certificate_to lines phone valid_from"),
    ),
)  # fmt: skip

EXTRACTS: Final[dict[str, DataSet]] = {d.name: d for d in _ALL}
"""Every kind of extract by its English name; `sources.toml` names one as `kind`."""
