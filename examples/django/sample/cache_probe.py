"""Reads a value from the cache and says which server gave it.

Django's caches hide that. RedisCache writes to the first server and reads from a replica that it picks for each read;
PyMemcacheCache picks a server by the key. So the value and the server's description are read through one client of its own,
on one connection.
"""

import logging
import threading
from dataclasses import dataclass

from django.core.cache import caches
from django.core.cache.backends.memcached import PyMemcacheCache
from django.core.cache.backends.redis import RedisCache
from pymemcache.exceptions import MemcacheError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "page-views"
OUTAGES = (RedisError, MemcacheError, OSError)


@dataclass(frozen=True)
class CacheFacts:
    value: int | None
    # "master" or "slave", as a Redis server calls itself; "memcached"; "local" for the memory of the process; None if it did
    # not answer.
    role: str | None
    server: str | None
    # Another one after each start of the server; of memcached the second of its start.
    run_id: str | None = None


UNAVAILABLE = CacheFacts(value=None, role=None, server=None)


def count_and_read() -> CacheFacts:
    """Adds one where writes go, then reads as Django does: from a replica if there is one."""
    try:
        return _count_and_read()
    except OUTAGES as error:
        logger.warning("cache unavailable: %s", type(error).__name__)
        return UNAVAILABLE


def primary_answers() -> bool:
    """Whether the server that takes the writes answers, of memcached every one; without a cache server, always."""
    cache = caches["default"]
    try:
        if isinstance(cache, RedisCache):
            return bool(cache._cache.get_client(None, write=True).ping())
        if isinstance(cache, PyMemcacheCache):
            for client in cache._cache.clients.values():
                client.version()
        return True
    except OUTAGES:
        return False


# `add` and `incr` are two steps in a cache of local memory, and gunicorn's threads share it.
_counting = threading.Lock()


def _count_and_read() -> CacheFacts:
    cache = caches["default"]
    with _counting:
        cache.add(KEY, 0, timeout=None)
        written = cache.incr(KEY)
    if isinstance(cache, RedisCache):
        return _read_from_redis(cache)
    if isinstance(cache, PyMemcacheCache):
        return _read_from_memcached(cache)
    return CacheFacts(value=written, role="local", server="memory of this process")


def _read_from_redis(cache: RedisCache) -> CacheFacts:
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


def _read_from_memcached(cache: PyMemcacheCache) -> CacheFacts:
    key = cache.make_and_validate_key(KEY)
    client = cache._cache._get_client(key)
    value, stats = client.get(key), client.stats()
    host, port = client.server
    return CacheFacts(
        value=None if value is None else int(value),
        role="memcached",
        server=f"{host}:{port}",
        run_id=str(int(stats[b"time"]) - int(stats[b"uptime"])),
    )
