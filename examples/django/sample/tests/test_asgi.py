"""The app through ASGI, without a server. Real servers, and what stands in front of them: the cluster tests."""

import json

from asgiref.testing import ApplicationCommunicator
from django.test import AsyncClient, TestCase, override_settings

from sample.asgi import application
from sample.websocket import LONGEST

from .test_page import without_manifest


@override_settings(ALLOWED_HOSTS=["app.example"])
class WebsocketTest(TestCase):
    async def open(self, path: str = "/ws/echo", origin: str | None = "https://app.example") -> ApplicationCommunicator:
        headers = [] if origin is None else [(b"origin", origin.encode())]
        socket = ApplicationCommunicator(application, {"type": "websocket", "path": path, "headers": headers})
        await socket.send_input({"type": "websocket.connect"})
        return socket

    async def test_echoes_with_the_pods_name(self) -> None:
        socket = await self.open()
        self.assertEqual((await socket.receive_output())["type"], "websocket.accept")
        for text in ("one", "ünï"):
            await socket.send_input({"type": "websocket.receive", "text": text})
            answer = json.loads((await socket.receive_output())["text"])
            self.assertEqual(answer["echo"], text)
            self.assertTrue(answer["pod"])
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait()

    async def test_pages_of_other_sites_and_other_paths_are_refused(self) -> None:
        for path, origin in (
            ("/ws/echo", "https://evil.example"),
            ("/ws/echo", "https://app.example.evil.example"),
            ("/ws/echo", "null"),
            ("/ws/other", "https://app.example"),
        ):
            with self.subTest(path=path, origin=origin):
                socket = await self.open(path, origin)
                self.assertEqual((await socket.receive_output())["type"], "websocket.close")

    async def test_a_client_that_is_no_browser_has_no_origin(self) -> None:
        self.assertEqual((await (await self.open(origin=None)).receive_output())["type"], "websocket.accept")

    async def test_bytes_and_long_texts_end_it(self) -> None:
        for message, code in (({"bytes": b"x"}, 1003), ({"text": "x" * (LONGEST + 1)}, 1009)):
            socket = await self.open()
            await socket.receive_output()
            await socket.send_input({"type": "websocket.receive", **message})
            self.assertEqual((await socket.receive_output()), {"type": "websocket.close", "code": code})


@without_manifest
class PageTest(TestCase):
    async def test_the_page_says_asgi_and_has_the_websocket(self) -> None:
        text = (await AsyncClient().get("/")).content.decode()
        self.assertIn(">ASGI</span>", text)
        self.assertIn('data-part="websocket"', text)

    def test_under_wsgi_there_is_none(self) -> None:
        self.assertNotIn('data-part="websocket"', self.client.get("/").content.decode())
