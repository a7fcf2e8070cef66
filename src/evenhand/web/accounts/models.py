"""A person's role and jurisdiction."""

from typing import ClassVar, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

__all__ = ["DIGITS", "Profile", "Role"]


class Role(models.TextChoices):
    """What a person comes for; decides how deep the division code must go."""

    ADMINISTRATOR = "administrator", "系统管理员"
    STEWARD = "steward", "省局数据管理员"
    DEPARTMENT = "department", "省局业务处室"
    CITY = "city", "市局"
    COUNTY = "county", "县局"
    STATION = "station", "监管所"


DIGITS: Final = {Role.STEWARD: 2, Role.DEPARTMENT: 2, Role.CITY: 4, Role.COUNTY: 6, Role.STATION: 6}
"""How many digits of the division code each role answers for; none for the administrator."""


class Profile(models.Model):
    """One row per account: role and area. An account without one, or without a division, sees no data."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    division = models.CharField(
        "区划前缀",
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^(\d{2}|\d{4}|\d{6})$", "请填两位、四位或者六位数字，例如 35、3501、350102。")],
        help_text="省两位、市四位、县六位；系统管理员留空，看不到主体数据。",
    )
    office = models.CharField("监管所", max_length=60, blank=True, help_text="监管所人员填写所名，与主体库中的监管机构一致。")
    area = models.CharField("区域名称", max_length=60, blank=True, help_text="显示在页面右上角，例如 福州市鼓楼区。")
    is_demo = models.BooleanField("演练账号", default=False, editable=False)

    class Meta:
        """Names in the administration pages."""

        verbose_name = verbose_name_plural = "用户档案"

    REMEDIES: ClassVar[dict[str, str]] = {"division": "{role}的区划前缀应为{digits}位数字。", "office": "监管所人员必须填写所名。"}

    def __str__(self) -> str:
        """Role and area, as the page's corner shows them."""
        return " · ".join(filter(None, [self.get_role_display(), self.office or self.area]))

    def clean(self) -> None:
        """Refuse a division that is not as deep as the role asks, and a station without its office."""
        faults = {}
        digits = DIGITS.get(Role(self.role), 0) if self.role in Role.values else len(self.division)
        if len(self.division) != digits:
            faults["division"] = self.REMEDIES["division"].format(role=self.get_role_display(), digits=digits)
        if self.role == Role.STATION and not self.office:
            faults["office"] = self.REMEDIES["office"]
        if faults:
            raise ValidationError(faults)
