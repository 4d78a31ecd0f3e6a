"""Sends the page's task without letting the page wait for the broker."""

import logging
import random
import threading
import time
from typing import Literal

from django.db import connection

from . import queues

logger = logging.getLogger(__name__)

BrokerState = Literal["eager", "untried", "ok", "unavailable"]


class TaskSender:
    """At most one send at a time and one per `interval` seconds, in a thread of its own.

    A broker that refuses connections fails at once, but one that answers nothing costs its whole timeout: no page view
    should pay that. The limit is kept per process and not in the cache, whose replicas may lag behind.
    """

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.state: BrokerState = "untried"
        self._lock = threading.Lock()
        self._next = 0.0
        self._sending = False

    def offer(self) -> None:
        if queues.runs_in_the_request():
            self.state = "eager"
            queues.send(*self._numbers())
            return
        with self._lock:
            now = time.monotonic()
            if self._sending or now < self._next:
                return
            self._sending, self._next = True, now + self.interval
        threading.Thread(target=self._send, name="task-sender", daemon=True).start()

    def _send(self) -> None:
        try:
            queues.send(*self._numbers())
            self.state = "ok"
        except Exception as error:  # every transport has errors of its own; the page works without any of them
            # The class only: the text of some of them holds the broker's address.
            if self.state != "unavailable":
                logger.warning("broker unavailable: %s", type(error).__name__)
            self.state = "unavailable"
        finally:
            # Of this thread, and opened where the database carries the tasks: nobody else would close it.
            connection.close()
            self._sending = False

    @staticmethod
    def _numbers() -> tuple[int, int]:
        return random.randint(2, 49), random.randint(2, 49)


page_task = TaskSender(interval=2)
