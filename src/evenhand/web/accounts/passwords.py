"""Rules for passwords beyond Django's own."""

import re
from typing import Final

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

__all__ = ["LongEnough", "ThreeKinds"]

_KINDS: Final = ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")
_LEAST: Final = 3


class LongEnough(MinimumLengthValidator):
    """Django's rule of length; its refusal has no Chinese wording in this version of Django."""

    def get_error_message(self) -> str:
        """Return the sentence of the refusal."""
        return f"密码太短，至少要 {self.min_length} 个字。"


class ThreeKinds:
    """A password mixes at least three of: small letters, capitals, digits, signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password of fewer kinds."""
        if sum(bool(re.search(kind, password)) for kind in _KINDS) < _LEAST:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        """Return the sentence under the field."""
        return "密码至少包含小写字母、大写字母、数字、符号中的三种。"
