from django.contrib import admin
from django.urls import path

from . import health, views

urlpatterns = [
    path("", views.page, name="page"),
    path("api/status", views.status, name="status"),
    path("visits", views.record_visit, name="visits"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
]
