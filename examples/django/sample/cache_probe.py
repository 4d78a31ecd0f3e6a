"""Reads a value from the cache and says which server gave it.

Django's RedisCache hides that: it writes to the first server and reads from a replica that it picks for each read. So the
value and the server's description are read through one client of its own, in one round trip on one connection.
"""

import logging
import threading
from dataclasses import dataclass

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "page-views"


@dataclass(frozen=True)
class CacheFacts:
    value: int | None
    # "master" or "slave", as the server calls itself; "local" for the memory of the process; None if it did not answer.
    role: str | None
    server: str | None
    run_id: str | None = None


UNAVAILABLE = CacheFacts(value=None, role=None, server=None)


def count_and_read() -> CacheFacts:
    """Adds one on the primary, then reads as Django does: from a replica if there is one."""
    try:
        return _count_and_read()
    except (RedisError, OSError) as error:
        logger.warning("cache unavailable: %s", type(error).__name__)
        return UNAVAILABLE


def primary_answers() -> bool:
    """Whether the server that takes the writes answers; without a cache server, always."""
    cache = caches["default"]
    if not isinstance(cache, RedisCache):
        return True
    try:
        return bool(cache._cache.get_client(None, write=True).ping())
    except (RedisError, OSError):
        return False


# `add` and `incr` are two steps in a cache of local memory, and gunicorn's threads share it.
_counting = threading.Lock()


def _count_and_read() -> CacheFacts:
    cache = caches["default"]
    with _counting:
        cache.add(KEY, 0, timeout=None)
        written = cache.incr(KEY)
    if not isinstance(cache, RedisCache):
        return CacheFacts(value=written, role="local", server="memory of this process")

    client = cache._cache.get_client(None, write=False)
    with client.pipeline(transaction=False) as pipeline:
        pipeline.get(cache.make_and_validate_key(KEY))
        pipeline.info("replication")
        pipeline.info("server")
        value, replication, server = pipeline.execute()
    address = client.connection_pool.connection_kwargs
    return CacheFacts(
        # A replica that has just joined may not have the value yet; integers are stored as they are, not pickled.
        value=None if value is None else int(value),
        role=replication["role"],
        server=f"{address.get('host', 'localhost')}:{address.get('port', 6379)}",
        run_id=server["run_id"],
    )
