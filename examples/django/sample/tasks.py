"""The tasks as Celery knows them."""

from celery import Task, shared_task

from . import work


@shared_task(bind=True)
def add(self: Task, left: int, right: int) -> None:
    work.add(left, right, self.request.hostname or "in the request")


@shared_task(bind=True)
def heartbeat(self: Task) -> None:
    """Sent by beat every ten seconds."""
    work.heartbeat(self.request.origin or "", self.request.hostname or "")
