from django.db import models


class Visit(models.Model):
    """One row per recorded visit. Rows are only ever added, so a count that falls proves a loss."""

    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.CharField(max_length=253, help_text="Host name of the pod that wrote the row")

    def __str__(self) -> str:
        return f"visit {self.pk}"


class TaskResult(models.Model):
    """What the last run of a task found out: one row per task."""

    task = models.CharField(max_length=100, unique=True)
    result = models.CharField(max_length=200)
    worker = models.CharField(max_length=300)
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task}: {self.result}"


class Heartbeat(models.Model):
    """One row each time that beat fired, for a day."""

    fired_at = models.DateTimeField(db_index=True)
    beat = models.CharField(max_length=300, help_text="Process and host of the beat that sent it")
    worker = models.CharField(max_length=300, help_text="The worker that received it")

    def __str__(self) -> str:
        return f"{self.fired_at:%H:%M:%S} by {self.beat}"


class Upload(models.Model):
    """One row per uploaded file. The file itself is wherever the settings keep uploads: a volume or a bucket."""

    file = models.FileField(upload_to="uploads/", max_length=300)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    uploaded_at = models.DateTimeField(auto_now_add=True, db_index=True)
    uploaded_by = models.CharField(max_length=253, help_text="Host name of the pod that received it")

    def __str__(self) -> str:
        return self.file.name
