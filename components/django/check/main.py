"""Checks the stores that were there before, from inside the namespace and as the app is told of them: the first job of a release.

What the settings say of each is in stores.json beside this file, what the app is told in the variable that is named there. What is
wrong comes last, in few words, for the end of a log is what `pulumi up` shows. No password is in it.
"""

import json
import os
import sys
import time
from urllib.parse import parse_qs, quote, unquote, urlsplit

import memcached
import postgresql
import rabbitmq
import redis_server
from connection import Server
from problem import NotYet, Problem

#: Seconds for what may go away by itself: a NetworkPolicy reaches a new pod's node some seconds after the pod.
GRACE = float(os.environ.get("DJANGO_ON_KUBERNETES_CHECK_GRACE", "45"))

#: Seconds in which a network may let a new pod through to everything, for it does not know yet what is closed to it: an answer of then is no proof.
SETTLED = min(5.0, GRACE)


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stores.json"), encoding="utf-8") as file:
        stores = json.load(file)
    begin = time.monotonic()
    problems = []
    for claims in stores:
        try:
            for found in patiently(claims, begin):
                print("%s: %s" % (claims["setting"], shown(found, claims)), flush=True)
        except Problem as problem:
            problems.append((claims, problem))
        except Exception as error:  # whatever it is, no trace is to show a password
            problems.append((claims, Problem(repr(error), "a check that ends", "tell the makers of this program")))
    for claims, problem in problems:
        text = "%s: %s\n  allowed: %s\n  fix: %s" % (
            claims["setting"],
            problem.found,
            problem.allowed,
            problem.fix,
        )
        print(shown(text, claims), flush=True)
    return 1 if problems else 0


def patiently(claims, begin):
    while True:
        asked = time.monotonic() - begin
        try:
            found = check(claims)
        except NotYet:
            if asked >= GRACE:
                raise
            time.sleep(2)
            continue
        if asked >= SETTLED:
            return found
        time.sleep(max(0, SETTLED - (time.monotonic() - begin)))


def check(claims):
    """What was found of each server of a store."""
    url = os.environ[claims["variable"]]
    return {"postgresql": database, "redis": redis, "amqp": broker, "memcached": servers}[claims["protocol"]](url, claims)


def database(url, claims):
    address, options = parts(url)
    server = Server(claims, address.hostname, address.port, 0, options.get("sslmode"), options.get("sslrootcert"))
    user, password, name = (unquote(text or "") for text in (address.username, address.password, address.path[1:]))
    return [postgresql.check(server, user, password, name, claims)]


def redis(urls, claims):
    found = []
    for index, url in enumerate(urls.split()):
        address, options = parts(url)
        server = Server(
            claims, address.hostname, address.port, index, redis_mode(address, options), options.get("ssl_ca_certs")
        )
        user, password = unquote(address.username or ""), unquote(address.password or "")
        number = int(address.path[1:] or "0")
        found.append(redis_server.check(server, claims["store"], user, password, number, index > 0))
    return found


def redis_mode(address, options):
    if address.scheme != "rediss":
        return "disable"
    if options.get("ssl_cert_reqs") == "none":
        return "require"
    return "verify-full" if options.get("ssl_check_hostname") == "true" else "verify-ca"


def broker(url, claims):
    address, _ = parts(url)
    mode, ca = (os.environ.get(claims["prefix"] + name) for name in ("BROKER_SSLMODE", "BROKER_SSLROOTCERT"))
    server = Server(claims, address.hostname, address.port, 0, mode, ca)
    user, password, vhost = (unquote(text or "") for text in (address.username, address.password, address.path[1:]))
    return [rabbitmq.check(server, user, password, vhost)]


def servers(text, claims):
    found = []
    for index, one in enumerate(text.split()):
        host, _, port = one.rpartition(":")
        found.append(memcached.check(Server(claims, host, int(port), index)))
    return found


def parts(url):
    address = urlsplit(url)
    return address, {name: values[0] for name, values in parse_qs(address.query).items()}


def shown(text, claims):
    """Without the password, in whatever form a server or Python may have said it."""
    for url in os.environ.get(claims["variable"], "").split():
        for secret in filter(None, [urlsplit(url).password if "://" in url else None]):
            for form in {secret, unquote(secret), quote(unquote(secret), safe=""), repr(unquote(secret))[1:-1]}:
                # What is shorter stands in many a word.
                text = text.replace(form, "***") if len(form) >= 6 else text
    return text


if __name__ == "__main__":
    sys.exit(main())
