"""Refuses a request that is larger than the environment says, before anything of it is kept.

Django has no such limit for files: it writes an upload of any size to /tmp, and a pod whose /tmp overflows is evicted.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

REFUSAL = b"This request is larger than the server takes.\n"
TYPE = "text/plain; charset=utf-8"

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


def wsgi(application: Wsgi, most: int) -> Wsgi:
    """`most` in bytes; 0 is no limit. Of a body without a length (chunked) Django reads nothing under WSGI."""

    def limited(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if most and said(environ.get("CONTENT_LENGTH")) > most:
            start_response("413 Content Too Large", [("Content-Type", TYPE), ("Content-Length", str(len(REFUSAL)))])
            return [REFUSAL]
        return application(environ, start_response)

    return limited


def asgi(application: Asgi, most: int) -> Asgi:
    """`most` in bytes; 0 is no limit. A body without a length is counted."""

    async def limited(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not most:
            await application(scope, receive, send)
            return
        taken, refused, started = 0, False, False

        async def counted() -> Message:
            nonlocal taken, refused
            message = await receive()
            taken += len(message.get("body", b""))
            refused = refused or taken > most
            # As if the client had gone: Django throws away what it has of the body.
            return {"type": "http.disconnect"} if refused else message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        lengths = [value.decode("latin-1") for name, value in scope["headers"] if name == b"content-length"]
        refused = any(said(length) > most for length in lengths)
        if not refused:
            await application(scope, counted, watched)
        if refused and not started:
            headers = [(b"content-type", TYPE.encode()), (b"content-length", str(len(REFUSAL)).encode())]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL})

    return limited


def said(length: str | None) -> int:
    return int(length) if length and length.isdecimal() else 0
