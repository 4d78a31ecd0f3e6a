"""Two questions of the platform, answered apart.

live: does this process still answer? It asks nothing else: restarting a pod mends no database.
ready: can this pod serve? Without the database it cannot. Without the cache it can, more slowly: an unreachable cache is
told as "degraded" and leaves the pod in service, since taking every pod out would turn a slow site into none.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .cache_probe import primary_answers

logger = logging.getLogger(__name__)

# Seconds. A connection that is new has its own limit (connect_timeout), so an answer takes three at most.
DATABASE_ANSWERS_WITHIN = 1.0


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    database = _database_answers()
    cache = primary_answers()
    checks = {"database": "ok" if database else "failed", "cache": "ok" if cache else "degraded"}
    return JsonResponse({"ready": database, "checks": checks}, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with _cut_off_after(DATABASE_ANSWERS_WITHIN), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Error as error:
        # The class only: the text names host and user.
        logger.warning("not ready: database: %s", type(error).__name__)
        return False


@contextmanager
def _cut_off_after(seconds: float) -> Iterator[None]:
    """Shuts the database's socket down if it is not done by then.

    A server that hangs, or has gone without a word, would hold this thread for minutes, and each further probe one more of
    the threads that answer requests.
    """
    kept = connection.connection
    if not hasattr(kept, "fileno"):  # SQLite, or no connection yet
        yield
        return
    # A descriptor of its own: the driver may have closed its one, and the number may be another file by then.
    with socket.socket(fileno=os.dup(kept.fileno())) as duplicate:
        timer = threading.Timer(seconds, _shut_down, [duplicate])
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _shut_down(duplicate: socket.socket) -> None:
    with suppress(OSError):  # closed by the other side in the meantime
        duplicate.shutdown(socket.SHUT_RDWR)
