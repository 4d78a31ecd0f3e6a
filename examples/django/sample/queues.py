"""How the page's task is handed to the library that runs it. A library is loaded only where it is the one."""

from collections.abc import Callable

from django.conf import settings

Send = Callable[[int, int], object]


def send(left: int, right: int) -> None:
    """Puts `left + right` into the queue; raises whatever the library or its broker raises."""
    _senders[settings.TASKS_LIBRARY](left, right)


def library() -> str:
    return {"celery": "Celery", "django-q": "Django Q2", "django-tasks": "Django Tasks"}[settings.TASKS_LIBRARY]


def carrier() -> str:
    """Where a task waits for its worker."""
    in_redis = settings.BROKER_SCHEME in ("redis", "rediss")
    if settings.TASKS_LIBRARY == "django-tasks" or (settings.TASKS_LIBRARY == "django-q" and not in_redis):
        return "database"
    if settings.BROKER_SCHEME in ("amqp", "amqps"):
        return f"RabbitMQ, {settings.CELERY_TASK_DEFAULT_QUEUE_TYPE} queue"
    return "Redis" if in_redis else "memory of this process"


def runs_in_the_request() -> bool:
    return settings.TASKS_LIBRARY == "celery" and settings.CELERY_TASK_ALWAYS_EAGER


def _by_celery(left: int, right: int) -> None:
    from .tasks import add

    add.apply_async((left, right), retry=False, expires=None if runs_in_the_request() else 60)


def _by_django_q(left: int, right: int) -> None:
    from django_q.tasks import async_task

    async_task("sample.work.add", left, right)


def _by_django_tasks(left: int, right: int) -> None:
    from .database_tasks import add

    add.enqueue(left, right)


_senders: dict[str, Send] = {"celery": _by_celery, "django-q": _by_django_q, "django-tasks": _by_django_tasks}
