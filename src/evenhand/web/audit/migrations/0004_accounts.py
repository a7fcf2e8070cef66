"""Commands on accounts leave events, which the machine's user signs."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the new acts, add the machine's user, ask for one of the two."""

    dependencies: ClassVar = [
        ("audit", "0003_simulate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="event",
            name="operator",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="命令行用户"),
        ),
        migrations.AlterField(
            model_name="event",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="人员",
            ),
        ),
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
                    ("add_account", "新建账号"),
                    ("change_account", "修改账号"),
                    ("stop_account", "停用账号"),
                    ("start_account", "恢复账号"),
                ],
                max_length=20,
                verbose_name="行为",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("user__isnull", False), models.Q(("operator", ""), _negated=True), _connector="OR"),
                name="event_has_a_person",
            ),
        ),
    ]
