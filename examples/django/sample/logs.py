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
    """Leaves lines about answered probes out, gunicorn's and uvicorn's: several in a second, and each says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        match record.args:
            case {"U": str(path), "s": status}:
                pass
            case (_, _, str(path), _, status):
                pass
            case _:
                return True
        return not (path.startswith("/healthz/") and str(status) == "200")


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
        "filters": {"without_probes": {"()": "sample.logs.WithoutProbes"}},
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
            # Set here and not only by the server's own settings: it reads those before it loads the app.
            "uvicorn": to_root | {"level": "INFO"},
            "uvicorn.error": to_root | {"level": "INFO"},
            "uvicorn.access": to_root | {"level": "INFO", "filters": ["without_probes"]},
        },
    }
