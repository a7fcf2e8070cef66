"""The filters of the register and of the findings."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from django import forms

from evenhand.errors import BadInput
from evenhand.grade import GRADES, shipped_rules
from evenhand.pipeline.tags import tag_condition
from evenhand.publish import Condition, Search
from evenhand.tag import LONGEST
from evenhand.web.registry.wording import USCC_STATES

__all__ = ["ReasonForm", "SearchForm", "page_number"]

_LAST_PAGE: Final = 1_000_000
_DIGITS: Final = 12


def page_number(text: str) -> int:
    """Return the page asked for; 1 for what is no page.

    >>> page_number("3"), page_number("-138"), page_number("三"), page_number("9" * 40)
    (3, 1, 1, 1000000)
    """
    return min(max(int(text[:_DIGITS]), 1), _LAST_PAGE) if text.isascii() and text.isdigit() else 1


@cache
def _models() -> tuple[tuple[str, str], ...]:
    return tuple((name, model.term) for name, model in shipped_rules().models.items())


class SearchForm(forms.Form):
    """Search of the register. A value that is not on offer is left out, never an error: addresses are typed and shared."""

    q = forms.CharField(label="名称、代码或许可证号", required=False, max_length=60)
    tags = forms.CharField(label="标签查询", required=False, max_length=LONGEST)
    city = forms.ChoiceField(label="设区市", required=False)
    county = forms.ChoiceField(label="县（市、区）", required=False)
    office = forms.ChoiceField(label="监管机构", required=False)
    form = forms.ChoiceField(label="主体业态", required=False)
    status = forms.ChoiceField(label="主体状态", required=False)
    code = forms.ChoiceField(label="代码状态", required=False)
    grade = forms.ChoiceField(label="风险等级", required=False)
    model = forms.ChoiceField(label="等级模型", required=False)

    def __init__(self, data: Mapping[str, Any], *, choices: Mapping[str, Any]) -> None:
        """Offer what the release holds inside the reader's scope; counties of the chosen city only."""
        super().__init__(data, auto_id="id_%s")
        city = data.get("city", "")
        offers: dict[str, Iterable[tuple[str, str]]] = {
            "city": choices["cities"],
            "county": [(code, name) for code, name, of in choices["counties"] if not city or of == city],
            "office": [(name, name) for name in choices["offices"]],
            "form": [(name, name) for name in choices["forms"]],
            "status": [(name, name) for name in choices["statuses"]],
            "code": [(code, word.title) for code, word in USCC_STATES.items()],
            "grade": [(grade, f"{grade} 级") for grade in GRADES],
            "model": _models(),
        }
        for name, offer in offers.items():
            bound = self.fields[name]
            # Without a model a grade is the strictest of the food models: "all models" would promise the grade of credit too.
            first = "全部模型（按最严的）" if name == "model" else f"全部{bound.label}"
            bound.choices = [("", first), *offer]  # type: ignore[attr-defined]
            bound.widget.attrs = {"class": "form-select", "aria-label": bound.label}
        self.also: Condition | None = None
        self.fields["tags"].widget = forms.TextInput(
            {
                "class": "form-control",
                "autocomplete": "off",
                "aria-label": "标签查询",
                "placeholder": "标签查询，如：业态=食堂 & 场所=学校 & !两年已覆盖",
            }
        )
        self.fields["q"].widget = forms.TextInput(
            {
                "class": "form-control",
                "type": "search",
                "autocomplete": "off",
                "placeholder": "名称中的两个字、统一社会信用代码、许可证编号",
            }
        )

    def clean_tags(self) -> str:
        """Keep a tag query that can be read; tell what is wrong with another, and search without it."""
        text = str(self.cleaned_data["tags"]).replace("\0", "").strip()
        if text:
            try:
                self.also = tag_condition(text)
            except BadInput as fault:
                raise forms.ValidationError([problem.zh for problem in fault.problems]) from fault
        return text

    def search(self, page: int) -> Search:
        """Return the question to the release."""
        self.full_clean()
        asked = self.cleaned_data
        return Search(
            text=asked.get("q", "").replace("\0", ""),
            city=asked.get("city", ""),
            county=asked.get("county", ""),
            office=asked.get("office", ""),
            form=asked.get("form", ""),
            status=asked.get("status", ""),
            uscc_state=asked.get("code", ""),
            grade=asked.get("grade", ""),
            model=asked.get("model", ""),
            page=page,
            also=self.also,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, for addresses of other pages of the same answer."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReasonForm(forms.Form):
    """Why a person needs to see personal data; kept in the log."""

    reason = forms.CharField(
        label="查看事由",
        min_length=4,
        max_length=200,
        error_messages={"required": "请填写查看事由，例如“联系负责人核实地址”。", "min_length": "事由太短，请写清用途（至少4个字）。"},
        widget=forms.TextInput({"class": "form-control", "placeholder": "例如：联系负责人核实经营场所", "autocomplete": "off"}),
    )
