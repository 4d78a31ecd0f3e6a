"""Static files in a place that the pods of two releases share: a volume, or a bucket.

collectstatic of a new release writes into the same place that the old pods serve from, and nothing is ever deleted there,
because a browser may hold a page of the old release and ask any pod for its files.
"""

import os
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# A null byte can be in a URL, and no function for paths takes one.
HASHED = re.compile(r"[^\0]+\.[0-9a-f]{12}\.[^/\0]+")


def manifest_of_release() -> str:
    """Each release has its own manifest: a pod of the old release that restarts keeps linking to its own files."""
    release = re.sub(r"[^A-Za-z0-9_.-]", "-", settings.RELEASE_VERSION)
    return f"staticfiles.{release}.json"


def cache_control(name: str) -> str:
    """What stands at a file in a bucket. A hashed name never means another file; every other name is asked for again."""
    return "public, max-age=31536000, immutable" if HASHED.fullmatch(name) else "no-cache"


class ReleaseManifestStorage(CompressedManifestStaticFilesStorage):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.manifest_name = manifest_of_release()
        super().__init__(*args, **kwargs)


class SharedVolumeWhiteNoise(WhiteNoiseMiddleware):
    """Serves hashed files that came after the start.

    WhiteNoise lists the directory once, when the process starts. During a rollout a page from a new pod links to new files,
    and its requests for them reach old pods as well: with that list alone they would answer 404, and the page would be shown
    without its styles. So a miss on a hashed name looks once more. Only hashed names: their content never changes, and a
    client cannot make every 404 cost a look at the disk with any path.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.static_root and not self.autorefresh:
            # `find_file` looks below these; it refuses paths that are not canonical or lead out of the directory.
            self.directories = [(os.path.abspath(self.static_root) + os.sep, self.static_prefix)]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        url = request.path_info
        if not self.autorefresh and url not in self.files and url.startswith(self.static_prefix) and HASHED.fullmatch(url):
            found = self.find_file(url)
            if found is not None:
                self.files[url] = found
        return super().__call__(request)

    def candidate_paths_for_url(self, url: str):  # type: ignore[no-untyped-def]  # as in WhiteNoise
        for path in super().candidate_paths_for_url(url):
            # A link in the volume must not lead out of it either.
            root = os.path.realpath(self.static_root or "")
            if self.autorefresh or os.path.commonpath((os.path.realpath(path), root)) == root:
                yield path
