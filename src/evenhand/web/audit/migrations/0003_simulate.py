"""Trials of rules leave events."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the new act."""

    dependencies: ClassVar = [("audit", "0002_decisions")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="event",
            name="act",
            field=models.CharField(
                choices=[
                    ("login", "登录"),
                    ("logout", "退出"),
                    ("password", "修改密码"),
                    ("reveal", "查看个人信息"),
                    ("decide", "人工认定"),
                    ("withdraw", "撤回认定"),
                    ("unlock", "解除登录锁定"),
                    ("simulate", "模拟规则"),
                ],
                max_length=20,
                verbose_name="行为",
            ),
        ),
    ]
