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
# The key before and the next one: what either has signed is taken while pods of two releases answer, and for as long as they are told.
SECRET_KEY_FALLBACKS = environment.json_listing("SECRET_KEY_FALLBACKS")

# --- HTTP -----------------------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = environment.listing("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.listing("CSRF_TRUSTED_ORIGINS")

# Opt-in: without a proxy in front that sets or removes this header, any client could claim to have come by HTTPS. The
# redirect to HTTPS is the proxy's, so that a probe by plain HTTP is never redirected.
if environment.flag("BEHIND_TLS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers then come by HTTPS alone, for a day: raise it when the certificates have proved themselves.
    SECURE_HSTS_SECONDS = 86_400

ROOT_URLCONF = "sample.urls"
WSGI_APPLICATION = "sample.wsgi.application"
ASGI_APPLICATION = "sample.asgi.application"

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
    "sample.apps.SampleConfig",
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
            # 0 behind a pooler and under ASGI. One that is kept is checked before it is used again, so that a database that
            # restarted costs no failed request.
            "CONN_MAX_AGE": environment.number("DB_CONN_MAX_AGE", 60),
            "CONN_HEALTH_CHECKS": True,
            # In a pool a cursor of the server's would be asked for on another connection than it was opened on.
            "DISABLE_SERVER_SIDE_CURSORS": environment.flag("DB_DISABLE_SERVER_SIDE_CURSORS", default=False),
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

# --- Cache ----------------------------------------------------------------------------------------------------------------

CACHES: dict[str, dict[str, object]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if cache_backend := environment.text("CACHE_BACKEND"):
    CACHES["default"] = {
        "BACKEND": cache_backend,
        # Redis: the primary first, for Django writes to the first server and reads from the others. memcached: each key has
        # its server, found by the servers' names.
        "LOCATION": environment.listing("CACHE_LOCATION"),
        # Apps that share a cache are told what keeps their keys apart.
        "KEY_PREFIX": environment.text("CACHE_KEY_PREFIX", "sample"),
    }
    # A cache that does not answer is worth less than no cache: give up early and do not try again in the same request.
    if cache_backend.endswith("RedisCache"):
        CACHES["default"]["OPTIONS"] = {
            "socket_connect_timeout": 0.3,
            "socket_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        }
    elif cache_backend.endswith("PyMemcacheCache"):
        # A server that failed is asked again after a second, not after the library's minute. With attempts left until then,
        # the library would answer as if the server had no value.
        CACHES["default"]["OPTIONS"] = {
            "connect_timeout": 0.3,
            "timeout": 0.5,
            "retry_attempts": 0,
            "retry_timeout": 1,
            "dead_timeout": 1,
        }

# --- Tasks ----------------------------------------------------------------------------------------------------------------

# A project has one of them; this one has all three, to show each. Workers of Django Q2 come with settings of their own and
# are known by these; `db_worker` takes nothing but the database, so its library has to be named.
TASKS_LIBRARY = environment.choice(
    "TASKS_LIBRARY",
    ("celery", "django-q", "django-tasks"),
    "django-q" if environment.text("Q_TIMEOUT") else "celery",
)

BROKER_URL = os.environ.get("CELERY_BROKER_URL")
BROKER_SCHEME = BROKER_URL.partition(":")[0] if BROKER_URL else None
BROKER_KEY_PREFIX = environment.text("BROKER_KEY_PREFIX", "")
# Redis hands a task out again after this many seconds without an answer: longer than any task may run, and wait before.
VISIBILITY_TIMEOUT = environment.number("BROKER_VISIBILITY_TIMEOUT", 3600)

# Celery, also when another library runs the tasks: its command line then has an app to load, and nothing to do.
CELERY_BROKER_URL = BROKER_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL == "memory://"
CELERY_TASK_IGNORE_RESULT = True  # what a task finds out goes into the database
# How long a task may run, the worker's command says (--time-limit). A CELERY_TASK_TIME_LIMIT would go before it, from Celery
# 5.7 on, and a pod that stops would not wait for it.
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
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
if BROKER_SCHEME in ("redis", "rediss"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "visibility_timeout": VISIBILITY_TIMEOUT,
    }
    if BROKER_KEY_PREFIX:
        CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = BROKER_KEY_PREFIX
if BROKER_SCHEME in ("amqp", "amqps"):
    # The broker says that it has the message, for a quorum queue on most of its nodes; without it a message that is lost on
    # the way is lost without a word.
    CELERY_BROKER_TRANSPORT_OPTIONS["confirm_publish"] = True
    # A queue that is there as one type cannot be asked for as the other: both names are for queues that Celery makes.
    CELERY_TASK_DEFAULT_QUEUE_TYPE = environment.choice("BROKER_QUEUE_TYPE", ("classic", "quorum"), "classic")
    CELERY_TASK_CREATE_MISSING_QUEUE_TYPE = CELERY_TASK_DEFAULT_QUEUE_TYPE
    if BROKER_SCHEME == "amqps":
        # The modes are libpq's; Redis has them in its URL.
        mode = environment.choice("BROKER_SSLMODE", ("require", "verify-ca", "verify-full"), "verify-full")
        CELERY_BROKER_USE_SSL: dict[str, object] = {
            "cert_reqs": ssl.CERT_NONE if mode == "require" else ssl.CERT_REQUIRED,
            "ca_certs": environment.text("BROKER_SSLROOTCERT"),
        }
        if mode == "verify-full":
            # Given, and given as None: the name in the URL has to be the certificate's.
            CELERY_BROKER_USE_SSL["server_hostname"] = None
CELERY_BEAT_SCHEDULE = {
    # One that waited longer than a period is dropped: after an outage the worker does not catch up on hundreds of beats.
    "heartbeat": {"task": "sample.tasks.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
}

if TASKS_LIBRARY == "django-q":
    INSTALLED_APPS += ["django_q"]
    Q_CLUSTER = {
        # Redis and cache keys begin with it.
        "name": f"{BROKER_KEY_PREFIX}sample",
        "workers": environment.number("Q_WORKERS", 2),
        # Seconds that a task may run, and until one that nobody answered for is handed out again.
        "timeout": environment.number("Q_TIMEOUT", 60),
        "retry": environment.number("Q_RETRY", 300),
        "max_attempts": 3,
        "save_limit": 100,
        # After an outage the scheduler does not make up for what was missed.
        "catch_up": False,
        # It knows no RabbitMQ: that is then Celery's alone.
        **({"redis": BROKER_URL} if BROKER_SCHEME in ("redis", "rediss") else {"orm": "default"}),
    }

if TASKS_LIBRARY == "django-tasks":
    INSTALLED_APPS += ["django_tasks", "django_tasks_db"]
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Static files and uploads ---------------------------------------------------------------------------------------------

STATIC_URL = environment.text("STATIC_URL", "/static/")
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
MEDIA_URL = environment.text("MEDIA_URL", "/media/")
MEDIA_ROOT = environment.text("MEDIA_ROOT", str(BASE_DIR / "media"))
STATIC_BUCKET = environment.text("STATIC_BUCKET")
MEDIA_BUCKET = environment.text("MEDIA_BUCKET")

# In words, for the page. Uploads have a place in a bucket, on a volume, or on a laptop; otherwise the page takes none.
STATIC_PLACE = f"bucket {STATIC_BUCKET}" if STATIC_BUCKET else "volume" if environment.text("STATIC_ROOT") else "image"
MEDIA_PLACE = f"bucket {MEDIA_BUCKET}" if MEDIA_BUCKET else "volume" if environment.text("MEDIA_ROOT") else None
if LAPTOP:
    STATIC_PLACE, MEDIA_PLACE = "this folder", MEDIA_PLACE or "this folder"

STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sample.staticfiles.ReleaseManifestStorage"},
}
# WhiteNoise's own test asks this release's manifest, so files of another release would not be cached for long.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\.[^/]+$"

if STATIC_BUCKET:
    MIDDLEWARE.remove("sample.staticfiles.SharedVolumeWhiteNoise")

STORAGE_PREFIX = environment.text("STORAGE_PREFIX", "")
# Where browsers ask for static files, without this app's folder: the storage adds that itself.
STATIC_ORIGIN = STATIC_URL.removesuffix("/").removesuffix(STORAGE_PREFIX.removesuffix("/")).removesuffix("/")

if environment.text("STORAGE_PROTOCOL") == "s3":
    # The key, where there is one, is read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on EKS a pod is known by itself.
    s3: dict[str, object] = {
        "location": STORAGE_PREFIX,
        "region_name": environment.text("STORAGE_REGION"),
        "endpoint_url": environment.text("STORAGE_ENDPOINT"),
        "signature_version": "s3v4",
        "addressing_style": environment.text("STORAGE_ADDRESSING", "virtual"),
    }
    if MEDIA_BUCKET:
        STORAGES["default"] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**s3, "bucket_name": MEDIA_BUCKET, "file_overwrite": False},
        }
    if STATIC_BUCKET:
        scheme, _, domain = STATIC_ORIGIN.partition("//")
        STORAGES["staticfiles"] = {
            "BACKEND": "sample.storage_s3.StaticStorage",
            "OPTIONS": {
                **s3,
                "bucket_name": STATIC_BUCKET,
                "default_acl": environment.text("STATIC_ACL"),
                "url_protocol": scheme,
                "custom_domain": domain,
            },
        }
elif environment.text("STORAGE_PROTOCOL") == "gcs":
    if MEDIA_BUCKET:
        STORAGES["default"] = {
            "BACKEND": "storages.backends.gcloud.GoogleCloudStorage",
            # No key is there to sign with: Google signs.
            "OPTIONS": {
                "bucket_name": MEDIA_BUCKET,
                "location": STORAGE_PREFIX,
                "file_overwrite": False,
                "iam_sign_blob": True,
            },
        }
    if STATIC_BUCKET:
        STORAGES["staticfiles"] = {
            "BACKEND": "sample.storage_gcs.StaticStorage",
            "OPTIONS": {
                "bucket_name": STATIC_BUCKET,
                "location": STORAGE_PREFIX,
                "querystring_auth": False,
                "custom_endpoint": STATIC_ORIGIN,
            },
        }

# --- The rest -------------------------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LOGGING = logging_config(verbose=DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig"
