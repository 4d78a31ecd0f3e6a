"""The environment contract: every setting that may differ between two environments comes through here."""

import json
import os
import re
from typing import overload

PREFIX = "DJANGO_APP_"


@overload
def text(name: str) -> str | None: ...
@overload
def text(name: str, default: str) -> str: ...
def text(name: str, default: str | None = None) -> str | None:
    """The variable's value; one that is set to nothing counts as not set."""
    return os.environ.get(PREFIX + name) or default


def flag(name: str, default: bool) -> bool:
    value = text(name)
    if value is None:
        return default
    if value not in ("true", "false"):
        raise ValueError(f'{PREFIX}{name} is "{value}"; it can be "true" or "false"')
    return value == "true"


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ValueError(f'{PREFIX}{name} is "{value}"; it can be {", ".join(allowed)}')
    return value


def number(name: str, default: int) -> int:
    value = text(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]+", value):
        raise ValueError(f'{PREFIX}{name} is "{value}"; it has to be a whole number')
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Values separated by commas or spaces."""
    return [item for item in re.split(r"[,\s]+", text(name, default)) if item]


def json_listing(name: str) -> list[str]:
    """Values of any characters, as a JSON list."""
    values = json.loads(text(name, "[]"))
    if not (isinstance(values, list) and all(isinstance(value, str) for value in values)):
        raise ValueError(f"{PREFIX}{name} has to be a JSON list of strings")
    return values
