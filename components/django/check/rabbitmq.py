"""A RabbitMQ server, asked as Celery would: AMQP 0-9-1 with a user and a password.

Source: https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf
"""

import os
import struct

from connection import Connection
from problem import NotYet, Problem, secret_command, set_command, told

#: Quorum queues, which survive the loss of a node, came with it.
LEAST = (3, 8)

METHOD, END = 1, b"\xce"


class Closed(Exception):
    """The server closed connection or channel, and said why."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.text = text


def check(server, user, password, vhost):
    """Returns what was found, in a few words."""
    with Connection(server) as connection:
        if server.mode != "disable":
            connection.start_tls()
        connection.send(b"AMQP\x00\x00\x09\x01")
        try:
            version = started(connection)
        except (EOFError, struct.error) as error:
            raise no_amqp(server, error) from None
        must_be_new(server, version)
        log_in(connection, user, password)
        enter(connection, user, vhost)
        use(connection, user, vhost)
        send_method(connection, 0, 10, 50, struct.pack("!H", 200) + short("") + struct.pack("!HH", 0, 0))
    return "RabbitMQ %s, %s, user %s, vhost %s" % (version, connection.tls or "no TLS", user, vhost)


def started(connection):
    """The server's version, from Connection.Start."""
    _, name, body = receive(connection)
    if name != (10, 10):
        raise EOFError(b"")
    properties, at = table(body, 2)
    length = struct.unpack("!I", body[at : at + 4])[0]
    mechanisms = body[at + 4 : at + 4 + length].split()
    if b"PLAIN" not in mechanisms:
        raise Problem(
            "%s takes no passwords: it offers %s" % (connection.server, told(b" ".join(mechanisms).decode())),
            "the mechanism PLAIN",
            "add it to auth_mechanisms in the server's rabbitmq.conf",
        )
    return properties.get("version", "of unknown version")


def must_be_new(server, version):
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    if len(numbers) == 2 and tuple(numbers) < LEAST:
        raise Problem(
            "%s is RabbitMQ %s" % (server, version),
            "%s.%s or later: quorum queues came with it" % LEAST,
            "upgrade the server",
        )


def log_in(connection, user, password):
    server = connection.server
    capabilities = field("authentication_failure_close", b"t\x01") + field("connection.blocked", b"t\x01")
    properties = field("capabilities", b"F" + long(capabilities)) + field(
        "product", b"S" + long(b"django-on-kubernetes check")
    )
    answer = b"\0" + user.encode() + b"\0" + password.encode()
    send_method(connection, 0, 10, 11, long(properties) + short("PLAIN") + long(answer) + short("en_US"))
    try:
        _, name, body = receive(connection)
    except Closed as closed:
        raise refused_login(server, user, closed.text) from None
    except EOFError:
        # Servers before 3.7 and some proxies say nothing.
        raise refused_login(server, user, "it closed the connection") from None
    if name != (10, 30):
        raise NotYet("%s answers the login with something else" % server, "Connection.Tune", "look at the server's log")
    channels, frame, heartbeat = struct.unpack("!HIH", body[:8])
    send_method(connection, 0, 10, 31, struct.pack("!HIH", channels, frame, heartbeat))


def refused_login(server, user, text):
    only_local = user == "guest"
    return Problem(
        "%s refuses the login of %s: %s" % (server, user, told(text)),
        "a user of the server%s" % (", and guest may come from the server's own machine alone" if only_local else " and its password"),
        "rabbitmqctl add_user NAME at the server, then %s" % set_command(server.at("user"), "NAME")
        if only_local
        else "%s, or mend %s" % (secret_command(server.password_setting), server.at("user")),
    )


def enter(connection, user, vhost):
    server = connection.server
    send_method(connection, 0, 10, 40, short(vhost) + short("") + b"\0")
    try:
        receive(connection)
    except (Closed, EOFError) as error:
        text = getattr(error, "text", "it closed the connection")
        if "not found" in text:
            raise Problem(
                "there is no virtual host %s on %s" % (vhost, server),
                "one that is there",
                "at the server: rabbitmqctl add_vhost '%s' && %s; or %s"
                % (vhost, permissions(user, vhost), set_command(server.at("vhost"), "VHOST")),
            ) from None
        if "limit" in text:
            raise NotYet(
                "%s has no connection left in the virtual host %s: %s" % (server, vhost, told(text)),
                "room for the app's pods",
                "at the server: rabbitmqctl set_vhost_limits, or clear those of the user",
            ) from None
        raise Problem(
            "%s may not use the virtual host %s of %s: %s" % (user, vhost, server, told(text)),
            "a user with permissions there",
            "at the server: %s" % permissions(user, vhost),
        ) from None


