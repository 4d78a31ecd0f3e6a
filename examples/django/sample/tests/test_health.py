import socket
import time
from unittest.mock import patch

from django.db import OperationalError
from django.test import SimpleTestCase, TestCase, override_settings

from sample.health import _cut_off_after


class LiveTest(SimpleTestCase):
    # A SimpleTestCase fails as soon as the view asks the database anything.
    def test_answers_without_asking_anything(self) -> None:
        with patch("sample.health.primary_answers", side_effect=AssertionError):
            self.assertEqual(self.client.get("/healthz/live").status_code, 200)


class ReadyTest(TestCase):
    def test_is_ready(self) -> None:
        answer = self.client.get("/healthz/ready")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"ready": True, "checks": {"database": "ok", "cache": "ok"}})

    def test_is_not_ready_without_the_database(self) -> None:
        with (
            patch("sample.health.connection.cursor", side_effect=OperationalError("password for user app")),
            self.assertLogs("sample.health", "WARNING") as logs,
            self.assertLogs("django.request", "ERROR"),
        ):
            answer = self.client.get("/healthz/ready")
        self.assertEqual(answer.status_code, 503)
        self.assertEqual(answer.json(), {"ready": False, "checks": {"database": "failed", "cache": "ok"}})
        self.assertNotIn("password", logs.output[0])

    def test_is_ready_but_degraded_without_the_cache(self) -> None:
        with patch("sample.health.primary_answers", return_value=False):
            answer = self.client.get("/healthz/ready")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json()["checks"]["cache"], "degraded")

    @override_settings(ALLOWED_HOSTS=["app.example"])
    def test_takes_the_probes_host_and_no_other(self) -> None:
        self.assertEqual(self.client.get("/healthz/ready", headers={"host": "app.example"}).status_code, 200)
        with self.assertLogs("django.security.DisallowedHost", "ERROR"):
            self.assertEqual(self.client.get("/healthz/ready", headers={"host": "10.0.0.1"}).status_code, 400)


class CutOffTest(SimpleTestCase):
    def test_shuts_down_a_connection_that_does_not_answer(self) -> None:
        ours, theirs = socket.socketpair()
        self.addCleanup(theirs.close)
        with patch("sample.health.connection") as connection, ours:
            connection.connection = ours
            began = time.monotonic()
            with _cut_off_after(0.1):
                self.assertEqual(ours.recv(1), b"")  # the end, instead of waiting for a byte that never comes
            self.assertLess(time.monotonic() - began, 2)

    def test_leaves_one_that_answers_open(self) -> None:
        ours, theirs = socket.socketpair()
        with patch("sample.health.connection") as connection, ours, theirs:
            connection.connection = ours
            with _cut_off_after(0.1):
                pass
            time.sleep(0.2)
            theirs.send(b"x")
            self.assertEqual(ours.recv(1), b"x")
