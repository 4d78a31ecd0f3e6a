"""The app for servers that speak ASGI, with a websocket beside Django's pages."""

import os

from django.core.asgi import get_asgi_application

from . import body_limit, environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")

pages = body_limit.asgi(get_asgi_application(), environment.number("MAX_BODY_SIZE", 0))

# Needs the settings, which are read by now.
from .websocket import echo  # noqa: E402


async def application(scope: body_limit.Message, receive: body_limit.Receive, send: body_limit.Send) -> None:
    if scope["type"] == "websocket":
        await echo(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
    else:
        # "lifespan": a server takes the refusal for an app that has nothing to do at start and end.
        raise ValueError(f"no application for {scope['type']}")
