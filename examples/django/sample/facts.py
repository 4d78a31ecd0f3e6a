"""What the page and /api/status tell. A part that does not answer is told as None: no part takes the page down."""

import logging
import mimetypes
import socket
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection

from . import queues
from .cache_probe import CacheFacts, count_and_read
from .models import Heartbeat, TaskResult, Upload, Visit
from .task_sender import BrokerState, page_task

logger = logging.getLogger(__name__)

POD = socket.gethostname()

# What a browser may show inside the page. Everything else, SVG and HTML above all, could bring scripts along.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True)
class Release:
    version: str
    colour: str


@dataclass(frozen=True)
class Database:
    engine: str
    rows: int | None = None
    version: str | None = None
    connections: str | None = None


@dataclass(frozen=True)
class LastTask:
    broker: BrokerState
    result: str | None = None
    worker: str | None = None
    finished_at: datetime | None = None
    library: str = ""
    carrier: str = ""


@dataclass(frozen=True)
class Beat:
    last_fired_at: datetime | None = None
    # In the last day; older rows are deleted.
    count: int = 0
    sender: str | None = None


@dataclass(frozen=True)
class Scheduled:
    """The last run of `manage.py clear_old`."""

    result: str | None = None
    by: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Uploads:
    # A bucket, a volume, or a folder of this machine; None where uploads have no place.
    place: str | None
    count: int = 0
    name: str | None = None
    url: str | None = None
    size: int | None = None
    by: str | None = None
    uploaded_at: datetime | None = None
    is_picture: bool = False


@dataclass(frozen=True)
class Static:
    css: str | None
    js: str | None
    place: str


@dataclass(frozen=True)
class Facts:
    release: Release
    pod: str
    # How the server speaks to Django: "WSGI" or "ASGI". Under ASGI there is a websocket too.
    interface: str
    database: Database
    cache: CacheFacts
    task: LastTask
    beat: Beat
    scheduled: Scheduled
    uploads: Uploads
    static: Static

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def gather(interface: str) -> Facts:
    release = Release(version=settings.RELEASE_VERSION, colour=settings.RELEASE_COLOUR)
    return Facts(
        release=release,
        pod=POD,
        interface=interface,
        cache=count_and_read(),
        static=Static(css=_static_url("sample/page.css"), js=_static_url("sample/page.js"), place=settings.STATIC_PLACE),
        **_from_database(),
    )


def _from_database() -> dict[str, Any]:
    library, carrier = queues.library(), queues.carrier()
    database = Database(connection.vendor, connections=_connections())
    try:
        page_task.offer()
        rows = Visit.objects.count()
        results = {row.task: row for row in TaskResult.objects.filter(task__in=["add", "clear_old"])}
        beats = Heartbeat.objects.count()
        last_beat = Heartbeat.objects.order_by("-fired_at").first()
        count = Upload.objects.count()
        last_upload = Upload.objects.order_by("-uploaded_at").first()
        version = ".".join(str(part) for part in connection.get_database_version())
    except Error as error:
        logger.warning("database unavailable: %s", type(error).__name__)
        return {
            "database": database,
            "task": LastTask(page_task.state, library=library, carrier=carrier),
            "beat": Beat(),
            "scheduled": Scheduled(),
            "uploads": Uploads(settings.MEDIA_PLACE),
        }

    task = LastTask(page_task.state, library=library, carrier=carrier)
    if added := results.get("add"):
        task = replace(task, result=added.result, worker=added.worker, finished_at=added.finished_at)
    cleared = results.get("clear_old")
    return {
        "database": replace(database, rows=rows, version=version),
        "task": task,
        "beat": Beat(last_beat.fired_at, beats, last_beat.beat) if last_beat else Beat(),
        "scheduled": Scheduled(cleared.result, cleared.worker, cleared.finished_at) if cleared else Scheduled(),
        "uploads": _uploads(count, last_upload),
    }


def _connections() -> str:
    kept = settings.DATABASES["default"].get("CONN_MAX_AGE", 0)
    if settings.DATABASES["default"].get("DISABLE_SERVER_SIDE_CURSORS"):
        return "from a pooler"
    return f"kept for {kept} s" if kept else "new for each request"


def _uploads(count: int, last: Upload | None) -> Uploads:
    if last is None:
        return Uploads(settings.MEDIA_PLACE)
    name = last.file.name.rpartition("/")[2]
    try:
        url = last.file.url
    except Exception as error:  # every storage has errors of its own, and a page without a link is better than none
        logger.warning("no address for the last upload: %s", type(error).__name__)
        url = None
    is_picture = mimetypes.guess_type(name)[0] in PICTURES
    return Uploads(settings.MEDIA_PLACE, count, name, url, last.size, last.uploaded_by, last.uploaded_at, is_picture)


def _static_url(name: str) -> str | None:
    try:
        return staticfiles_storage.url(name)
    except ValueError:
        # collectstatic of this release has not run: better a plain page than none.
        logger.warning("no static file %s: collectstatic has not run for release %s", name, settings.RELEASE_VERSION)
        return None
