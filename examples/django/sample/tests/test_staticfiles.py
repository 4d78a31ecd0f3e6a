"""Files that a newer release adds to the shared volume while this process runs."""

import tempfile
from pathlib import Path

from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase, override_settings

from sample.staticfiles import ReleaseManifestStorage, SharedVolumeWhiteNoise


class SharedVolumeTest(SimpleTestCase):
    def setUp(self) -> None:
        volume = tempfile.TemporaryDirectory()
        self.addCleanup(volume.cleanup)
        self.root = Path(volume.name) / "static"
        self.root.mkdir()
        (self.root / "old.0123456789ab.css").write_text("old")
        (self.root.parent / "private.0123456789ab.css").write_text("private")
        settings = override_settings(STATIC_ROOT=str(self.root), STATIC_URL="/static/", DEBUG=False)
        settings.enable()
        self.addCleanup(settings.disable)
        self.server = SharedVolumeWhiteNoise(lambda _: HttpResponse(status=404))

    def get(self, path: str):
        return self.server(RequestFactory().get(path))

    def test_serves_what_was_there_at_the_start(self) -> None:
        self.assertEqual(self.get("/static/old.0123456789ab.css").status_code, 200)

    def test_serves_a_hashed_file_that_came_later_and_lets_it_be_cached(self) -> None:
        self.assertEqual(self.get("/static/new.ba9876543210.css").status_code, 404)
        (self.root / "new.ba9876543210.css").write_text("new")
        answer = self.get("/static/new.ba9876543210.css")
        self.assertEqual((answer.status_code, b"".join(answer.streaming_content)), (200, b"new"))
        self.assertIn("immutable", answer.headers["Cache-Control"])

    def test_looks_for_hashed_names_only(self) -> None:
        (self.root / "plain.css").write_text("plain")
        self.assertEqual(self.get("/static/plain.css").status_code, 404)

    def test_never_leaves_the_volume(self) -> None:
        (self.root / "link.0123456789ab.css").symlink_to(self.root.parent / "private.0123456789ab.css")
        (self.root / "directory.0123456789ab.css").mkdir()
        for path in (
            "/static/../private.0123456789ab.css",
            "/static/%2e%2e/private.0123456789ab.css",
            "/static//" + str(self.root.parent / "private.0123456789ab.css"),
            "/static/link.0123456789ab.css",
            "/static/directory.0123456789ab.css",
            "/static/nul\0.0123456789ab.css",
        ):
            with self.subTest(path):
                self.assertEqual(self.get(path).status_code, 404)


class ReleaseManifestTest(SimpleTestCase):
    def test_two_releases_keep_a_manifest_each(self) -> None:
        with tempfile.TemporaryDirectory() as root:
            for version in ("v1", "feature/x y"):
                with override_settings(STATIC_ROOT=root, RELEASE_VERSION=version):
                    call_command("collectstatic", interactive=False, verbosity=0)
            names = sorted(path.name for path in Path(root).glob("staticfiles*.json"))
            self.assertEqual(names, ["staticfiles.feature-x-y.json", "staticfiles.v1.json"])
            with override_settings(STATIC_ROOT=root, RELEASE_VERSION="v1"):
                self.assertRegex(ReleaseManifestStorage().url("sample/page.css"), r"/static/sample/page\.[0-9a-f]{12}\.css")
