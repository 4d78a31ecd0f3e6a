"""A Memcached server, in its text protocol, which Django's client speaks.

Source: https://github.com/memcached/memcached/blob/master/doc/protocol.txt
"""

import os

from connection import Connection
from problem import NotYet, Problem, set_command, told


def check(server):
    """Returns what was found, in a few words."""
    with Connection(server) as connection:
        try:
            connection.send(b"version\r\n")
            answer = connection.line().decode("utf-8", "replace")
            if not answer.startswith("VERSION "):
                raise other(server, answer)
            key = b"django-on-kubernetes:check:" + os.urandom(8).hex().encode()
            connection.send(b"set %s 0 10 1\r\n1\r\n" % key)
            stored = connection.line().decode("utf-8", "replace")
            if stored != "STORED":
                raise refused(server, stored)
            connection.send(b"delete %s\r\n" % key)
            connection.line()
        except EOFError:
            raise NotYet(
                "%s closes the connection without a word of Memcached's" % server,
                "a Memcached server that speaks its text protocol, without TLS and SASL",
                "mend the port (%s), or start it without -B binary, -S and -Z" % server.at("port"),
            ) from None
    return "Memcached %s" % told(answer[8:])


def refused(server, answer):
    if "unauthenticated" in answer:
        return Problem(
            "%s asks for a password" % server,
            "a server without one, in a private network: Django's client logs in nowhere",
            "start it without -Y and -S",
        )
    if "out of memory" in answer:
        return Problem("%s is full and evicts nothing" % server, "a server that evicts (R32)", "start it without -M")
    return Problem("%s stores nothing: %s" % (server, told(answer)), "STORED", "look at the server's log")


def other(server, answer):
    if answer.startswith(("-ERR", "-NOAUTH", "-DENIED")):
        return Problem(
            "%s is Redis, and no Memcached" % server, "a Memcached server", set_command(server.at("protocol"), "redis")
        )
    if "unauthenticated" in answer:
        return refused(server, answer)
    return Problem(
        "%s answers %s" % (server, told(answer, 60)),
        "a Memcached server at this port",
        "mend the port: %s" % set_command(server.at("port"), "PORT"),
    )
