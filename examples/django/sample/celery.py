import logging.config
import os
from pathlib import Path

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")

app = Celery("sample")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["sample"])

# For exec probes: a file's age tells that worker or beat still goes round, at the price of a `stat` and not of a new
# Python process for every probe.
WORKER_ALIVE = Path("/tmp/celery-worker-alive")
BEAT_ALIVE = Path("/tmp/celery-beat-alive")


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    """Being connected is what keeps Celery from installing handlers of its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@heartbeat_sent.connect
def worker_is_alive(**_: object) -> None:
    WORKER_ALIVE.touch()


def beat_is_alive(**_: object) -> None:
    BEAT_ALIVE.touch()


@beat_init.connect
def watch_beat(**_: object) -> None:
    """Only from here on, and so only in beat: web pods publish tasks too."""
    after_task_publish.connect(beat_is_alive)
