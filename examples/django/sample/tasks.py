from datetime import timedelta

from celery import Task, shared_task
from django.utils import timezone

from .models import Heartbeat, TaskResult

KEEP_HEARTBEATS = timedelta(days=1)


@shared_task(bind=True)
def add(self: Task, left: int, right: int) -> None:
    """Small on purpose: it shows that a request's task reached a worker, and that the worker reached the database."""
    TaskResult.objects.update_or_create(
        task="add",
        defaults={
            "result": f"{left} + {right} = {left + right}",
            "worker": self.request.hostname or "in the request",
            "finished_at": timezone.now(),
        },
    )


@shared_task(bind=True)
def heartbeat(self: Task) -> None:
    """Sent by beat every ten seconds. `origin` names the sender, so two beats at a time would show in these rows."""
    now = timezone.now()
    Heartbeat.objects.create(fired_at=now, beat=self.request.origin or "", worker=self.request.hostname or "")
    Heartbeat.objects.filter(fired_at__lt=now - KEEP_HEARTBEATS).delete()
