"""The app for servers that speak ASGI, with a websocket beside Django's pages."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

from . import body_limit, environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")

# Around Django, which keeps a body in /tmp before any middleware sees the request.
pages = body_limit.asgi(get_asgi_application(), environment.number("MAX_BODY_SIZE", 0))

# Needs the settings, which are read by now.
from .websocket import echo  # noqa: E402

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await echo(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
    else:
        # "lifespan": a server takes the refusal for an app that has nothing to do at start and end.
        raise ValueError(f"no application for {scope['type']}")
