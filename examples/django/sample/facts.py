"""What the page and /api/status tell. A part that does not answer is told as None: no part takes the page down."""

import logging
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection

from .cache_probe import CacheFacts, count_and_read
from .models import Heartbeat, TaskResult, Visit
from .task_sender import BrokerState, page_task

logger = logging.getLogger(__name__)

POD = socket.gethostname()


@dataclass(frozen=True)
class Release:
    version: str
    colour: str


@dataclass(frozen=True)
class Database:
    engine: str
    rows: int | None = None
    version: str | None = None


@dataclass(frozen=True)
class LastTask:
    broker: BrokerState
    result: str | None = None
    worker: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Beat:
    last_fired_at: datetime | None = None
    # In the last day; older rows are deleted.
    count: int = 0
    sender: str | None = None


@dataclass(frozen=True)
class Static:
    css: str | None
    js: str | None


@dataclass(frozen=True)
class Facts:
    release: Release
    pod: str
    database: Database
    cache: CacheFacts
    task: LastTask
    beat: Beat
    static: Static

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def gather() -> Facts:
    release = Release(version=settings.RELEASE_VERSION, colour=settings.RELEASE_COLOUR)
    database, task, beat = _from_database()
    return Facts(
        release=release,
        pod=POD,
        database=database,
        cache=count_and_read(),
        task=task,
        beat=beat,
        static=Static(css=_static_url("sample/page.css"), js=_static_url("sample/page.js")),
    )


def _from_database() -> tuple[Database, LastTask, Beat]:
    engine = connection.vendor
    try:
        page_task.offer()
        rows = Visit.objects.count()
        last_task = TaskResult.objects.filter(task="add").first()
        last_beat = Heartbeat.objects.order_by("-fired_at").first()
        beats = Heartbeat.objects.count()
        version = ".".join(str(part) for part in connection.get_database_version())
    except Error as error:
        logger.warning("database unavailable: %s", type(error).__name__)
        return Database(engine), LastTask(broker=page_task.state), Beat()

    task = LastTask(broker=page_task.state)
    if last_task:
        task = LastTask(page_task.state, last_task.result, last_task.worker, last_task.finished_at)
    beat = Beat(last_beat.fired_at, beats, last_beat.beat) if last_beat else Beat()
    return Database(engine, rows, version), task, beat


def _static_url(name: str) -> str | None:
    try:
        return staticfiles_storage.url(name)
    except ValueError:
        # collectstatic of this release has not run: better a plain page than none.
        logger.warning("no static file %s: collectstatic has not run for release %s", name, settings.RELEASE_VERSION)
        return None
