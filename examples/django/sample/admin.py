from django.contrib import admin

from .models import Heartbeat, TaskResult, Upload, Visit

admin.site.register(Visit, list_display=["id", "recorded_at", "recorded_by"])
admin.site.register(TaskResult, list_display=["task", "result", "worker", "finished_at"])
admin.site.register(Heartbeat, list_display=["id", "fired_at", "beat", "worker"])
admin.site.register(Upload, list_display=["file", "size", "uploaded_at", "uploaded_by"])
