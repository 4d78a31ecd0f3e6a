"""Which server is asked, with Django's own caches and servers that only record. Real ones: the cluster tests."""

from collections import Counter
from unittest.mock import patch

from django.core.cache import caches
from django.test import SimpleTestCase, override_settings
from pymemcache.exceptions import MemcacheUnexpectedCloseError
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


TWO_SERVERS = {
    "default": {
        "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
        "LOCATION": ["cache-0:11211", "cache-1:11211"],
        "KEY_PREFIX": "sample",
        # As the settings have it: with attempts left, the library answers for a failed server as if there were no value.
        "OPTIONS": {"retry_attempts": 0, "retry_timeout": 1, "dead_timeout": 1},
    },
}


class FakeMemcached:
    """Stands in for pymemcache's client of one server; the values of all servers are in one place, by server and key."""

    values: Counter[tuple[str, str]] = Counter()
    versions: list[str] = []

    def __init__(self, server: tuple[str, int], **_: object) -> None:
        self.server = server

    def add(self, key: str, *_: object, **__: object) -> bool:
        self.values.setdefault((self.server[0], key), 0)
        return True

    def incr(self, key: str, delta: int, **_: object) -> int:
        self.values[self.server[0], key] += delta
        return self.values[self.server[0], key]

    def get(self, key: str, *_: object) -> int:
        return self.values[self.server[0], key]

    def stats(self) -> dict[bytes, int]:
        return {b"time": 1_000_100, b"uptime": 100}

    def close(self) -> None:
        pass

    def version(self) -> bytes:
        self.versions.append(self.server[0])
        return b"1.6.38"


@override_settings(CACHES=TWO_SERVERS)
class MemcachedProbeTest(SimpleTestCase):
    def setUp(self) -> None:
        FakeMemcached.values.clear()
        FakeMemcached.versions.clear()
        fake = patch("pymemcache.HashClient.client_class", FakeMemcached)
        fake.start()
        self.addCleanup(fake.stop)
        # What a test's outage left is not known to the next one.
        self.addCleanup(caches.__delitem__, "default")

    def test_counts_and_reads_on_the_server_that_has_the_key(self) -> None:
        first, second = count_and_read(), count_and_read()
        self.assertEqual((first.value, second.value, second.role), (1, 2, "memcached"))
        self.assertEqual(second.run_id, "1000000")
        [(host, key)] = FakeMemcached.values
        self.assertEqual((f"{host}:11211", key), (second.server, "sample:1:page-views"))

    def test_readiness_asks_every_server(self) -> None:
        self.assertTrue(primary_answers())
        self.assertEqual(sorted(FakeMemcached.versions), ["cache-0", "cache-1"])

    def test_an_outage_is_a_fact_and_not_an_error(self) -> None:
        for error in (ConnectionRefusedError, MemcacheUnexpectedCloseError):
            caches["default"]
            del caches["default"]
            with (
                self.subTest(error.__name__),
                patch.object(FakeMemcached, "add", side_effect=error),
                patch.object(FakeMemcached, "version", side_effect=error),
                self.assertLogs("sample.cache_probe", "WARNING"),
            ):
                self.assertEqual(count_and_read(), UNAVAILABLE)
                self.assertFalse(primary_answers())
