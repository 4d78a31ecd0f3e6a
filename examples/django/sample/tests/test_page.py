"""The page and the JSON with the same facts, in laptop mode: no server is asked, and nothing here proves one."""

import json
from unittest.mock import patch

from django.conf import settings
from django.db import OperationalError, connection
from django.test import TestCase, override_settings
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from sample.models import Heartbeat, TaskResult, Visit

# As with DEBUG, which is off in tests: no manifest, and so no collectstatic before the tests.
without_manifest = override_settings(
    STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
)


@without_manifest
class PageTest(TestCase):
    def test_shows_release_database_cache_task_beat_and_stylesheet(self) -> None:
        Heartbeat.objects.create(fired_at=timezone.now(), beat="gen1@beat-0", worker="celery@worker-0")
        answer = self.client.get("/")
        text = answer.content.decode()
        self.assertEqual(answer.status_code, 200)
        self.assertIn('data-colour="grey"', text)
        self.assertIn(">dev</span>", text)
        self.assertIn("gen1@beat-0", text)
        self.assertRegex(text, r"\d+ \+ \d+ = \d+")
        self.assertRegex(text, r'<link rel="stylesheet" href="/static/sample/page[^"]*\.css">')

    def test_hides_the_loaded_badge_until_the_stylesheet_shows_it(self) -> None:
        text = self.client.get("/").content.decode()
        self.assertLess(text.index(".loaded { display: none }"), text.index('rel="stylesheet"'))

    def test_is_never_cached(self) -> None:
        self.assertIn("no-store", self.client.get("/").headers["Cache-Control"])

    def test_asks_the_database_few_questions(self) -> None:
        TaskResult.objects.create(task="add", result="1 + 1 = 2", worker="w", finished_at=timezone.now())
        with patch("sample.facts.page_task.offer"), self.assertNumQueries(6):
            self.client.get("/")


@without_manifest
class StatusTest(TestCase):
    def test_has_the_promised_keys(self) -> None:
        facts = self.client.get("/api/status").json()
        self.assertEqual(facts["release"], {"version": "dev", "colour": "grey"})
        self.assertEqual(facts["database"]["engine"], connection.vendor)
        self.assertEqual(facts["database"]["rows"], 3)
        self.assertEqual(facts["cache"]["role"], "local")
        self.assertGreaterEqual(facts["cache"]["value"], 1)
        self.assertEqual(set(facts["task"]), {"broker", "result", "worker", "finished_at", "library", "carrier"})
        self.assertEqual((facts["task"]["library"], facts["task"]["carrier"]), ("Celery", "memory of this process"))
        self.assertEqual(facts["interface"], "WSGI")
        self.assertEqual(facts["scheduled"], {"result": None, "by": None, "finished_at": None})
        self.assertEqual((facts["uploads"]["place"], facts["uploads"]["count"]), ("this folder", 0))
        self.assertEqual(facts["static"]["place"], "this folder")
        self.assertEqual(facts["beat"], {"last_fired_at": None, "count": 0, "sender": None})
        self.assertIn("page", facts["static"]["css"])
        self.assertTrue(facts["pod"])

    def test_counts_views_in_the_cache(self) -> None:
        first, second = (self.client.get("/api/status").json()["cache"]["value"] for _ in range(2))
        self.assertEqual(second, first + 1)


class VisitTest(TestCase):
    def test_adds_one_row_and_returns_the_count(self) -> None:
        before = Visit.objects.count()
        answer = self.client.post("/visits", "{}", content_type="application/json")
        self.assertEqual((answer.status_code, answer.json()), (201, {"rows": before + 1}))

    def test_needs_no_cookie_but_a_post(self) -> None:
        self.assertEqual(self.client.get("/visits").status_code, 405)
        self.client.handler.enforce_csrf_checks = True
        self.assertEqual(self.client.post("/visits").status_code, 201)


class OutageTest(TestCase):
    """No part takes the page down, and none tells where it would have connected to."""

    def test_without_the_cache(self) -> None:
        with patch("sample.cache_probe._count_and_read", side_effect=RedisConnectionError("redis://:secret@cache:6379")):
            page = self.client.get("/")
            facts = self.client.get("/api/status").json()
        self.assertEqual(page.status_code, 200)
        self.assertIn("unavailable", page.content.decode())
        self.assertEqual(facts["cache"], {"value": None, "role": None, "server": None, "run_id": None})
        self.assertNotIn("secret", json.dumps(facts))

    def test_without_the_database(self) -> None:
        with patch("sample.facts.Visit.objects.count", side_effect=OperationalError("host db, user app")):
            page = self.client.get("/")
        self.assertEqual(page.status_code, 200)
        self.assertIn("unavailable", page.content.decode())
        self.assertNotIn("user app", page.content.decode())

    def test_without_collected_static_files(self) -> None:
        with patch("sample.facts.staticfiles_storage.url", side_effect=ValueError):
            page = self.client.get("/")
        self.assertEqual(page.status_code, 200)
        self.assertIn("collectstatic has not run", page.content.decode())
