from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class SampleConfig(AppConfig):
    name = "sample"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.TASKS_LIBRARY == "django-q":
            post_migrate.connect(schedule_heartbeat, sender=self)


def schedule_heartbeat(**_: object) -> None:
    """What beat's schedule is to Celery. Django Q2 keeps its own in the database, and looks at it once in half a minute."""
    from django_q.models import Schedule

    Schedule.objects.update_or_create(
        name="heartbeat",
        defaults={
            "func": "sample.work.heartbeat",
            "kwargs": "sender='Django Q2'",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
        },
    )
