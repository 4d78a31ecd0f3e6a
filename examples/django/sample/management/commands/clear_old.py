from argparse import ArgumentParser
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sample.models import Upload
from sample.work import record


class Command(BaseCommand):
    help = (
        "Deletes old uploads, and old results of tasks where these are kept in the database. Made to be run by a schedule."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="older than this (default: %(default)s)")

    def handle(self, *, days: int, verbosity: int, **_: object) -> None:
        if days < 0:
            raise CommandError(f"--days is {days}; it has to be 0 or more")
        cleared = 0
        for upload in Upload.objects.filter(uploaded_at__lt=timezone.now() - timedelta(days=days)).iterator():
            # The file first: a row without its file can be deleted again, a file without its row would never be found.
            upload.file.delete(save=False)
            upload.delete()
            cleared += 1
        if settings.TASKS_LIBRARY == "django-tasks":
            call_command("prune_db_task_results", min_age_days=days, verbosity=0)
        result = f"{cleared} upload{'' if cleared == 1 else 's'} cleared"
        record("clear_old", result)
        if verbosity > 0:
            self.stdout.write(result)
