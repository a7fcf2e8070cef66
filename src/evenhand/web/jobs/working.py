"""The worker: claims one job after another, shows that it lives, writes the result or the reason (后台执行)."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from evenhand.errors import EvenhandError
from evenhand.web.jobs.models import Job, State

__all__ = ["KINDS", "claim", "run_next", "work"]

Work = Callable[[Mapping[str, Any]], Any]
KINDS: Final[dict[str, Work]] = {}
"""What does each kind of work: parameters in, a result that JSON can hold out. Rooms put theirs in when they load."""

_DEAD_AFTER: Final = timedelta(seconds=60)
_BEAT_S: Final = 10.0
_TRIES: Final = 2
_GONE = "计算两次都没有做完（服务中断或者内存不足）。请稍后再试；仍不成功的，请联系系统管理员。"


def claim() -> Job | None:
    """Take the oldest waiting job for this worker; a job whose worker is gone waits again, once. None when there is none."""
    now = timezone.now()
    dead = Job.objects.filter(state=State.RUNNING, beat_at__lt=now - _DEAD_AFTER)
    dead.filter(tries__gte=_TRIES).update(state=State.REFUSED, told=_GONE, done_at=now)
    dead.update(state=State.WAITING)
    for key in Job.objects.filter(state=State.WAITING).order_by("id").values_list("pk", flat=True)[:5]:
        with transaction.atomic():
            taken = Job.objects.filter(pk=key, state=State.WAITING)
            job = taken.first()
            # One conditional update decides which of several workers has it.
            if job and taken.update(state=State.RUNNING, beat_at=now, tries=job.tries + 1):
                job.refresh_from_db()
                return job
    return None


def run_next() -> Job | None:
    """Do one job and return it; None when none waits. A refusal is kept in its own words, a fault in one sentence.

    Raises:
        RuntimeError: called inside a transaction. It would hold the lock of SQLite as long as the job takes: the beat, which writes beside
            it, would wait for the lock and fail with "database is locked", and nobody else could write; elsewhere no beat would be seen.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a job runs outside of any transaction")
    job = claim()
    if job is None:
        return None
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(job.pk, done), daemon=True)
    beat.start()
    try:
        result, told, state = KINDS[job.kind](job.asked), "", State.DONE
    except EvenhandError as refused:
        result, told, state = None, "\n".join(problem.zh for problem in refused.problems), State.REFUSED
    except Exception as fault:  # noqa: BLE001 — whatever it is, the person who waits is told, and the worker goes on
        result, told, state = None, f"计算出错：{type(fault).__name__}。请把时间和这句话告诉系统管理员。", State.REFUSED
    finally:
        done.set()
        beat.join()
    Job.objects.filter(pk=job.pk, state=State.RUNNING).update(state=state, result=result, told=told, done_at=timezone.now())
    job.refresh_from_db()
    return job


def _beat(key: int, done: threading.Event) -> None:
    while not done.wait(_BEAT_S):
        try:
            Job.objects.filter(pk=key).update(beat_at=timezone.now())
        except DatabaseError:  # busy or away for once: without a next beat another worker would do the job a second time
            connection.close()
    connection.close()


def work(*, pause_s: float = 1.0, parent: int | None = None) -> None:
    """Do jobs for ever, or as long as the process `parent` is this one's parent."""
    while parent is None or os.getppid() == parent:
        close_old_connections()
        if run_next() is None:
            time.sleep(pause_s)
