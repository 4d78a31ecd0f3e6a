"""The environment contract, in a process of its own for each environment: settings are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.test import SimpleTestCase

PROJECT = Path(__file__).resolve().parents[2]
NAMES = [
    "ALLOWED_HOSTS", "CACHES", "CELERY_BROKER_URL", "CELERY_TASK_ALWAYS_EAGER", "CSRF_TRUSTED_ORIGINS", "DATABASES", "DEBUG",
    "SECRET_KEY", "STATIC_ROOT", "STATIC_URL",
]  # fmt: skip
PRINT = f"""
import json
from sample import settings
shown = {{name: getattr(settings, name) for name in {NAMES!r}}}
shown["SESSION_COOKIE_SECURE"] = getattr(settings, "SESSION_COOKIE_SECURE", False)
print(json.dumps(shown, default=str))
"""
DEPLOYED = {
    "DJANGO_APP_SECRET_KEY": "key",
    "DJANGO_APP_ALLOWED_HOSTS": "app.example, www.app.example",
    "DJANGO_APP_DB_ENGINE": "django.db.backends.postgresql",
    "DJANGO_APP_DB_NAME": "app",
    "DJANGO_APP_DB_USER": "app",
    "DJANGO_APP_DB_PASSWORD": "p@ss:w/ord?#[]%20'\"\\ é$`",
    "DJANGO_APP_DB_HOST": "database",
    "DJANGO_APP_DB_PORT": "5432",
}


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "CELERY_"))}
    return subprocess.run(
        [sys.executable, "-c", PRINT], cwd=PROJECT, env=clean | environment, capture_output=True, text=True, check=False
    )


class SettingsTest(SimpleTestCase):
    def settings(self, **environment: str) -> dict:
        ran = run(**environment)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return json.loads(ran.stdout)

    def test_with_nothing_set_it_is_a_laptop(self) -> None:
        settings = self.settings()
        self.assertTrue(settings["DEBUG"])
        self.assertTrue(settings["CELERY_TASK_ALWAYS_EAGER"])
        self.assertEqual(settings["DATABASES"]["default"]["ENGINE"], "django.db.backends.sqlite3")
        self.assertEqual(settings["CACHES"]["default"]["BACKEND"], "django.core.cache.backends.locmem.LocMemCache")
        self.assertEqual(settings["STATIC_URL"], "/static/")

    def test_a_configured_database_ends_laptop_mode(self) -> None:
        settings = self.settings(**DEPLOYED)
        database = settings["DATABASES"]["default"]
        self.assertFalse(settings["DEBUG"])
        self.assertEqual(settings["ALLOWED_HOSTS"], ["app.example", "www.app.example"])
        self.assertEqual(database["PASSWORD"], DEPLOYED["DJANGO_APP_DB_PASSWORD"])
        self.assertEqual((database["HOST"], database["PORT"], database["CONN_MAX_AGE"]), ("database", "5432", 60))
        self.assertNotIn("sslmode", database["OPTIONS"])

    def test_tls_and_pooling_of_the_database(self) -> None:
        database = self.settings(
            **DEPLOYED,
            DJANGO_APP_DB_CONN_MAX_AGE="0",
            DJANGO_APP_DB_SSLMODE="verify-full",
            DJANGO_APP_DB_SSLROOTCERT="/etc/ca.pem",
        )["DATABASES"]["default"]
        self.assertEqual(database["CONN_MAX_AGE"], 0)
        self.assertEqual(database["OPTIONS"]["sslmode"], "verify-full")
        self.assertEqual(database["OPTIONS"]["sslrootcert"], "/etc/ca.pem")

    def test_the_primary_comes_first_whatever_separates_the_servers(self) -> None:
        for separator in (" ", ",", ", "):
            cache = self.settings(
                DJANGO_APP_CACHE_BACKEND="django.core.cache.backends.redis.RedisCache",
                DJANGO_APP_CACHE_LOCATION=separator.join(["redis://:a%20b%2C@one:6379/0", "redis://:a%20b%2C@two:6379/0"]),
            )["CACHES"]["default"]
            self.assertEqual(cache["LOCATION"], ["redis://:a%20b%2C@one:6379/0", "redis://:a%20b%2C@two:6379/0"])

    def test_a_broker_ends_eager_tasks(self) -> None:
        settings = self.settings(CELERY_BROKER_URL="redis://broker:6379/0")
        self.assertFalse(settings["CELERY_TASK_ALWAYS_EAGER"])

    def test_secure_cookies_only_behind_tls(self) -> None:
        self.assertFalse(self.settings()["SESSION_COOKIE_SECURE"])
        self.assertTrue(self.settings(DJANGO_APP_BEHIND_TLS="true")["SESSION_COOKIE_SECURE"])

    def test_browsers_are_kept_to_https_only_behind_tls(self) -> None:
        self.assertEqual(self.settings()["SECURE_HSTS_SECONDS"], 0)
        self.assertEqual(self.settings(DJANGO_APP_BEHIND_TLS="true")["SECURE_HSTS_SECONDS"], 86_400)

    def test_a_deployment_without_a_key_does_not_start(self) -> None:
        ran = run(**{key: value for key, value in DEPLOYED.items() if key != "DJANGO_APP_SECRET_KEY"})
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("DJANGO_APP_SECRET_KEY has to be set", ran.stderr)

    def test_a_wrong_value_says_what_is_allowed(self) -> None:
        self.assertIn('DJANGO_APP_DEBUG is "yes"; it can be "true" or "false"', run(DJANGO_APP_DEBUG="yes").stderr)
        wrong = run(**DEPLOYED, DJANGO_APP_DB_CONN_MAX_AGE="-1").stderr
        self.assertIn('DJANGO_APP_DB_CONN_MAX_AGE is "-1"; it has to be a whole number', wrong)
