"""Settings of the sample. All that differs between two environments comes from variables named DJANGO_APP_*.

With none of them set this is laptop mode: SQLite, a cache in memory, tasks that run inside the request.
"""

import os
import ssl
from pathlib import Path

from redis.backoff import NoBackoff
from redis.retry import Retry

from . import environment
from .logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

RELEASE_VERSION = environment.text("RELEASE_VERSION", "dev")
RELEASE_COLOUR = environment.text("RELEASE_COLOUR", "grey")

# --- Which mode -----------------------------------------------------------------------------------------------------------

DB_ENGINE = environment.text("DB_ENGINE", "django.db.backends.sqlite3")
LAPTOP = environment.text("DB_NAME") is None and DB_ENGINE.endswith("sqlite3")
DEBUG = environment.flag("DEBUG", default=LAPTOP)

# A default key is only right where nobody else can reach the server.
SECRET_KEY = environment.text("SECRET_KEY", "laptop-only-and-no-secret" if LAPTOP else "")
if not SECRET_KEY:
    raise RuntimeError("DJANGO_APP_SECRET_KEY has to be set wherever a database is configured")

# --- HTTP -----------------------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = environment.listing("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.listing("CSRF_TRUSTED_ORIGINS")

# Opt-in: without a proxy in front that sets or removes this header, any client could claim to have come by HTTPS. The
# redirect to HTTPS is the proxy's, so that a probe by plain HTTP is never redirected.
if environment.flag("BEHIND_TLS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

ROOT_URLCONF = "sample.urls"
WSGI_APPLICATION = "sample.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    # Before staticfiles, whose `runserver` would serve the files itself, unlike a deployment.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "sample",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sample.staticfiles.SharedVolumeWhiteNoise",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------------

if LAPTOP:
    DATABASES = {"default": {"ENGINE": DB_ENGINE, "NAME": BASE_DIR / "db.sqlite3"}}
else:
    DATABASES = {
        "default": {
            "ENGINE": DB_ENGINE,
            "NAME": environment.text("DB_NAME"),
            "USER": environment.text("DB_USER", ""),
            "PASSWORD": environment.text("DB_PASSWORD", ""),
            "HOST": environment.text("DB_HOST", ""),
            "PORT": environment.text("DB_PORT", ""),
            # 0 behind a pooler; otherwise a connection that is kept is checked before it is used again, so that a database
            # that restarted costs no failed request.
            "CONN_MAX_AGE": environment.number("DB_CONN_MAX_AGE", 60),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {},
        },
    }
    if DB_ENGINE.endswith("postgresql"):
        tls = {"sslmode": environment.text("DB_SSLMODE"), "sslrootcert": environment.text("DB_SSLROOTCERT")}
        DATABASES["default"]["OPTIONS"] = {
            "application_name": "django-sample",
            # Seconds; the least that libpq takes. A readiness probe has to fail before its own timeout.
            "connect_timeout": 2,
            # Milliseconds until a peer that answers nothing counts as gone.
            "tcp_user_timeout": 5_000,
            **{key: value for key, value in tls.items() if value},
        }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache ----------------------------------------------------------------------------------------------------------------

CACHES: dict[str, dict[str, object]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if cache_backend := environment.text("CACHE_BACKEND"):
    CACHES["default"] = {
        "BACKEND": cache_backend,
        # The primary first: Django writes to the first server and reads from the others.
        "LOCATION": environment.listing("CACHE_LOCATION"),
        # Apps that share a cache are told what keeps their keys apart.
        "KEY_PREFIX": environment.text("CACHE_KEY_PREFIX", "sample"),
    }
    if cache_backend.endswith("RedisCache"):
        # A cache that does not answer is worth less than no cache: give up early and do not try again in the same request.
        CACHES["default"]["OPTIONS"] = {
            "socket_connect_timeout": 0.3,
            "socket_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        }

# --- Celery ---------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or "memory://"
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL == "memory://"
if broker_mode := environment.text("BROKER_SSLMODE"):  # RabbitMQ's URL says nothing of certificates; that of Redis does
    CELERY_BROKER_USE_SSL = {
        "cert_reqs": ssl.CERT_NONE if broker_mode == "require" else ssl.CERT_REQUIRED,
        "ca_certs": environment.text("BROKER_SSLROOTCERT"),
        # None is compared with the host of the URL.
        **({"server_hostname": None} if broker_mode == "verify-full" else {}),
    }
CELERY_TASK_IGNORE_RESULT = True  # what a task finds out goes into the database
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
# A task is taken off the queue when it is done, not when it starts: a worker that dies loses none. Its tasks may run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery's own default is the number of the machine's processors, of which a container has a share. `--concurrency` wins.
CELERY_WORKER_CONCURRENCY = int(os.environ.get("CELERY_WORKER_CONCURRENCY", "2"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker instead of ending
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# For who sends: one try. The worker has its own way of waiting for the broker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "socket_keepalive": True,
        # Redis hands a task out again after this many seconds without an answer: longer than any task may run, and wait before.
        "visibility_timeout": environment.number("BROKER_VISIBILITY_TIMEOUT", 3600),
    }
    if broker_prefix := environment.text("BROKER_KEY_PREFIX"):
        CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = broker_prefix
CELERY_BEAT_SCHEDULE = {
    # One that waited longer than a period is dropped: after an outage the worker does not catch up on hundreds of beats.
    "heartbeat": {"task": "sample.tasks.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
}

# --- Static files ---------------------------------------------------------------------------------------------------------

STATIC_URL = environment.text("STATIC_URL", "/static/")
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sample.staticfiles.ReleaseManifestStorage"},
}
# WhiteNoise's own test asks this release's manifest, so files of another release would not be cached for long.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\.[^/]+$"

# --- The rest -------------------------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LOGGING = logging_config(verbose=DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig"
