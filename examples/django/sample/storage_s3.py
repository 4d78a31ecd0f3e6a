"""Static files in a bucket that speaks S3. Loaded only where there is one: the library behind it takes its time."""

from typing import Any

from storages.backends.s3 import S3ManifestStaticStorage

from .staticfiles import cache_control, manifest_of_release


class StaticStorage(S3ManifestStaticStorage):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.manifest_name = manifest_of_release()
        super().__init__(*args, **kwargs)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {**super().get_object_parameters(name), "CacheControl": cache_control(name)}
