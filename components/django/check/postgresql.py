"""A PostgreSQL server, asked as libpq would: protocol 3.0, which every server since 7.4 speaks.

Written out, because a client library tells what went wrong in sentences, and only here is the server's own code of an error at
hand. Source: https://www.postgresql.org/docs/current/protocol-flow.html
"""

import base64
import hashlib
import hmac
import os
import struct

from connection import Connection, no_tls
from problem import NotYet, Problem, secret_command, set_command, told

TLS_REQUEST = struct.pack("!ii", 8, 80877103)


class ServerError(Exception):
    """What the server said, by the fields of its message: C is the code, M the sentence."""

    def __init__(self, fields):
        super().__init__(fields.get("M", ""))
        self.code = fields.get("C", "")
        self.message = fields.get("M", "")


def check(server, user, password, database, claims):
    """Returns what was found, in a few words."""
    with Connection(server) as connection:
        try:
            if server.mode != "disable":
                request_tls(connection)
            log_in(connection, user, password, database)
            return look(connection, user, database, claims)
        except ServerError as error:
            raise problem_of(server, error, user, database) from None
        except (EOFError, struct.error, ValueError):
            raise NotYet(
                "%s closes the connection without a word of PostgreSQL's" % server,
                "a PostgreSQL server, or a pooler before one",
                "mend the port (%s), or look at the server's log" % server.at("port"),
            ) from None


def request_tls(connection):
    connection.send(TLS_REQUEST)
    answer = connection.exactly(1)
    if answer == b"N":
        raise no_tls(connection.server, "%s does not offer TLS (its ssl is off)" % connection.server)
    if answer != b"S":
        raise ValueError(answer)
    connection.start_tls()