def use(connection, user, vhost):
    """What Celery does: make a queue, put a message into it, take it out."""
    server = connection.server
    queue = "celery.check.%s" % os.urandom(8).hex()
    try:
        send_method(connection, 1, 20, 10, short(""))
        receive(connection)
        # Exclusive, and deleted by itself: nothing of it is left, whatever happens to this program.
        send_method(connection, 1, 50, 10, b"\0\0" + short(queue) + bytes([0b1100]) + long(b""))
        receive(connection)
        send_method(connection, 1, 60, 40, b"\0\0" + short("") + short(queue) + b"\0")
        frame(connection, 2, 1, struct.pack("!HHQH", 60, 0, 1, 0))
        frame(connection, 3, 1, b"1")
        send_method(connection, 1, 60, 70, b"\0\0" + short(queue) + b"\x01")
        receive(connection)
    except Closed as closed:
        raise Problem(
            "%s may not use queues in the virtual host %s of %s: %s" % (user, vhost, server, told(closed.text)),
            "permission to configure, write and read what Celery names: queues, celeryev and pidbox",
            "at the server: %s" % permissions(user, vhost),
        ) from None
    except EOFError:
        raise NotYet("%s closed the connection" % server, "a server that is up", "look at its log") from None


def permissions(user, vhost):
    return "rabbitmqctl set_permissions -p '%s' '%s' '.*' '.*' '.*'" % (vhost, user)


def no_amqp(server, error):
    begun = error.args[0] if isinstance(error, EOFError) and error.args else b""
    if isinstance(begun, bytes) and begun[:1] in (b"\x15", b"\x16"):
        return Problem(
            "%s speaks TLS at this port" % server,
            "the same in the settings",
            set_command(server.at("tls.mode"), "verify-full"),
        )
    if isinstance(begun, bytes) and begun[:4] == b"AMQP":
        return Problem(
            "%s speaks another version of AMQP than 0-9-1" % server,
            "RabbitMQ, with AMQP 0-9-1",
            "use a RabbitMQ server, or mend the port: %s" % set_command(server.at("port"), "PORT"),
        )
    if isinstance(begun, bytes) and begun[:1] == b"-":
        return Problem(
            "%s is Redis, and no RabbitMQ" % server, "a RabbitMQ server", set_command(server.at("protocol"), "redis")
        )
    return NotYet(
        "%s closes the connection without a word of AMQP's" % server,
        "a RabbitMQ server at this port",
        "mend the port (%s); a server that wants TLS closes it too (%s)" % (server.at("port"), server.at("tls.mode")),
    )


def frame(connection, kind, channel, body):
    connection.send(struct.pack("!BHI", kind, channel, len(body)) + body + END)


def send_method(connection, channel, group, method, arguments):
    frame(connection, METHOD, channel, struct.pack("!HH", group, method) + arguments)


def receive(connection):
    """The next method, and what comes with it is passed over. @raises Closed"""
    while True:
        head = connection.exactly(7)
        kind, channel, length = struct.unpack("!BHI", head)
        if kind not in (1, 2, 3, 8) or length > 1 << 20:
            raise EOFError(head)
        body = connection.exactly(length + 1)[:-1]
        if kind != METHOD:
            continue
        name = struct.unpack("!HH", body[:4])
        if name in ((10, 50), (20, 40)):
            (code,) = struct.unpack("!H", body[4:6])
            raise Closed(code, body[7 : 7 + body[6]].decode("utf-8", "replace"))
        if name in ((10, 60), (10, 61)):
            continue
        return channel, name, body[4:]


def short(text):
    data = text.encode()
    return bytes([len(data)]) + data


def long(data):
    return struct.pack("!I", len(data)) + data


def field(name, value):
    return short(name) + value


def table(body, at):
    """The texts of a field table, and where it ends. Other values are passed over."""
    (length,) = struct.unpack("!I", body[at : at + 4])
    at += 4
    end, texts = at + length, {}
    while at < end:
        name = body[at + 1 : at + 1 + body[at]].decode("utf-8", "replace")
        at += 1 + body[at]
        kind = body[at : at + 1]
        at += 1
        if kind in (b"S", b"F"):
            (size,) = struct.unpack("!I", body[at : at + 4])
            if kind == b"S":
                texts[name] = body[at + 4 : at + 4 + size].decode("utf-8", "replace")
            at += 4 + size
        elif kind == b"t":
            at += 1
        else:
            break
    return texts, end
