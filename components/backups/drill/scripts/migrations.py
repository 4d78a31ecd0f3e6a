"""The step of a drill that is the app's: whether its migrations fit the restored data, by the app's own image.

    python migrations.py STORE [CHECK...] -- APPLY...

Data of before the last release lacks that release's migrations: then they are applied, as the release after a restore would do it.
"""

import datetime
import json
import os
import subprocess
import sys

NOTES = os.environ.get("DRILL_NOTES", "/notes")
MESSAGE = os.environ.get("DRILL_MESSAGE", "/dev/termination-log")


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    print(done.stdout, end="", flush=True)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return done.returncode, lines


def note(name, text, mode="w"):
    with open(os.path.join(NOTES, name), mode, encoding="utf-8") as file:
        file.write(text + "\n")


def noted(name):
    try:
        with open(os.path.join(NOTES, name), encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def check(ok, found):
    note("checks", json.dumps({"name": "migrations", "ok": ok, "found": found[:200]}), "a")


def fail(store, lines):
    what = (
        "The app's migrations do not apply to the restored data: %s. Fix: with this image a restore would end at the release; "
        "mend the migration, or restore with the image of that time." % (lines[-1][:300] if lines else "it says nothing")
    )
    check(False, what)
    now = datetime.datetime.now(datetime.timezone.utc)
    begun = datetime.datetime.fromtimestamp(int(noted("started") or now.timestamp()), datetime.timezone.utc)
    said = {
        "kind": "drill",
        "store": store,
        "started": begun.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ended": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "result": "failed",
        "what": what,
        "checks": [json.loads(line) for line in noted("checks").splitlines()][-10:],
    }
    if noted("as-of"):
        said["dataAsOf"] = noted("as-of")
    line = json.dumps(said)
    print(line, flush=True)
    with open(MESSAGE, "w", encoding="utf-8") as file:
        file.write(line + "\n")
    sys.exit(1)


def main():
    store, *commands = sys.argv[1:]
    between = commands.index("--")
    # Of a command of the app's own nobody knows how it would only look.
    code, lines = run(commands[:between]) if between > 0 else (1, [])
    if code == 0:
        check(True, "all applied")
        note("migrations", ", all migrations applied")
        return
    code, lines = run(commands[between + 1 :])
    if code != 0:
        fail(store, lines)
    applied = sum(line.startswith("Applying ") for line in lines)
    check(True, "%d applied anew" % applied)
    note("migrations", ", %d migrations of a later release applied" % applied)


main()
