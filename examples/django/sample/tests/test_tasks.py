"""The tasks themselves and how the page sends one. That a worker gets it from a broker: the cluster tests."""

import threading
import time
from datetime import timedelta
from unittest.mock import patch

from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from sample.models import Heartbeat, TaskResult
from sample.task_sender import TaskSender
from sample.tasks import add, heartbeat


class TasksTest(TestCase):
    def test_add_keeps_the_last_result_only(self) -> None:
        add.delay(2, 3)
        add.delay(4, 5)
        self.assertEqual([str(row) for row in TaskResult.objects.all()], ["add: 4 + 5 = 9"])

    def test_heartbeat_adds_a_row_and_drops_those_of_yesterday(self) -> None:
        Heartbeat.objects.create(fired_at=timezone.now() - timedelta(days=2), beat="old", worker="old")
        heartbeat.delay()
        self.assertEqual(Heartbeat.objects.count(), 1)
        self.assertNotEqual(Heartbeat.objects.get().beat, "old")

    def test_how_long_they_may_run_is_left_to_the_worker(self) -> None:
        # The sender would write a limit of its own into each message.
        self.assertEqual({(task.time_limit, task.soft_time_limit) for task in (add, heartbeat)}, {(None, None)})


@override_settings(CELERY_TASK_ALWAYS_EAGER=False)
class TaskSenderTest(SimpleTestCase):
    def test_never_waits_for_the_broker(self) -> None:
        answered = threading.Event()
        sender = TaskSender(interval=0)
        with patch("sample.tasks.add.apply_async", side_effect=lambda *_, **__: answered.wait(5)) as send:
            began = time.monotonic()
            sender.offer()
            sender.offer()  # the first is still on its way: no second one
            took = time.monotonic() - began
            answered.set()
            self.wait_until(lambda: sender.state == "ok")
        self.assertLess(took, 0.5)
        self.assertEqual(send.call_count, 1)
        self.assertFalse(send.call_args.kwargs["retry"])

    def test_sends_once_per_interval(self) -> None:
        sender = TaskSender(interval=60)
        with patch("sample.tasks.add.apply_async") as send:
            for _ in range(3):
                sender.offer()
                self.wait_until(lambda: sender.state == "ok")
        self.assertEqual(send.call_count, 1)

    def test_tells_of_an_unavailable_broker_without_its_address(self) -> None:
        sender = TaskSender(interval=0)
        with (
            patch("sample.tasks.add.apply_async", side_effect=OperationalError("redis://:secret@broker")),
            self.assertLogs("sample.task_sender", "WARNING") as logs,
        ):
            sender.offer()
            self.wait_until(lambda: sender.state == "unavailable")
        self.assertNotIn("secret", logs.output[0])

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.01)
