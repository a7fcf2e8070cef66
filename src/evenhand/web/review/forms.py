"""What a person fills in to settle a doubt."""

from typing import Any

from django import forms

__all__ = ["DecisionForm", "said"]

_CONTROL = {"class": "form-control", "autocomplete": "off"}


class DecisionForm(forms.Form):
    """The button pressed and the reason; a code or an office where the button asks for one."""

    offer = forms.CharField(max_length=20)
    why = forms.CharField(
        label="理由",
        min_length=2,
        max_length=200,
        error_messages={"required": "请填写理由，例如“现场核实”“见营业执照”。", "min_length": "理由太短，请写清依据。"},
        widget=forms.TextInput({**_CONTROL, "placeholder": "例如：电话核实，见营业执照"}),
    )
    code = forms.CharField(label="统一社会信用代码", max_length=30, required=False, widget=forms.TextInput(_CONTROL))
    office = forms.CharField(label="机构", max_length=60, required=False)

    def clean_code(self) -> str:
        """Take spaces and small letters as slips."""
        return str(self.cleaned_data["code"]).replace(" ", "").upper()


def said(form: DecisionForm) -> Any:
    """Return the faults of a form as one sentence."""
    return " ".join(str(fault) for faults in form.errors.values() for fault in faults)
