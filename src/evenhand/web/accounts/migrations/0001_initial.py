"""First form of the tables for profiles."""

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "系统管理员"),
                            ("steward", "省局数据管理员"),
                            ("department", "省局业务处室"),
                            ("city", "市局"),
                            ("county", "县局"),
                            ("station", "监管所"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "division",
                    models.CharField(
                        blank=True,
                        help_text="省两位、市四位、县六位；系统管理员留空，看不到主体数据。",
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{2}|\\d{4}|\\d{6})$", "请填两位、四位或者六位数字，例如 35、3501、350102。"
                            )
                        ],
                        verbose_name="区划前缀",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        blank=True, help_text="监管所人员填写所名，与主体库中的监管机构一致。", max_length=60, verbose_name="监管所"
                    ),
                ),
                (
                    "area",
                    models.CharField(blank=True, help_text="显示在页面右上角，例如 福州市鼓楼区。", max_length=60, verbose_name="区域名称"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="演练账号")),
                (
                    "user",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="账号"),
                ),
            ],
            options={
                "verbose_name": "用户档案",
                "verbose_name_plural": "用户档案",
            },
        ),
    ]
