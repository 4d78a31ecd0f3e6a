"""Two questions of the platform, answered apart.

live: does this process still answer? It asks nothing else: restarting a pod mends no database.
ready: can this pod serve? Without the database it cannot. Without the cache it can, more slowly: an unreachable cache is
told as "degraded" and leaves the pod in service, since taking every pod out would turn a slow site into none.
"""

import logging

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .cache_probe import primary_answers

logger = logging.getLogger(__name__)


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
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Error as error:
        # The class only: the text names host and user.
        logger.warning("not ready: database: %s", type(error).__name__)
        return False
