"""A Redis or Valkey server, as a cache or as a broker, in its own protocol (RESP 2).

Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

import os

from connection import Connection
from problem import NotYet, Problem, secret_command, set_command, told


class ServerError(Exception):
    """What the server said, without the hyphen before it."""


def check(server, role, user, password, database, copies):
    """Asks the primary, or with `copies` one of its replicas. Returns what was found, in a few words."""
    with Connection(server) as connection:
        if server.mode != "disable":
            # redis-py's defaults are Python's.
            connection.start_tls(strictly=True)
        try:
            log_in(connection, user, password)
            if database != 0:
                select(connection, database)
            found = facts(connection)
            must_suit(server, role, found, copies)
            if not copies:
                must_write(connection, role)
        except EOFError as end:
            raise ended(server, end.args[0]) from None
    name = "Valkey" if "valkey_version" in found else "Redis"
    version = found.get("valkey_version") or found.get("redis_version") or "of a version that INFO does not tell"
    return "%s %s, %s" % (name, version, connection.tls or "no TLS")


def call(connection, *words):
    data = b"*%d\r\n" % len(words)
    for word in words:
        encoded = word if isinstance(word, bytes) else str(word).encode()
        data += b"$%d\r\n%s\r\n" % (len(encoded), encoded)
    connection.send(data)
    return reply(connection)


def reply(connection):
    line = connection.line()
    kind, rest = line[:1], line[1:]
    if kind == b"-":
        raise ServerError(rest.decode("utf-8", "replace"))
    if kind == b"+":
        return rest
    if kind == b":":
        return int(rest)
    if kind == b"$":
        length = int(rest)
        return None if length < 0 else connection.exactly(length + 2)[:-2]
    raise EOFError(line)


def log_in(connection, user, password):
    server = connection.server
    try:
        if password:
            call(connection, "AUTH", *([user] if user else []), password)
        call(connection, "PING")
    except ServerError as error:
        raise login_problem(server, str(error), user, password) from None


def login_problem(server, message, user, password):
    if message.startswith("NOAUTH"):
        return Problem(
            "%s asks for a password" % server, "its password", secret_command(server.password_setting)
        )
    if message.startswith("WRONGPASS") or "invalid password" in message:
        return Problem(
            "%s refuses the login of %s: %s" % (server, user or "its default user", told(message)),
            "the password of a user who is on",
            "%s, or mend %s" % (secret_command(server.password_setting), server.at("user")),
        )
    if password and ("without any password configured" in message or "no password is set" in message):
        return Problem(
            "%s has no password, and was given one" % server,
            "no password, or one at the server too, which is better",
            "set requirepass at the server, or pulumi config rm --path '%s'" % server.password_setting,
        )
    if message.startswith("NOPERM"):
        return Problem(
            "%s: %s" % (server, told(message)),
            "a user who may PING",
            "give the user the right at the server: ACL SETUSER %s +@connection" % (user or "default"),
        )
    if user and "wrong number of arguments" in message:
        return Problem(
            "%s knows no users: it is older than version 6" % server,
            "Redis 6 or later, or no user",
            "pulumi config rm --path '%s'" % server.at("user"),
        )
    if message.startswith("DENIED"):
        return Problem(
            "%s takes no connections from other machines: it is in protected mode" % server,
            "a server with a password",
            "set requirepass, and protected-mode no, at the server",
        )
    if message.startswith(("LOADING", "MASTERDOWN", "ERR max number of clients")):
        return NotYet(
            "%s says: %s" % (server, told(message)), "a server that is up and has room", "look at the server, then pulumi up"
        )
    return Problem("%s says: %s" % (server, told(message)), "PONG", "look at the server's log")


def select(connection, database):
    server = connection.server
    try:
        call(connection, "SELECT", database)
    except ServerError as error:
        raise Problem(
            "%s says: %s" % (server, told(error)),
            "a database that the server has: of 16 the last is 15, and a cluster has 0 alone",
            set_command(server.at("database"), "0"),
        ) from None


def facts(connection):
    """INFO as a dictionary; empty where the user may not ask."""
    try:
        text = call(connection, "INFO", "everything") or b""
    except ServerError:
        return {}
    lines = (line.split(":", 1) for line in text.decode("utf-8", "replace").splitlines() if ":" in line)
    return {name: value for name, value in lines}


def must_suit(server, role, found, copies):
    if found.get("redis_mode") == "cluster" or found.get("cluster_enabled") == "1":
        raise Problem(
            "%s is a node of a Redis Cluster" % server,
            "one primary that has all keys: neither Django's cache nor Celery speaks with a cluster",
            "use a server with cluster-enabled no",
        )
    if found.get("redis_mode") == "sentinel" or found.get("role") == "sentinel":
        raise Problem(
            "%s is a Sentinel, which knows where the primary is and has no keys" % server,
            "the server itself: what Django is told names one, and nobody asks a Sentinel for another",
            "a name or an address that follows the primary (a proxy, HAProxy for example): %s" % set_command(server.at("host"), "HOST"),
        )
    is_copy = found.get("role") == "slave"
    if is_copy and not copies:
        primary = found.get("master_host")
        raise Problem(
            "%s takes no writes: it is a replica%s" % (server, " of %s" % primary if primary else ""),
            "the primary",
            set_command(server.at("host"), "HOST"),
        )
    if copies and found.get("role") == "master":
        raise Problem(
            "%s is a primary and no replica: what is written to the first server is not in it" % server,
            "a replica of the first server",
            "REPLICAOF at the server, or take it out of %s" % server.at("replicas"),
        )
    policy = found.get("maxmemory_policy")
    limited = found.get("maxmemory") not in (None, "0")
    if role == "broker" and limited and policy not in (None, "noeviction"):
        raise Problem(
            "%s evicts when it is full: maxmemory-policy %s" % (server, policy),
            "noeviction for a broker: with another, Celery's messages vanish (R31)",
            "at the server: CONFIG SET maxmemory-policy noeviction, and in its file; a cache needs a server of its own (R33)",
        )
    if role == "cache" and limited and policy == "noeviction":
        raise Problem(
            "%s refuses writes when it is full: maxmemory-policy noeviction" % server,
            "allkeys-lru or another that evicts, for a cache (R32)",
            "at the server: CONFIG SET maxmemory-policy allkeys-lru, and in its file",
        )


def must_write(connection, role):
    server = connection.server
    key = "django-on-kubernetes:check:%s" % os.urandom(8).hex()
    words = {
        "cache": [("SET", key, "1", "PX", 10000), ("GET", key), ("DEL", key)],
        "broker": [("LPUSH", key, "1"), ("RPOP", key)],
    }[role]
    for one in words:
        try:
            call(connection, *one)
        except ServerError as error:
            message = str(error)
            # A user with keys of his own is asked by their names, which are the app's to choose.
            if message.startswith("NOPERM") and "key" in message:
                return
            raise write_problem(server, one[0], message) from None


def write_problem(server, word, message):
    if message.startswith("NOPERM"):
        return Problem(
            "%s: %s" % (server, told(message)),
            "a user who may read and write, and for Celery use lists, sets and channels",
            "at the server: ACL SETUSER USER +@all -@dangerous",
        )
    if message.startswith("READONLY"):
        return Problem(
            "%s takes no writes: it is a replica" % server, "the primary", set_command(server.at("host"), "HOST")
        )
    if message.startswith("OOM"):
        return Problem(
            "%s is full: %s" % (server, told(message)),
            "room",
            "give the server more maxmemory, or, of a cache, maxmemory-policy allkeys-lru",
        )
    if message.startswith("MISCONF"):
        return Problem(
            "%s takes no writes: it could not save to its disk" % server, "a server that can", "see its log and its disk"
        )
    return Problem("%s says to %s: %s" % (server, word, told(message)), "an answer", "look at the server's log")


def ended(server, begun):
    """The end of a connection, by what came before it."""
    if begun[:1] in (b"\x15", b"\x16"):
        return Problem(
            "%s speaks TLS at this port" % server,
            "the same in the settings",
            set_command(server.at("tls.mode"), "verify-full"),
        )
    if begun.startswith((b"ERROR", b"CLIENT_ERROR")):
        return other(server, "Memcached", "protocol", "memcached")
    if begun.startswith(b"AMQP"):
        return other(server, "RabbitMQ", "protocol", "amqp")
    if begun.startswith(b"HTTP/"):
        return other(server, "a web server", "port", "PORT")
    return NotYet(
        "%s closes the connection without a word of Redis's" % server,
        "a Redis or Valkey server at this port",
        "mend the port (%s); a server that wants TLS closes it too (%s)" % (server.at("port"), server.at("tls.mode")),
    )


def other(server, name, setting, value):
    return Problem(
        "%s is %s, and no Redis" % (server, name), "a Redis or Valkey server", set_command(server.at(setting), value)
    )
