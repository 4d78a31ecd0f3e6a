"""A websocket that answers each message with the same text and who sent it, on nothing but ASGI.

@see https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
"""

import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

PATH = "/ws/echo"
POD = socket.gethostname()
# Characters; what is longer ends the connection.
LONGEST = 1024
LOCAL = [".localhost", "127.0.0.1", "[::1]"]

# Codes of RFC 6455.
TOO_BIG = 1009
UNSUPPORTED = 1003


async def echo(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    await receive()  # websocket.connect
    if scope["path"] != PATH or not _from_our_page(scope):
        # Before it is accepted: the server answers 403.
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text")
        if text is None or len(text) > LONGEST:
            await send({"type": "websocket.close", "code": UNSUPPORTED if text is None else TOO_BIG})
            return
        await send({"type": "websocket.send", "text": json.dumps({"echo": text, "pod": POD})})


def _from_our_page(scope: dict[str, Any]) -> bool:
    """No browser keeps a page of another site from opening a websocket here, with this site's cookies."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    # Not a browser: it has no other site's pages.
    if origin is None:
        return True
    domain, _ = split_domain_port(urlsplit(origin).netloc)
    return validate_host(domain, settings.ALLOWED_HOSTS or (LOCAL if settings.DEBUG else []))
