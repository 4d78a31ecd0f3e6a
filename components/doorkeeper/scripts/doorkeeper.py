# Puts an environment that nobody uses to sleep, and wakes it at a request: counts of pods go to 0 and back, volumes stay.
# While it sleeps, this pod carries the labels of the web pods, so that their Service leads here; while it is awake, nothing here is in
# the way of a request. What is seen of requests is the access log of the web pods: before it puts all to sleep it sends one itself, and
# where that is not in the log, nobody is put to sleep.
# Python's standard library only, 3.8 or later. One file tells it what there is; APP says whose requests this pod answers.
import http.client
import json
import os
import re
import signal
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode

# Seconds between two looks: at a request nobody waits for the next one.
ASLEEP, WAKING, AWAKE, RETRY = 2, 0.5, 30, 3
# Until every proxy knows of a pod that stands in, and until stores have to be there before the apps are started all the same.
SETTLE, PATIENCE = 5, 60
# Until a line has come from a server's hand to the API.
LOGGED = 5
# Who woke it for a job, or a change, has so long for what comes of it.
LINGER = 600
# Bytes of a log: that much in one look is use, whatever it says.
MUCH, ALL = 1 << 20, 32 << 20

# The request's line between quotes, which are escaped where lines are JSON.
LOADED = re.compile(r'\\?"(?P<method>[A-Z]+|WebSocket) (?P<path>/[^\s"\\]*)[^"\\]*\\?"\s*(?P<status>[0-9]{3})?')
# A path of no app, which no logging leaves out as it does probes.
OWN = "/doorkeeper-"
CHECKER = re.compile(r"\b(kube-probe|GoogleHC|ELB-HealthChecker)/")
OPENED = re.compile(r'"WSCONNECT |\bconnection open(?:"|\s*$)')
CLOSED = re.compile(r'"WSDISCONNECT |\bconnection closed(?:"|\s*$)')

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width">
<title>Waking up</title>
<style>body{font:1.1rem/1.5 sans-serif;margin:20vh auto;max-width:30rem;padding:0 1rem;text-align:center}</style>
</head>
<body>
<h1>Waking up</h1>
<p>Nobody used this environment for a while, so it slept. It is being started, and this page goes on by itself.</p>
</body>
</html>
"""
LATER = "This environment slept and is being started. Try again in a few seconds.\n"


def say(text):
    print(f"doorkeeper: {text}", flush=True)


class Refused(Exception):
    """What the API said no to."""

    def __init__(self, status, what):
        super().__init__(f"{what} was answered with {status}")
        self.status = status


class Api:
    """Kubernetes, as far as this needs it."""

    def __init__(self, namespace):
        self.path = os.environ.get("CREDENTIALS", "/var/run/secrets/doorkeeper")
        self.host = os.environ["KUBERNETES_SERVICE_HOST"]
        self.port = int(os.environ.get("KUBERNETES_SERVICE_PORT", "443"))
        self.tls = ssl.create_default_context(cafile=os.path.join(self.path, "ca.crt"))
        # Python 3.13 wants of certificates what those of many clusters do not have (an authority key identifier).
        self.tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self.namespace = quote(namespace)

    def call(self, method, group, rest, query=None, body=None):
        # The kubelet puts another token there before this one ends.
        with open(os.path.join(self.path, "token")) as file:
            headers = {"Authorization": "Bearer " + file.read().strip(), "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/merge-patch+json"
        if rest.endswith("/log"):
            headers["Accept"] = "*/*"
        path = f"/{group}/namespaces/{self.namespace}/{rest}" + (f"?{urlencode(query)}" if query else "")
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.tls)
        try:
            connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refused(answer.status, f"{method} of {rest}")
        return text

    def json(self, *args, **more):
        return json.loads(self.call(*args, **more))

    def workload(self, kind, name):
        return self.json("GET", "apis/apps/v1", f"{kind}/{quote(name)}")

    def scale(self, kind, name, replicas):
        query = {"fieldManager": "doorkeeper"}
        self.call("PATCH", "apis/apps/v1", f"{kind}/{quote(name)}/scale", query, {"spec": {"replicas": replicas}})

    def label(self, pod, labels):
        query = {"fieldManager": "doorkeeper"}
        self.call("PATCH", "api/v1", f"pods/{quote(pod)}", query, {"metadata": {"labels": labels}})

    def pods(self, instance):
        return self.json("GET", "api/v1", "pods", {"labelSelector": f"app.kubernetes.io/instance={instance}"})["items"]

    def log(self, pod, container, limit, since=None):
        query = {"container": container, "limitBytes": limit}
        if since is not None:
            query["sinceSeconds"] = max(1, int(since))
        text = self.call("GET", "api/v1", f"pods/{quote(pod)}/log", query)
        return text.decode("utf-8", "replace").splitlines(), len(text) >= limit

    def active_jobs(self):
        found = []
        for job in self.json("GET", "apis/batch/v1", "jobs")["items"]:
            ended = [one["type"] for one in job.get("status", {}).get("conditions", []) if one["status"] == "True"]
            if not {"Complete", "Failed", "Suspended"} & set(ended) and not job["spec"].get("suspend"):
                found.append(job["metadata"]["name"])
        return found


class Knocks:
    """Requests, told by the threads that answer them."""

    def __init__(self):
        self.event = threading.Event()

    def knock(self):
        if not self.event.is_set():
            # Who decides in another pod reads it here.
            print('"WAKE /" 503', flush=True)
        self.event.set()

    def take(self):
        came = self.event.is_set()
        self.event.clear()
        return came


def handler_of(app, knocks):
    hosts = {host.lower() for host in app["hosts"]}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Of a client that sends nothing.
        timeout = 10

        def version_string(self):
            return "doorkeeper"

        def log_message(self, *_):
            pass

        def answer(self):
            path = self.path.split("?")[0]
            agent = self.headers.get("User-Agent", "")
            if path in app["probes"] or CHECKER.search(agent):
                # Of a load balancer, which has to go on sending requests here: nobody wants to see a page.
                return self.reply(200, "asleep\n")
            host = re.sub(r":[0-9]*$", "", self.headers.get("Host", "")).lower().rstrip(".")
            if host not in hosts:
                return self.reply(400, "No app has this host.\n")
            knocks.knock()
            reads = self.command == "GET" and "text/html" in self.headers.get("Accept", "")
            more = {"Retry-After": "5"}
            if reads and "Upgrade" not in self.headers:
                return self.reply(503, PAGE, "text/html", more)
            return self.reply(503, LATER, "text/plain", more)

        def reply(self, status, text, kind="text/plain", more=None):
            self.drain()
            data = text.encode()
            self.send_response(status)
            headers = {
                "Content-Type": f"{kind}; charset=utf-8",
                "Content-Length": str(len(data)),
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
                "X-Content-Type-Options": "nosniff",
                # A proxy that kept the connection would come here again when the web pods are back.
                "Connection": "close",
            }
            for name, value in {**headers, **(more or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def drain(self):
            """Closed on what nobody read, a connection is reset, and the client sees no answer."""
            try:
                left = min(int(self.headers.get("Content-Length", "0")), 1 << 20)
                while left > 0:
                    part = self.rfile.read(min(left, 1 << 16))
                    if not part:
                        break
                    left -= len(part)
            except (ValueError, OSError):
                pass

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        setattr(Handler, f"do_{method}", Handler.answer)
    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        # A client that went away.
        pass


class Doorkeeper:
    def __init__(self, told, api, knocks):
        self.told, self.api, self.knocks = told, api, knocks
        self.apps = told["apps"]
        self.sleepers = told["sleepers"]
        self.own = self.apps[0]
        self.names = {one["name"] for one in self.sleepers if one["stage"] == "app"}
        self.asleep = False
        # Of each sleeper, while it sleeps: another one means that somebody changed it.
        self.generations = {}
        self.standing = set()
        self.woken = self.used = time.monotonic()
        self.until = 0.0
        self.looked = None
        self.unreadable = False
        # Why it is being woken, until it is.
        self.reason = None

    def run(self):
        started = False
        while True:
            try:
                if not started:
                    self.start()
                    started = True
                pause = self.sleeping() if self.asleep else self.awake()
            except (OSError, ValueError, KeyError, http.client.HTTPException, Refused) as error:
                # Says nothing of what was sent.
                say(f"{type(error).__name__}: {error}; tries again")
                time.sleep(RETRY)
                continue
            self.knocks.event.wait(pause)

    def start(self):
        """Whatever it was killed in the middle of: the cluster says how far it came."""
        states = self.states()
        self.asleep = self.wanted(states, self.own["web"]) == 0
        self.used = time.monotonic()
        say(f"is up; the environment is {'asleep' if self.asleep else 'awake'}")
        if self.asleep:
            self.stand_in()
        else:
            self.raise_some(states, self.sleepers)
            self.standing = {app["name"] for app in self.apps}

    # What there is

    def states(self):
        """What is there: one that an update, or the end of it all, has removed already is left out."""
        states = {}
        for one in self.sleepers:
            try:
                states[one["name"]] = self.api.workload(one["kind"], one["name"])
            except Refused as refused:
                if refused.status != 404:
                    raise
        return states

    @staticmethod
    def wanted(states, name):
        return states[name]["spec"].get("replicas", 1)

    @staticmethod
    def ready(states, name):
        return states.get(name, {}).get("status", {}).get("readyReplicas", 0)

    def of_stage(self, stage, states):
        return [one for one in self.sleepers if one["stage"] == stage and one["name"] in states]

    # While it is awake

    def awake(self):
        if self.knocks.take():
            self.used = time.monotonic()
        states = self.states()
        if self.standing:
            self.step_aside(states)
        if self.standing:
            # Of a release that never gets ready, this would be said all day.
            return WAKING if time.monotonic() - self.woken < 2 * PATIENCE else ASLEEP * 5
        pause = min(AWAKE, max(ASLEEP, self.told["after"] / 4))
        now = time.monotonic()
        since = now - (self.looked if self.looked is not None else now - pause)
        jobs = self.api.active_jobs()
        if jobs:
            self.until = now + min(LINGER, self.told["after"])
        if self.others_knocked(since) or self.in_use(since + 2):
            self.used = now
        self.looked = now
        if now - self.used >= self.told["after"] and now >= self.until and not jobs:
            if self.has_open_sockets() or not self.is_logged():
                self.used = now
            else:
                return self.fall_asleep()
        return pause

    def web_pods(self):
        webs = {app["web"]: app for app in self.apps}
        for pod in self.api.pods(self.told["instance"]):
            labels = pod["metadata"]["labels"]
            app = webs.get(labels.get("app.kubernetes.io/name"))
            conditions = pod.get("status", {}).get("conditions", [])
            ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
            if app is not None and pod["metadata"]["name"] not in self.stand_ins() and ready:
                yield app, pod["metadata"]["name"], pod["status"]["podIP"]

    def in_use(self, since):
        pods = 0
        for app, pod, _ in self.web_pods():
            pods += 1
            try:
                lines, much = self.api.log(pod, app["container"], MUCH, since)
            except Refused:
                # It has ended meanwhile.
                return True
            if much or any(self.counts(app, found) for found in map(LOADED.search, lines) if found):
                return True
        return pods == 0

    def is_logged(self):
        """Asks each web pod for something, and looks for it in its log."""
        for app, pod, address in self.web_pods():
            path = OWN + os.urandom(8).hex()
            try:
                connection = http.client.HTTPConnection(address, app["port"], timeout=10)
                connection.request("GET", path, headers={"Host": app["hosts"][0], "Connection": "close"})
                connection.getresponse().read()
                connection.close()
            except (OSError, http.client.HTTPException):
                return self.missing(pod)
            for _ in range(10):
                lines, _much = self.api.log(pod, app["container"], MUCH, PATIENCE)
                if any(found.group("path") == path for found in map(LOADED.search, lines) if found):
                    break
                time.sleep(LOGGED / 10)
            else:
                return self.missing(pod)
        self.unreadable = False
        return True

    def missing(self, pod):
        if not self.unreadable:
            say(f"{pod} writes no line for a request that it answers: without an access log the environment stays awake")
        self.unreadable = True
        return False

    @staticmethod
    def counts(app, found):
        path = found.group("path").split("?")[0]
        checks = path in app["probes"] or CHECKER.search(found.string)
        # Django's answer to a host that is none of its own.
        return not checks and not path.startswith(OWN) and found.group("status") != "400"

    def has_open_sockets(self):
        for app, pod, _ in self.web_pods():
            lines, _much = self.api.log(pod, app["container"], ALL)
            if sum(bool(OPENED.search(line)) - bool(CLOSED.search(line)) for line in lines) > 0:
                return True
        return False

    # Falling asleep, and sleeping

    def stand_ins(self):
        return {app["pod"] for app in self.apps}

    def stand_in(self):
        for app in self.apps:
            self.api.label(app["pod"], app["labels"])
            self.standing.add(app["name"])

    def step_aside(self, states):
        for app in self.apps:
            if app["name"] in self.standing and self.ready(states, app["web"]) > 0:
                self.api.label(app["pod"], app["ownLabels"])
                self.standing.discard(app["name"])

    def fall_asleep(self):
        self.stand_in()
        if self.knocks.event.wait(SETTLE):
            return WAKING
        say("nobody came for long enough: the environment goes to sleep")
        self.asleep = True
        self.generations = {}
        return 0

    def sleeping(self):
        states = self.states()
        self.reason = self.reason or self.reason_to_wake(states)
        if self.reason is not None:
            return self.wake(self.reason)
        self.put_to_rest(self.of_stage("app", states), states)
        # A worker ends its task first, and a task needs its stores.
        if not self.has_pods():
            self.put_to_rest(self.of_stage("store", states), states)
        return ASLEEP

    def put_to_rest(self, some, states):
        for one in some:
            name = one["name"]
            if self.wanted(states, name) == 0:
                self.generations.setdefault(name, states[name]["metadata"]["generation"])
            elif name not in self.generations:
                self.api.scale(one["kind"], name, 0)

    def has_pods(self):
        return any(
            pod["metadata"]["labels"].get("app.kubernetes.io/name") in self.names
            and pod["metadata"]["name"] not in self.stand_ins()
            and pod.get("status", {}).get("phase") not in ("Succeeded", "Failed")
            for pod in self.api.pods(self.told["instance"])
        )

    def others_knocked(self, since):
        for app in self.apps[1:]:
            try:
                lines, _ = self.api.log(app["pod"], "doorkeeper", MUCH, since + 1)
            except Refused:
                # It is being made anew.
                continue
            if any(LOADED.search(line) for line in lines):
                return True
        return False

    def reason_to_wake(self, states):
        if self.knocks.take() or self.others_knocked(ASLEEP):
            return "a request came"
        for one in self.sleepers:
            name, known = one["name"], self.generations.get(one["name"])
            if known is not None and name in states and states[name]["metadata"]["generation"] != known:
                self.until = time.monotonic() + min(LINGER, self.told["after"])
                return f"{name} was changed"
        jobs = self.api.active_jobs()
        if jobs:
            self.until = time.monotonic() + min(LINGER, self.told["after"])
            return f"the job {jobs[0]} is at work"
        return None

    # Waking

    def wake(self, reason):
        began = time.monotonic()
        say(f"{reason}: the environment wakes")
        states = self.states()
        stores = self.of_stage("store", states)
        self.raise_some(states, stores)
        while time.monotonic() - began < PATIENCE:
            states = self.states()
            if all(self.ready(states, one["name"]) > 0 for one in stores):
                break
            time.sleep(WAKING)
        self.raise_some(states, self.of_stage("app", states))
        say(f"everything is started again after {time.monotonic() - began:.1f} s")
        self.asleep = False
        self.reason = None
        self.woken = self.used = time.monotonic()
        self.looked = None
        self.generations = {}
        return WAKING

    def raise_some(self, states, some):
        for one in some:
            if one["name"] in states and self.wanted(states, one["name"]) < one["replicas"]:
                self.api.scale(one["kind"], one["name"], one["replicas"])


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with open(sys.argv[1]) as file:
        told = json.load(file)
    app = next(one for one in told["apps"] if one["name"] == os.environ["APP"])
    knocks = Knocks()
    server = Server((os.environ.get("ADDRESS", ""), app["port"]), handler_of(app, knocks))
    if app is not told["apps"][0]:
        # Another pod decides, and reads here that somebody came.
        threading.Thread(target=forget, args=(knocks,), daemon=True).start()
        server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Doorkeeper(told, Api(told["namespace"]), knocks).run()


def forget(knocks):
    while True:
        knocks.event.wait()
        time.sleep(1)
        knocks.take()


if __name__ == "__main__":
    main()
