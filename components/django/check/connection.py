"""A connection to a server, and what went wrong when there is none: the name, the way, or TLS."""

import errno
import ipaddress
import socket
import ssl

from problem import NotYet, Problem, set_command, told

#: Seconds that a server may take for one answer.
PATIENCE = 5


class Server:
    """Where a server is, what the settings say of it, and what its client is told of TLS."""

    def __init__(self, claims, host, port, index, mode=None, ca=None):
        self.setting = claims["setting"]
        self.password_setting = claims["passwordSetting"]
        self.cidrs = claims["cidrs"]
        self.host = host
        self.port = port
        #: disable, require, verify-ca or verify-full
        self.mode = mode or "disable"
        self.ca = ca
        #: As it stands in the settings; the app may know it by the name of a Service.
        self.known_as = claims["hosts"][index]

    @property
    def ca_is_own(self):
        return self.ca is not None and self.ca.startswith("/etc/django-on-kubernetes/")

    def __str__(self):
        return "%s:%s" % (self.known_as, self.port)

    def at(self, name):
        return "%s.%s" % (self.setting, name)


class Connection:
    """Reads and writes whole messages, and says what was wrong with the network when it cannot."""

    def __init__(self, server):
        self.server = server
        self.socket = open_socket(server)
        self.buffer = b""
        self.tls = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise self._broken(error) from None

    def some(self):
        """What comes next; empty when the server has closed the connection."""
        try:
            return self.socket.recv(65536)
        except ssl.SSLError as error:
            raise tls_problem(self.server, error) from None
        except OSError as error:
            raise self._broken(error) from None

    def exactly(self, count):
        while len(self.buffer) < count:
            more = self.some()
            if more == b"":
                raise EOFError(self.buffer)
            self.buffer += more
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def line(self):
        while b"\r\n" not in self.buffer:
            more = self.some()
            if more == b"" or len(self.buffer) > 1 << 20:
                raise EOFError(self.buffer)
            self.buffer += more
        data, self.buffer = self.buffer.split(b"\r\n", 1)
        return data

    def start_tls(self, strictly=False):
        """As the app's own client does; a CA of its own that is not there is the image's mistake.

        `strictly`: as one that takes Python's defaults, which are RFC 5280's from Python 3.13 on. libpq and py-amqp do not.
        """
        server = self.server
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if strictly:
            context.verify_flags = ssl.create_default_context().verify_flags
        context.check_hostname = server.mode == "verify-full"
        context.verify_mode = ssl.CERT_NONE if server.mode == "require" else ssl.CERT_REQUIRED
        if server.mode != "require":
            load_authorities(context, server)
        try:
            self.socket = context.wrap_socket(self.socket, server_hostname=server.host)
        except OSError as error:
            raise tls_problem(server, error) from None
        self.tls = self.socket.version()

    def _broken(self, error):
        server = self.server
        if isinstance(error, socket.timeout):
            return NotYet(
                "%s took the connection and did not answer within %s seconds" % (server, PATIENCE),
                "a server that answers",
                "look at the server's load and log, and whether %s is its port" % server.at("port"),
            )
        return NotYet(
            "%s closed the connection (%s)" % (server, told(error)),
            "a server that answers",
            "see its log: it may be starting, or want TLS (%s), or none, or no client from here" % server.at("tls.mode"),
        )


def load_authorities(context, server):
    try:
        if server.ca is None:
            context.load_default_certs()
            if not context.get_ca_certs() and not _has_default_file():
                raise FileNotFoundError
        else:
            context.load_verify_locations(server.ca)
    except FileNotFoundError:
        raise Problem(
            "the image has no certificates of public CAs (%s)" % (server.ca or "the system's"),
            "an image in which %s can be checked" % server,
            "install ca-certificates in the image, or give the server's own CA: pulumi config set --path '%s' < ca.pem"
            % server.at("tls.ca"),
        ) from None
    except ssl.SSLError as error:
        raise Problem(
            "%s cannot be read: %s" % (server.at("tls.ca"), told(error)),
            "certificates as PEM",
            "pulumi config set --path '%s' < ca.pem" % server.at("tls.ca"),
        ) from None


def _has_default_file():
    paths = ssl.get_default_verify_paths()
    return paths.cafile is not None or paths.capath is not None


def open_socket(server):
    addresses = resolve(server)
    failure = None
    for address in addresses:
        try:
            return socket.create_connection((address, server.port), timeout=PATIENCE)
        except OSError as error:
            failure = network_problem(server, address, error)
    raise failure


def resolve(server):
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NotYet(
            "the name %s is not known in the cluster (%s)" % (server.known_as, told(error)),
            "a name that the cluster's DNS resolves, or an IPv4 address",
            "mend the name or its record, or %s" % set_command(server.at("host"), "ADDRESS"),
        ) from None
    return list(dict.fromkeys(address[0] for *_, address in found))


