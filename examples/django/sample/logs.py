"""Logging to standard output. In a deployment each event is one line of JSON, so that a stack trace stays one event."""

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


class WithoutProbes(logging.Filter):
    """Leaves gunicorn's lines about answered probes out: several in a second, and each says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        atoms = record.args
        return not (isinstance(atoms, dict) and atoms.get("U", "").startswith("/healthz/") and atoms.get("s") == "200")


def logging_config(verbose: bool) -> dict[str, Any]:
    """For Django, Celery and gunicorn alike; `verbose` is for a person at a terminal."""
    to_root: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "sample.logs.JsonFormatter"},
            "terminal": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "terminal" if verbose else "json",
            },
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {
            # Both bring handlers of their own, which would print each event a second time.
            "django": to_root | {"level": "INFO"},
            "django.server": to_root | {"level": "INFO"},
        },
    }
