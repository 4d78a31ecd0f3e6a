"""What the tasks do, whichever library runs them."""

import socket
from datetime import timedelta

from django.utils import timezone

from .models import Heartbeat, TaskResult

KEEP_HEARTBEATS = timedelta(days=1)


def record(task: str, result: str, worker: str | None = None) -> None:
    TaskResult.objects.update_or_create(
        task=task,
        defaults={"result": result, "worker": worker or socket.gethostname(), "finished_at": timezone.now()},
    )


def add(left: int, right: int, worker: str | None = None) -> None:
    """Small on purpose: it shows that a request's task reached a worker, and that the worker reached the database."""
    record("add", f"{left} + {right} = {left + right}", worker)


def heartbeat(sender: str = "", worker: str | None = None) -> None:
    """`sender` names who sent it, so two schedulers at a time would show in these rows."""
    now = timezone.now()
    Heartbeat.objects.create(fired_at=now, beat=sender, worker=worker or socket.gethostname())
    Heartbeat.objects.filter(fired_at__lt=now - KEEP_HEARTBEATS).delete()
