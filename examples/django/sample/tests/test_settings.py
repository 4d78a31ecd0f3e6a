"""The environment contract, in a process of its own for each environment: settings are read once."""

import json
import ssl
import subprocess

from django.test import SimpleTestCase

from . import processes

PRINT = """
import json
from sample import settings
print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}, default=str))
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
    return processes.run(["-c", PRINT], environment)


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

    def test_behind_a_pooler_nothing_is_kept_on_the_server(self) -> None:
        self.assertFalse(self.settings(**DEPLOYED)["DATABASES"]["default"]["DISABLE_SERVER_SIDE_CURSORS"])
        pooled = {"DJANGO_APP_DB_CONN_MAX_AGE": "0", "DJANGO_APP_DB_DISABLE_SERVER_SIDE_CURSORS": "true"}
        database = self.settings(**DEPLOYED, **pooled)["DATABASES"]["default"]
        self.assertEqual((database["CONN_MAX_AGE"], database["DISABLE_SERVER_SIDE_CURSORS"]), (0, True))

    def test_memcached_has_a_list_of_servers(self) -> None:
        cache = self.settings(
            DJANGO_APP_CACHE_BACKEND="django.core.cache.backends.memcached.PyMemcacheCache",
            DJANGO_APP_CACHE_LOCATION="cache-0.cache:11211 cache-1.cache:11211",
            DJANGO_APP_CACHE_KEY_PREFIX="blog",
        )["CACHES"]["default"]
        self.assertEqual(cache["LOCATION"], ["cache-0.cache:11211", "cache-1.cache:11211"])
        self.assertEqual((cache["KEY_PREFIX"], cache["OPTIONS"]["retry_attempts"]), ("blog", 0))

    def test_redis_as_broker_is_told_how_long_a_task_may_take(self) -> None:
        settings = self.settings(
            CELERY_BROKER_URL="rediss://broker:6379/0",
            DJANGO_APP_BROKER_VISIBILITY_TIMEOUT="7200",
            DJANGO_APP_BROKER_KEY_PREFIX="blog:",
        )
        options = settings["CELERY_BROKER_TRANSPORT_OPTIONS"]
        self.assertEqual((options["visibility_timeout"], options["global_keyprefix"]), (7200, "blog:"))

    def test_rabbitmq_has_queues_of_the_type_that_is_told(self) -> None:
        for given, queue_type in (({"DJANGO_APP_BROKER_QUEUE_TYPE": "quorum"}, "quorum"), ({}, "classic")):
            settings = self.settings(CELERY_BROKER_URL="amqp://sample:pw@broker:5672/sample", **given)
            self.assertEqual(settings["CELERY_TASK_DEFAULT_QUEUE_TYPE"], queue_type)
            self.assertEqual(settings["CELERY_TASK_CREATE_MISSING_QUEUE_TYPE"], queue_type)
            self.assertTrue(settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["confirm_publish"])
            self.assertNotIn("visibility_timeout", settings["CELERY_BROKER_TRANSPORT_OPTIONS"])
            self.assertNotIn("CELERY_BROKER_USE_SSL", settings)

    def test_rabbitmq_by_tls_is_verified_unless_told_otherwise(self) -> None:
        ca = {"ca_certs": "/etc/broker.pem"}
        cases = [
            ({}, {"cert_reqs": ssl.CERT_REQUIRED, "ca_certs": None, "server_hostname": None}),
            ({"SSLMODE": "verify-full"}, {"cert_reqs": ssl.CERT_REQUIRED, "ca_certs": None, "server_hostname": None}),
            ({"SSLMODE": "verify-ca", "SSLROOTCERT": "/etc/broker.pem"}, {"cert_reqs": ssl.CERT_REQUIRED} | ca),
            ({"SSLMODE": "require"}, {"cert_reqs": ssl.CERT_NONE, "ca_certs": None}),
        ]
        for given, expected in cases:
            with self.subTest(given):
                settings = self.settings(
                    CELERY_BROKER_URL="amqps://sample:pw@broker:5671/sample",
                    **{f"DJANGO_APP_BROKER_{name}": value for name, value in given.items()},
                )
                self.assertEqual(settings["CELERY_BROKER_USE_SSL"], expected)

    def test_django_q_takes_redis_or_the_database(self) -> None:
        tasks = {"DJANGO_APP_TASKS_LIBRARY": "django-q"}
        self.assertEqual(self.settings(**tasks)["Q_CLUSTER"]["orm"], "default")
        cluster = self.settings(**tasks, CELERY_BROKER_URL="redis://broker:6379/0", DJANGO_APP_BROKER_KEY_PREFIX="blog:")[
            "Q_CLUSTER"
        ]
        self.assertEqual((cluster["redis"], cluster["name"]), ("redis://broker:6379/0", "blog:sample"))
        told = self.settings(DJANGO_APP_Q_TIMEOUT="30", DJANGO_APP_Q_RETRY="120", DJANGO_APP_Q_WORKERS="4")
        self.assertEqual(told["TASKS_LIBRARY"], "django-q")
        self.assertEqual([told["Q_CLUSTER"][name] for name in ("timeout", "retry", "workers")], [30, 120, 4])
        beside = self.settings(**tasks, CELERY_BROKER_URL="amqp://sample:secret@broker//")["Q_CLUSTER"]
        self.assertEqual((beside["orm"], "redis" in beside), ("default", False))

    def test_files_in_the_image_on_volumes_and_in_buckets(self) -> None:
        bucket = {
            "DJANGO_APP_STORAGE_PROTOCOL": "s3",
            "DJANGO_APP_STORAGE_REGION": "eu-central-1",
            "DJANGO_APP_MEDIA_BUCKET": "media-1",
        }
        both = {"DJANGO_APP_STATIC_BUCKET": "static-1", "DJANGO_APP_STATIC_URL": "https://static.example/"}
        whitenoise, filesystem = "sample.staticfiles.ReleaseManifestStorage", "django.core.files.storage.FileSystemStorage"
        s3, s3_static = "storages.backends.s3.S3Storage", "sample.storage_s3.StaticStorage"
        gcs, gcs_static = "storages.backends.gcloud.GoogleCloudStorage", "sample.storage_gcs.StaticStorage"
        google = {"DJANGO_APP_STORAGE_PROTOCOL": "gcs"}
        cases = [
            ({}, whitenoise, "image", filesystem, None),
            ({"DJANGO_APP_STATIC_ROOT": "/srv/static"}, whitenoise, "volume", filesystem, None),
            ({"DJANGO_APP_MEDIA_ROOT": "/srv/media"}, whitenoise, "image", filesystem, "volume"),
            (bucket, whitenoise, "image", s3, "bucket media-1"),
            (bucket | both, s3_static, "bucket static-1", s3, "bucket media-1"),
            (bucket | google, whitenoise, "image", gcs, "bucket media-1"),
            (bucket | both | google, gcs_static, "bucket static-1", gcs, "bucket media-1"),
        ]
        for given, static, static_place, media, media_place in cases:
            with self.subTest(given=given):
                settings = self.settings(**DEPLOYED, **given)
                backends = settings["STORAGES"]["staticfiles"]["BACKEND"], settings["STORAGES"]["default"]["BACKEND"]
                self.assertEqual(backends, (static, media))
                self.assertEqual((settings["STATIC_PLACE"], settings["MEDIA_PLACE"]), (static_place, media_place))
                serves_files = "sample.staticfiles.SharedVolumeWhiteNoise" in settings["MIDDLEWARE"]
                self.assertEqual(serves_files, static == whitenoise)

    def test_where_a_buckets_static_files_are_read(self) -> None:
        cases = [
            ("https://static.example/", "", "https:", "static.example"),
            ("https://static.example/blog/", "blog/", "https:", "static.example"),
            ("http://203.0.113.10:7070/static-1/", "", "http:", "203.0.113.10:7070/static-1"),
        ]
        for url, prefix, protocol, domain in cases:
            storages = self.settings(
                **DEPLOYED,
                DJANGO_APP_STORAGE_PROTOCOL="s3",
                DJANGO_APP_STORAGE_ENDPOINT="http://203.0.113.10:7070",
                DJANGO_APP_STORAGE_ADDRESSING="path",
                DJANGO_APP_STORAGE_PREFIX=prefix,
                DJANGO_APP_STATIC_BUCKET="static-1",
                DJANGO_APP_STATIC_URL=url,
            )["STORAGES"]["staticfiles"]["OPTIONS"]
            self.assertEqual((storages["url_protocol"], storages["custom_domain"]), (protocol, domain))
            self.assertEqual((storages["location"], storages["addressing_style"]), (prefix, "path"))

    def test_secure_cookies_only_behind_tls(self) -> None:
        self.assertNotIn("SESSION_COOKIE_SECURE", self.settings())
        self.assertTrue(self.settings(DJANGO_APP_BEHIND_TLS="true")["SESSION_COOKIE_SECURE"])

    def test_browsers_are_kept_to_https_only_behind_tls(self) -> None:
        self.assertNotIn("SECURE_HSTS_SECONDS", self.settings())
        self.assertEqual(self.settings(DJANGO_APP_BEHIND_TLS="true")["SECURE_HSTS_SECONDS"], 86_400)

    def test_other_keys_are_taken_whatever_their_characters(self) -> None:
        keys = ["a,b c", 'quote"d', "é"]
        settings = self.settings(**DEPLOYED, DJANGO_APP_SECRET_KEY_FALLBACKS=json.dumps(keys))
        self.assertEqual(settings["SECRET_KEY_FALLBACKS"], keys)
        self.assertEqual(self.settings(**DEPLOYED)["SECRET_KEY_FALLBACKS"], [])

    def test_a_deployment_without_a_key_does_not_start(self) -> None:
        ran = run(**{key: value for key, value in DEPLOYED.items() if key != "DJANGO_APP_SECRET_KEY"})
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("DJANGO_APP_SECRET_KEY has to be set", ran.stderr)

    def test_a_wrong_value_says_what_is_allowed(self) -> None:
        self.assertIn('DJANGO_APP_DEBUG is "yes"; it can be "true" or "false"', run(DJANGO_APP_DEBUG="yes").stderr)
        library = run(DJANGO_APP_TASKS_LIBRARY="rq").stderr
        self.assertIn('DJANGO_APP_TASKS_LIBRARY is "rq"; it can be celery, django-q, django-tasks', library)
        wrong = run(**DEPLOYED, DJANGO_APP_DB_CONN_MAX_AGE="-1").stderr
        self.assertIn('DJANGO_APP_DB_CONN_MAX_AGE is "-1"; it has to be a whole number', wrong)
