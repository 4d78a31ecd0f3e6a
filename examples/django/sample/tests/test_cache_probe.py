"""Which server is asked, with Django's own RedisCache and a Redis that only records. A real replica: the cluster tests."""

from unittest.mock import patch

from django.core.cache import caches
from django.test import SimpleTestCase, override_settings
from redis.exceptions import ConnectionError as RedisConnectionError

from sample.cache_probe import UNAVAILABLE, count_and_read, primary_answers

PRIMARY_AND_REPLICA = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ["redis://:p%40ss@cache-primary:6379/0", "redis://:p%40ss@cache-replica:6379/0"],
        "KEY_PREFIX": "sample",
    },
}


class FakeRedis:
    """Stands in for redis.Redis; knows by its pool which server it talks to."""

    calls: list[tuple[str, str]] = []

    def __init__(self, connection_pool) -> None:
        self.connection_pool = connection_pool
        self.host = connection_pool.connection_kwargs["host"]
        self._replies: list[object] = []

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def pipeline(self, transaction: bool):
        return self

    def _call(self, name: str, reply: object):
        self.calls.append((self.host, name))
        self._replies.append(reply)
        return reply

    def set(self, *_: object, **__: object):
        return self._call("set", True)

    def exists(self, *_: object):
        return self._call("exists", 1)

    def incr(self, *_: object):
        return self._call("incr", 7)

    def ping(self):
        return self._call("ping", True)

    def get(self, key: str):
        return self._call(f"get {key}", b"7")

    def info(self, section: str):
        return self._call(f"info {section}", {"role": "slave"} if section == "replication" else {"run_id": "abc"})

    def execute(self):
        return self._replies


@override_settings(CACHES=PRIMARY_AND_REPLICA)
class CacheProbeTest(SimpleTestCase):
    def setUp(self) -> None:
        FakeRedis.calls.clear()
        caches["default"]._cache._client = FakeRedis

    def test_writes_to_the_primary_and_reads_from_the_replica(self) -> None:
        facts = count_and_read()
        self.assertEqual((facts.value, facts.role, facts.server, facts.run_id), (7, "slave", "cache-replica:6379", "abc"))
        written_to = {host for host, call in FakeRedis.calls if call in ("set", "incr")}
        read_from = {host for host, call in FakeRedis.calls if call.startswith(("get", "info"))}
        self.assertEqual((written_to, read_from), ({"cache-primary"}, {"cache-replica"}))

    def test_reads_the_key_as_django_writes_it(self) -> None:
        count_and_read()
        self.assertIn(("cache-replica", "get sample:1:page-views"), FakeRedis.calls)

    def test_readiness_asks_the_primary(self) -> None:
        self.assertTrue(primary_answers())
        self.assertEqual(FakeRedis.calls, [("cache-primary", "ping")])

    def test_an_outage_is_a_fact_and_not_an_error(self) -> None:
        with (
            patch.object(FakeRedis, "set", side_effect=RedisConnectionError("redis://:secret@cache")),
            self.assertLogs("sample.cache_probe", "WARNING") as logs,
        ):
            self.assertEqual(count_and_read(), UNAVAILABLE)
        self.assertNotIn("secret", logs.output[0])
        with patch.object(FakeRedis, "ping", side_effect=RedisConnectionError):
            self.assertFalse(primary_answers())
