from django.conf import settings
from django.contrib import admin
from django.urls import path

from . import health, uploads, views

urlpatterns = [
    path("", views.page, name="page"),
    path("api/status", views.status, name="status"),
    path("visits", views.record_visit, name="visits"),
    path("uploads", uploads.upload, name="uploads"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    # Of a volume; the addresses of files in a bucket lead there.
    path(settings.MEDIA_URL.removeprefix("/") + "<path:name>", uploads.media, name="media"),
]
