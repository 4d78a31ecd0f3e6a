"""Uploads into a folder, as on a volume. Into a bucket: the settings here, a real one in the cluster tests."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from sample.models import TaskResult, Upload

from .test_page import without_manifest

PICTURE = b"\x89PNG\r\n\x1a\n"


@without_manifest
class UploadTest(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        settings = override_settings(MEDIA_ROOT=folder.name, MEDIA_PLACE="volume")
        settings.enable()
        self.addCleanup(settings.disable)

    def upload(self, name: str, content: bytes = PICTURE) -> str:
        answer = self.client.post("/uploads", {"file": SimpleUploadedFile(name, content)})
        self.assertEqual((answer.status_code, answer.headers["Location"]), (303, "/"))
        return Upload.objects.latest("pk").file.name

    def test_is_kept_and_shown(self) -> None:
        name = self.upload("cat.png")
        self.assertEqual((self.root / name).read_bytes(), PICTURE)
        text = self.client.get("/").content.decode()
        self.assertIn(f'<img src="/media/{name}"', text)
        facts = self.client.get("/api/status").json()["uploads"]
        self.assertEqual((facts["place"], facts["count"], facts["size"]), ("volume", 1, len(PICTURE)))
        answer = self.client.get(facts["url"])
        self.assertEqual((answer.status_code, answer.getvalue()), (200, PICTURE))
        self.assertEqual(answer.headers["Content-Type"], "image/png")

    def test_what_could_hold_scripts_is_handed_out_and_never_shown(self) -> None:
        for name in ("page.html", "drawing.svg", "unknown"):
            with self.subTest(name):
                url = f"/media/{self.upload(name, b'<script>')}"
                answer = self.client.get(url)
                self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
                self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertNotIn("<img", self.client.get("/").content.decode())
                answer.close()

    def test_only_what_was_uploaded_is_handed_out(self) -> None:
        (self.root / "secret.png").write_bytes(b"secret")
        name = self.upload("cat.png")
        for path in ("secret.png", "../manage.py", f"{name}/../../secret.png", "%2e%2e/manage.py"):
            with self.subTest(path):
                self.assertEqual(self.client.get(f"/media/{path}").status_code, 404)
        (self.root / name).unlink()
        self.assertEqual(self.client.get(f"/media/{name}").status_code, 404)

    def test_needs_the_token_of_a_page(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        with self.assertLogs("django.security.csrf", "WARNING"):
            self.assertEqual(strict.post("/uploads", {"file": SimpleUploadedFile("a", b"a")}).status_code, 403)
        strict.get("/")
        token = strict.cookies["csrftoken"].value
        fields = {"file": SimpleUploadedFile("a", b"a"), "csrfmiddlewaretoken": token}
        self.assertEqual(strict.post("/uploads", fields).status_code, 303)

    def test_no_file_and_no_place_are_said(self) -> None:
        self.assertIn(b'a field named "file"', self.client.post("/uploads").content)
        with override_settings(MEDIA_PLACE=None):
            answer = self.client.post("/uploads", {"file": SimpleUploadedFile("a", b"a")})
            page = self.client.get("/").content.decode()
        self.assertEqual(answer.status_code, 409)
        self.assertIn("no place: neither bucket nor volume", page)
        self.assertNotIn('type="file"', page)

    def test_old_ones_are_cleared_with_their_files(self) -> None:
        old, new = self.upload("old.png"), self.upload("new.png")
        Upload.objects.filter(file=old).update(uploaded_at=timezone.now() - timedelta(days=8))
        call_command("clear_old", verbosity=0)
        self.assertEqual([row.file.name for row in Upload.objects.all()], [new])
        self.assertFalse((self.root / old).exists())
        self.assertEqual(TaskResult.objects.get(task="clear_old").result, "1 upload cleared")
        with self.assertRaisesMessage(CommandError, "--days is -1; it has to be 0 or more"):
            call_command("clear_old", "--days=-1")
