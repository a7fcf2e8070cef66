"""First form of the table of background jobs."""

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
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("asked", models.JSONField(verbose_name="参数")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待"), ("running", "正在计算"), ("done", "完成"), ("refused", "未完成")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("result", models.JSONField(blank=True, null=True, verbose_name="结果")),
                ("told", models.TextField(blank=True, verbose_name="未完成的原因")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                ("beat_at", models.DateTimeField(blank=True, null=True, verbose_name="心跳")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="人员"
                    ),
                ),
            ],
            options={
                "verbose_name": "后台任务",
                "verbose_name_plural": "后台任务",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["state", "id"], name="jobs_state")],
            },
        ),
    ]
