"""One piece of background work."""

from django.conf import settings
from django.db import models

__all__ = ["Job", "State"]


class State(models.TextChoices):
    """Where a job stands: waiting → running → done or refused; running falls back to waiting when its worker is gone."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "正在计算"
    DONE = "done", "完成"
    REFUSED = "refused", "未完成"


class Job(models.Model):
    """One row per job. `asked`: its parameters; `result`: what came of it; `told`: why it was refused; `beat_at`: last sign of life of its worker."""

    kind = models.CharField("种类", max_length=40)
    asked = models.JSONField("参数")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="人员", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    result = models.JSONField("结果", null=True, blank=True)
    told = models.TextField("未完成的原因", blank=True)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    beat_at = models.DateTimeField("心跳", null=True, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        verbose_name = verbose_name_plural = "后台任务"
        indexes = (models.Index(fields=("state", "id"), name="jobs_state"),)

    def __str__(self) -> str:
        """Kind and state."""
        return f"{self.kind} {self.get_state_display()}"
