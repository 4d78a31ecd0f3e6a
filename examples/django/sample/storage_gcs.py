"""Static files in a bucket of Google's. Loaded only where there is one: the library behind it takes its time."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestFilesMixin
from storages.backends.gcloud import GoogleCloudStorage

from .staticfiles import cache_control, manifest_of_release


class StaticStorage(ManifestFilesMixin, GoogleCloudStorage):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.manifest_name = manifest_of_release()
        super().__init__(*args, **kwargs)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {**super().get_object_parameters(name), "cache_control": cache_control(name)}
