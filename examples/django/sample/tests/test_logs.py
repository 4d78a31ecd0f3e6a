import json
import logging
import sys

from django.test import SimpleTestCase

from sample.logs import JsonFormatter, WithoutProbes


class LogsTest(SimpleTestCase):
    def record(self, message: str, args: object = (), **more: object) -> logging.LogRecord:
        return logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": message, "args": args, **more})

    def test_a_stack_trace_is_part_of_its_one_line(self) -> None:
        try:
            raise ValueError("two\nlines")
        except ValueError:
            line = JsonFormatter().format(self.record("failed\nbadly", exc_info=sys.exc_info()))
        self.assertNotIn("\n", line)
        event = json.loads(line)
        self.assertEqual(event["message"], "failed\nbadly")
        self.assertIn("ValueError: two\nlines", event["exception"])

    def test_answered_probes_are_left_out_and_nothing_else(self) -> None:
        cases = [("/healthz/ready", "200", False), ("/healthz/ready", "503", True), ("/", "200", True)]
        for path, status, kept in cases:
            record = self.record("%(U)s", {"U": path, "s": status})
            self.assertEqual(WithoutProbes().filter(record), kept, path)
        self.assertTrue(WithoutProbes().filter(self.record("plain")))

    def test_probes_of_uvicorn_too(self) -> None:
        for path, status, kept in [("/healthz/ready", 200, False), ("/healthz/ready", 503, True), ("/", 200, True)]:
            record = self.record("%s %s %s %s %d", ("10.0.0.1:4", "GET", path, "1.1", status))
            self.assertEqual(WithoutProbes().filter(record), kept, path)
