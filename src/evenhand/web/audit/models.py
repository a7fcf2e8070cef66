"""Events: who did what to which object, when and why. Rows are added, never changed."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.http import HttpRequest

__all__ = ["Act", "Event"]

_FIXED = "操作日志只能追加，不能修改或者删除。"


class Act(models.TextChoices):
    """What was done."""

    LOGIN = "login", "登录"
    LOGOUT = "logout", "退出"
    PASSWORD = "password", "修改密码"
    REVEAL = "reveal", "查看个人信息"
    DECIDE = "decide", "人工认定"
    WITHDRAW = "withdraw", "撤回认定"
    UNLOCK = "unlock", "解除登录锁定"
    SIMULATE = "simulate", "模拟规则"
    ADD_ACCOUNT = "add_account", "新建账号"
    CHANGE_ACCOUNT = "change_account", "修改账号"
    STOP_ACCOUNT = "stop_account", "停用账号"
    START_ACCOUNT = "start_account", "恢复账号"


class _Appended(models.QuerySet["Event"]):
    """Refuses what would change or remove events."""

    def update(self, **_: object) -> NoReturn:
        raise TypeError(_FIXED)

    def delete(self) -> NoReturn:
        raise TypeError(_FIXED)


class Event(models.Model):
    """One row per act of one person: somebody with an account, or whoever ran a command on the machine (`operator`)."""

    at = models.DateTimeField("时间", auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="人员", related_name="+", null=True, blank=True
    )
    operator = models.CharField("命令行用户", max_length=64, blank=True, default="")
    act = models.CharField("行为", max_length=20, choices=Act.choices)
    target = models.CharField("对象", max_length=120, blank=True)
    release = models.CharField("发布批次", max_length=80, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)

    objects = _Appended.as_manager()

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        constraints = (models.CheckConstraint(name="event_has_a_person", condition=models.Q(user__isnull=False) | ~models.Q(operator="")),)
        verbose_name = verbose_name_plural = "操作日志"

    def __str__(self) -> str:
        """Act and object."""
        return f"{self.get_act_display()} {self.target}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; a second save of the same event is refused."""
        if self.pk is not None:
            raise TypeError(_FIXED)
        super().save(*args, **kwargs)

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        raise TypeError(_FIXED)

    @classmethod
    def witness(
        cls,
        request: HttpRequest | None,
        *,
        user: Any,
        act: Act,
        target: str = "",
        release: str = "",
        reason: str = "",
        operator: str = "",
    ) -> Self:
        """Store one event; the address comes from the request. `operator`: the machine's user, where no account acted."""
        address = request.META.get("REMOTE_ADDR") or None if request is not None else None
        return cls.objects.create(user=user, act=act, target=target, release=release, reason=reason, operator=operator, address=address)
