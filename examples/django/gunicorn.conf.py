"""gunicorn reads this file by itself when it is started in this directory."""

import os

from sample.logs import logging_config

bind = "0.0.0.0:8000"
wsgi_app = "sample.wsgi"

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "4"))
# Workers share the memory of what is imported before they are forked. Nothing connects to anything at import.
preload_app = True

timeout = 30
# Kubernetes has to wait longer than this: preStop sleep + 20 + 5.
graceful_timeout = 20
# Longer than any proxy keeps a connection that nobody uses, Google's 600 s, so that it is the proxy that closes it. What the platform's
# command says (--keep-alive) goes before.
keepalive = 620
# A slow leak never fills a pod; the jitter keeps the workers from restarting together.
max_requests = 10_000
max_requests_jitter = 1_000

# The root file system is read-only, /tmp may be a disk: heartbeats go to memory, and no control socket is opened.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# Whether X-Forwarded-Proto is believed is Django's decision (DJANGO_APP_BEHIND_TLS), not the server's.
secure_scheme_headers: dict[str, str] = {}

accesslog = "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s %(M)sms'
logconfig_dict = logging_config(verbose=False)
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
    "gunicorn.access": {"handlers": [], "propagate": True, "level": "INFO", "filters": ["without_probes"]},
}
