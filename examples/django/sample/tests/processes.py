"""Runs a piece of Python or a command of manage.py in a process of its own: settings are read once in each."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "CELERY_", "AWS_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
