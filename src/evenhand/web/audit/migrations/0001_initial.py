"""First form of the tables for events."""

from typing import ClassVar

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
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("login", "登录"),
                            ("logout", "退出"),
                            ("password", "修改密码"),
                            ("reveal", "查看个人信息"),
                            ("unlock", "解除登录锁定"),
                        ],
                        max_length=20,
                        verbose_name="行为",
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=120, verbose_name="对象")),
                ("release", models.CharField(blank=True, max_length=80, verbose_name="发布批次")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="事由")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="来源地址")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="人员"
                    ),
                ),
            ],
            options={
                "verbose_name": "操作日志",
                "verbose_name_plural": "操作日志",
                "ordering": ("-id",),
            },
        ),
    ]
