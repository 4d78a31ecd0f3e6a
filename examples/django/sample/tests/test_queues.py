"""Tasks that wait in the database, with each library's own worker. Brokers that are servers: the cluster tests."""

import tempfile
from pathlib import Path

from django.test import SimpleTestCase, override_settings

from sample import queues

from .processes import run

SEND = "from sample import queues; queues.send(2, 3)"
RESULT = """
from sample.models import TaskResult
print(*TaskResult.objects.filter(task="add").values_list("result", flat=True), sep=";")
"""


class RoundTripTest(SimpleTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.environment = {
            "DJANGO_APP_SECRET_KEY": "key",
            "DJANGO_APP_DB_ENGINE": "django.db.backends.sqlite3",
            "DJANGO_APP_DB_NAME": str(Path(folder.name) / "db.sqlite3"),
        }

    def manage(self, *arguments: str, **environment: str) -> str:
        ran = run(["manage.py", *arguments], self.environment | environment)
        self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)
        return ran.stdout.strip().split("\n")[-1]

    def round_trip(self, library: str, *worker: str) -> str:
        tasks = {"DJANGO_APP_TASKS_LIBRARY": library}
        self.manage("migrate", "--noinput", **tasks)
        self.manage("shell", "--no-imports", "-c", SEND, **tasks)
        self.assertEqual(self.manage("shell", "--no-imports", "-c", RESULT, **tasks), "")
        self.manage(*worker, **tasks)
        return self.manage("shell", "--no-imports", "-c", RESULT, **tasks)

    def test_django_tasks(self) -> None:
        self.assertEqual(self.round_trip("django-tasks", "db_worker", "--batch", "--no-startup-delay"), "2 + 3 = 5")

    def test_django_q(self) -> None:
        self.assertEqual(self.round_trip("django-q", "qcluster", "--run-once"), "2 + 3 = 5")
        scheduled = "from django_q.models import Schedule; print(*Schedule.objects.values_list('name', 'func'))"
        self.assertEqual(
            self.manage("shell", "--no-imports", "-c", scheduled, DJANGO_APP_TASKS_LIBRARY="django-q"),
            "('heartbeat', 'sample.work.heartbeat')",
        )

    def test_clearing_what_is_old_takes_results_of_tasks_along(self) -> None:
        tasks = {"DJANGO_APP_TASKS_LIBRARY": "django-tasks"}
        self.round_trip("django-tasks", "db_worker", "--batch", "--no-startup-delay")
        kept = "from django_tasks_db.models import DBTaskResult; print(DBTaskResult.objects.count())"
        self.manage("clear_old", **tasks)
        self.assertEqual(self.manage("shell", "--no-imports", "-c", kept, **tasks), "1")
        self.manage("clear_old", "--days=0", **tasks)
        self.assertEqual(self.manage("shell", "--no-imports", "-c", kept, **tasks), "0")


class CarrierTest(SimpleTestCase):
    def test_names_where_a_task_waits(self) -> None:
        cases = [
            ("celery", "redis", None, "Redis"),
            ("celery", "rediss", None, "Redis"),
            ("celery", "amqp", "quorum", "RabbitMQ, quorum queue"),
            ("celery", "amqps", "classic", "RabbitMQ, classic queue"),
            ("celery", None, None, "memory of this process"),
            ("django-q", "redis", None, "Redis"),
            ("django-q", None, None, "database"),
            ("django-q", "amqp", "quorum", "database"),
            ("django-tasks", "redis", None, "database"),
        ]
        for library, scheme, queue_type, carrier in cases:
            with (
                self.subTest(library=library, scheme=scheme),
                override_settings(
                    TASKS_LIBRARY=library,
                    BROKER_SCHEME=scheme,
                    BROKER_URL=scheme and f"{scheme}://broker",
                    CELERY_TASK_DEFAULT_QUEUE_TYPE=queue_type,
                ),
            ):
                self.assertEqual(queues.carrier(), carrier)
