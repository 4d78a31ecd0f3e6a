from unittest.mock import patch

from django.db import OperationalError
from django.test import SimpleTestCase, TestCase, override_settings


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
