"""What is larger than the environment says is refused before it is read."""

import asyncio
from collections.abc import Iterable
from typing import Any

from django.test import SimpleTestCase

from .. import body_limit
from . import processes


class Wsgi(SimpleTestCase):
    def answer(self, most: int, **environ: str) -> tuple[list[str], list[bytes]]:
        statuses: list[str] = []

        def application(environ: dict[str, Any], start: body_limit.Start) -> Iterable[bytes]:
            start("200 OK", [])
            return [b"taken"]

        limited = body_limit.wsgi(application, most)
        body = list(limited(dict(environ), lambda status, headers: statuses.append(status)))
        return statuses, body

    def test_takes_up_to_the_limit(self) -> None:
        for environ in ({"CONTENT_LENGTH": "100"}, {"CONTENT_LENGTH": ""}, {}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
            with self.subTest(environ):
                self.assertEqual(self.answer(100, **environ), (["200 OK"], [b"taken"]))

    def test_refuses_more(self) -> None:
        statuses, body = self.answer(100, CONTENT_LENGTH="101")
        self.assertEqual((statuses, body), (["413 Content Too Large"], [body_limit.REFUSAL]))

    def test_without_a_limit_takes_everything(self) -> None:
        self.assertEqual(self.answer(0, CONTENT_LENGTH="999999999999"), (["200 OK"], [b"taken"]))


class Asgi(SimpleTestCase):
    def answer(self, most: int, length: str | None, parts: list[bytes], kind: str = "http") -> tuple[list[int], bytes]:
        statuses: list[int] = []
        read = b""
        waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

        async def application(scope: body_limit.Message, receive: body_limit.Receive, send: body_limit.Send) -> None:
            nonlocal read
            for _ in parts:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                read += message["body"]
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def receive() -> body_limit.Message:
            return waiting.pop(0)

        async def send(message: body_limit.Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        headers = [] if length is None else [(b"content-length", length.encode())]
        asyncio.run(body_limit.asgi(application, most)({"type": kind, "headers": headers}, receive, send))
        return statuses, read

    def test_takes_up_to_the_limit(self) -> None:
        self.assertEqual(self.answer(8, "8", [b"1234", b"5678"]), ([200], b"12345678"))
        self.assertEqual(self.answer(8, None, [b"1234", b"5678"]), ([200], b"12345678"))

    def test_refuses_what_says_that_it_is_more(self) -> None:
        self.assertEqual(self.answer(8, "9", [b"1234", b"56789"]), ([413], b""))

    def test_refuses_what_turns_out_to_be_more(self) -> None:
        self.assertEqual(self.answer(8, None, [b"1234", b"56789"]), ([413], b"1234"))

    def test_lets_everything_else_through(self) -> None:
        self.assertEqual(self.answer(0, "9", [b"123456789"]), ([200], b"123456789"))
        self.assertEqual(self.answer(8, "9", [b"123456789"], kind="websocket"), ([200], b"123456789"))


WSGI_ENTRY = """
from sample.wsgi import application
answer = lambda status, headers: print(status)
environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/uploads", "CONTENT_LENGTH": "1025"}
print(b"".join(application(environ, answer)))
"""
ASGI_ENTRY = """
import asyncio
from sample.asgi import application
parts = [b"x" * 1024, b"x"]
async def receive():
    return {"type": "http.request", "body": parts.pop(0), "more_body": True}
async def send(message):
    print(message.get("status", ""), message.get("body", ""))
scope = {"type": "http", "method": "POST", "path": "/uploads", "headers": [], "query_string": b""}
asyncio.run(application(scope, receive, send))
"""


class Entries(SimpleTestCase):
    """Around Django, as the environment says: WSGI by the length, ASGI without one."""

    def test_both_refuse_more_than_the_environment_says(self) -> None:
        for entry in (WSGI_ENTRY, ASGI_ENTRY):
            ran = processes.run(["-c", entry], {"DJANGO_APP_MAX_BODY_SIZE": "1024"})
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertRegex(ran.stdout, "^413 ")
            self.assertIn(str(body_limit.REFUSAL), ran.stdout)