def network_problem(server, address, error):
    if isinstance(error, socket.timeout) or error.errno == errno.ETIMEDOUT:
        beyond = beyond_ranges(server, address)
        if beyond is not None:
            return beyond
        return NotYet(
            "%s does not answer at %s: packets are dropped on the way" % (server, address),
            "a way from the cluster's pods to the server: NetworkPolicies open %s" % ", ".join(server.cidrs),
            "let the server's firewall or security group take in the addresses that the cluster's nodes and pods come from, "
            "and look for NetworkPolicies of others (kubectl get networkpolicy -A)",
        )
    if isinstance(error, ConnectionRefusedError):
        # Some networks reject what a NetworkPolicy does not open, others drop it.
        return beyond_ranges(server, address) or NotYet(
            "%s refuses connections at %s" % (server, address),
            "a server that listens there for other machines, and nothing before it that rejects: a firewall or a NetworkPolicy may",
            "start it, let it listen on more than localhost, or mend the port: %s"
            % set_command(server.at("port"), "PORT"),
        )
    if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL):
        return beyond_ranges(server, address) or NotYet(
            "there is no route from the cluster to %s (%s)" % (server, address),
            "a network that the cluster's nodes reach: peering, VPN, or a public address",
            "connect the networks, or %s" % set_command(server.at("host"), "HOST"),
        )
    return NotYet(
        "%s cannot be reached at %s: %s" % (server, address, told(error)),
        "a server that answers",
        "look at the network between the cluster and the server",
    )


def beyond_ranges(server, address):
    """A server that is known by an address has a Service's here."""
    if is_address(server.known_as) or any(contains(cidr, address) for cidr in server.cidrs):
        return None
    return NotYet(
        "%s has the address %s, which is in none of %s (%s)"
        % (server.known_as, address, server.at("cidrs"), ", ".join(server.cidrs)),
        "an address that pods may go to: packets to any other are dropped or rejected",
        set_command(server.at("cidrs[%s]" % len(server.cidrs)), "%s/%s" % (address, 128 if ":" in address else 32)),
    )


def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


def contains(cidr, address):
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False


#: Of OpenSSL (X509_V_ERR_*).
NOT_YET_VALID, EXPIRED, NAME_MISMATCH, ADDRESS_MISMATCH = 9, 10, 62, 64
#: What only a strict comparison finds: an extension that a certificate has not, or has in the wrong way.
AGAINST_RFC_5280 = range(80, 94)


def tls_problem(server, error):
    if isinstance(error, ssl.SSLCertVerificationError):
        return certificate_problem(server, error)
    reason = getattr(error, "reason", None) or ""
    if isinstance(error, socket.timeout):
        return NotYet(
            "%s did not answer the beginning of TLS within %s seconds, as one without TLS does" % (server, PATIENCE),
            "a server that offers TLS at this port",
            "turn TLS on at the server, mend the port (%s), or, on a private network alone: %s"
            % (server.at("port"), set_command(server.at("tls.mode"), "disable")),
        )
    if reason in ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE") or not reason:
        return no_tls(server, "%s does not speak TLS at this port" % server)
    if "ALERT" in reason and ("CERTIFICATE" in reason or "HANDSHAKE" in reason):
        return Problem(
            "%s refuses the client in the TLS handshake (%s)" % (server, reason),
            "a server that asks clients for no certificate, and has a version and a cipher in common with the image",
            "let the server take TLS 1.2 or later without client certificates (Redis: tls-auth-clients no)",
        )
    return Problem(
        "TLS with %s failed: %s" % (server, told(reason)),
        "TLS 1.2 or later, as the image's OpenSSL takes it",
        "look at the server's TLS settings and log",
    )


def no_tls(server, found):
    return Problem(
        found,
        "TLS, for %s is %s" % (server.at("tls.mode"), server.mode),
        "turn TLS on at the server, mend the port (%s), or, on a private network alone: %s"
        % (server.at("port"), set_command(server.at("tls.mode"), "disable")),
    )


def certificate_problem(server, error):
    code = error.verify_code
    if code == EXPIRED:
        return Problem(
            "the certificate of %s, or of its CA, has expired" % server,
            "one that is valid today",
            "renew it at the server; of an expired CA also: pulumi config set --path '%s' < ca.pem" % server.at("tls.ca"),
        )
    if code == NOT_YET_VALID:
        return Problem(
            "the certificate of %s is not valid yet" % server,
            "one that is valid today",
            "look at the clocks of the server and of the cluster's nodes",
        )
    if code in (NAME_MISMATCH, ADDRESS_MISMATCH):
        return Problem(
            "the certificate of %s is for another name: %s" % (server, told(error.verify_message)),
            "the name that %s has" % server.at("host"),
            "name the host as the certificate does, or, with the server's own CA in tls.ca: %s"
            % set_command(server.at("tls.mode"), "verify-ca"),
        )
    if code in AGAINST_RFC_5280:
        return Problem(
            "the certificate of %s, or that of its CA, is not as RFC 5280 wants it: %s" % (server, told(error.verify_message)),
            "one that Python's clients take, from Python 3.13 on: its CA says what its key is for (keyUsage)",
            "make the CA anew with basicConstraints=critical,CA:TRUE, keyUsage=critical,keyCertSign,cRLSign and subjectKeyIdentifier, "
            "and the server's certificate with authorityKeyIdentifier; until then, an image with Python 3.12",
        )
    by = "the CA in %s" % server.at("tls.ca") if server.ca_is_own else "a CA that the image trusts"
    return Problem(
        "the certificate of %s is not signed by %s: %s" % (server, by, told(error.verify_message)),
        "a certificate that descends from it, sent with all that stand between",
        "pulumi config set --path '%s' < ca.pem, with the CA that signed it" % server.at("tls.ca"),
    )