def log_in(connection, user, password, database):
    words = ["user", user, "database", database, "application_name", "django-on-kubernetes check"]
    body = struct.pack("!i", 196608) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
    connection.send(struct.pack("!i", len(body) + 4) + body)
    scram = None
    while True:
        kind, body = message(connection)
        if kind == b"E":
            raise ServerError(fields_of(body))
        if kind == b"Z":
            return
        if kind != b"R":
            continue
        (method,) = struct.unpack("!i", body[:4])
        if method == 0:
            continue
        if method == 3:
            send(connection, b"p", password.encode() + b"\0")
        elif method == 5:
            inner = hashlib.md5(password.encode() + user.encode()).hexdigest()
            outer = hashlib.md5(inner.encode() + body[4:8]).hexdigest()
            send(connection, b"p", b"md5" + outer.encode() + b"\0")
        elif method == 10 and b"SCRAM-SHA-256" in body[4:].split(b"\0"):
            scram = Scram(password)
            first = scram.first()
            send(connection, b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        elif method == 11 and scram is not None:
            send(connection, b"p", scram.final(body[4:]))
        elif method != 12:
            raise Problem(
                "%s asks %s for something that is no password (method %s)" % (connection.server, user, method),
                "scram-sha-256, md5 or password in the server's pg_hba.conf",
                "let the server take a password from this user and these addresses",
            )


class Scram:
    """SCRAM-SHA-256 without channel binding (RFC 7677)."""

    def __init__(self, password):
        self.given = prepared(password)
        self.bare = "n=,r=" + base64.b64encode(os.urandom(18)).decode()

    def first(self):
        return ("n,," + self.bare).encode()

    def final(self, server_first):
        parts = dict(part.split("=", 1) for part in server_first.decode().split(","))
        salted = hashlib.pbkdf2_hmac("sha256", self.given, base64.b64decode(parts["s"]), int(parts["i"]))
        key = hmac.new(salted, b"Client Key", "sha256").digest()
        without_proof = "c=biws,r=" + parts["r"]
        signed = ",".join([self.bare, server_first.decode(), without_proof]).encode()
        signature = hmac.new(hashlib.sha256(key).digest(), signed, "sha256").digest()
        proof = bytes(one ^ other for one, other in zip(key, signature))
        return (without_proof + ",p=" + base64.b64encode(proof).decode()).encode()


def prepared(password):
    """As SASLprep does with what passwords are made of (RFC 4013): other spaces become spaces, compatible characters one."""
    import stringprep
    import unicodedata

    if password.isascii():
        return password.encode()
    spaced = "".join(" " if stringprep.in_table_c12(one) else one for one in password if not stringprep.in_table_b1(one))
    return unicodedata.normalize("NFKC", spaced).encode()


def message(connection):
    kind = connection.exactly(1)
    (length,) = struct.unpack("!i", connection.exactly(4))
    if kind not in b"RSKZENTDCIAvG1" or not 4 <= length <= 1 << 20:
        raise ValueError(kind)
    return kind, connection.exactly(length - 4)


def send(connection, kind, body):
    connection.send(kind + struct.pack("!i", len(body) + 4) + body)


def fields_of(body):
    return {
        part[:1].decode(): part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part
    }


def ask(connection, query):
    """The first row, each value a text or None."""
    send(connection, b"Q", query.encode() + b"\0")
    row, error = None, None
    while True:
        kind, body = message(connection)
        if kind == b"D" and row is None:
            row = row_of(body)
        elif kind == b"E":
            error = ServerError(fields_of(body))
        elif kind == b"Z":
            if error is not None:
                raise error
            return row or []


def row_of(body):
    values, at = [], 2
    for _ in range(struct.unpack("!h", body[:2])[0]):
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        values.append(None if length < 0 else body[at : at + length].decode("utf-8", "replace"))
        at += max(length, 0)
    return values


QUERY = """
SELECT current_setting('server_version_num'), current_setting('server_version'), pg_is_in_recovery(),
       current_setting('transaction_read_only'), current_schema(),
       has_schema_privilege(current_schema(), 'CREATE'), current_setting('max_connections')
"""


def look(connection, user, database, claims):
    server = connection.server
    number, version, copies, read_only, schema, creates, most = ask(connection, QUERY)
    least = least_version()
    if least is not None and int(number) // 10000 < least[0]:
        raise Problem(
            "%s is PostgreSQL %s" % (server, told(version)),
            "%s or later, for the image's Django %s" % (least[0], django_version()),
            "upgrade the server, or build the image with an older Django",
        )
    if copies == "t" or read_only == "on":
        raise Problem(
            "%s takes no writes: it is a %s" % (server, "replica" if copies == "t" else "server that only reads"),
            "the primary",
            set_command(server.at("host"), "HOST"),
        )
    if schema is None or creates != "t":
        raise Problem(
            "%s may make no tables in the database %s%s"
            % (user, database, "" if schema is None else ", schema %s" % schema),
            "a user who may: migrate makes them, and since PostgreSQL 15 only a database's owner may do so in public",
            'as the server\'s administrator: ALTER DATABASE "%s" OWNER TO "%s"; or in it: GRANT CREATE ON SCHEMA %s TO "%s"'
            % (database, user, schema or "public", user),
        )
    said = claims.get("maxConnections")
    if said is not None and not claims.get("pooled") and int(most) < said:
        raise Problem(
            "%s has max_connections %s" % (server, most),
            "at least %s, which %s says there are" % (said, server.at("maxConnections")),
            set_command(server.at("maxConnections"), most),
        )
    return "PostgreSQL %s, %s, user %s, database %s" % (told(version), connection.tls or "no TLS", user, database)


def least_version():
    """What the Django of this image asks of PostgreSQL; None where it does not say so."""
    try:
        from django.db.backends.postgresql.features import DatabaseFeatures

        return DatabaseFeatures.minimum_database_version
    except Exception:
        return None


def django_version():
    import django

    return django.get_version()


def problem_of(server, error, user, database):
    code, message = error.code, told(error.message)
    said = "%s says: %s (%s)" % (server, message, code)
    if code == "28P01":
        return Problem(
            "%s refuses the login of %s: wrong password, or no such user (%s)" % (server, user, code),
            "the password of %s" % user,
            "%s, or %s" % (secret_command(server.password_setting), set_command(server.at("user"), "USER")),
        )
    if code == "28000" and ("no encryption" in error.message or "SSL off" in error.message):
        return Problem(
            said,
            "TLS, which the server wants from these addresses",
            set_command(server.at("tls.mode"), "verify-full"),
        )
    if code == "28000":
        return Problem(
            said,
            "a line of the server's pg_hba.conf that admits %s to %s from the cluster's addresses" % (user, database),
            "add it and reload the server, or mend %s" % server.at("user"),
        )
    if code == "3D000":
        return Problem(
            "there is no database %s on %s (%s)" % (database, server, code),
            "a database that is there",
            'as the server\'s administrator: CREATE DATABASE "%s" OWNER "%s"; or %s'
            % (database, user, set_command(server.at("database"), "NAME")),
        )
    if code == "42501":
        return Problem(
            said,
            "a user who may connect to the database %s" % database,
            'as the server\'s administrator: GRANT CONNECT ON DATABASE "%s" TO "%s"' % (database, user),
        )
    if code == "53300":
        return NotYet(
            "%s has no connection left: %s (%s)" % (server, message, code),
            "room for %s and the app's other pods" % user,
            "see who holds them (SELECT * FROM pg_stat_activity), raise the server's or the role's limit, "
            "then mend %s" % server.at("maxConnections"),
        )
    if code.startswith("57P") or code.startswith("08"):
        return NotYet(said, "a server that is up", "wait until it has started, then pulumi up again; else see its log")
    return Problem(said, "a login without an error", "look at the server's log")
