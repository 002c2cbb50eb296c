"""Attributes of the conventions by what they mean, the present name first, then the older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from telemetry.records import AttributeValue, Span

HTTP_STATUS = ("http.response.status_code", "http.status_code")
GRPC_STATUS = ("rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code")
# Of Node's instrumentation, which gives the span's status no text.
GRPC_MESSAGE = ("grpc.error_message",)
RESEND_COUNT = ("http.request.resend_count", "http.resend_count")
PEER = ("peer.service", "service.peer.name")
ADDRESS = (
    *("server.address", "net.peer.name", "net.sock.peer.name", "http.host", "net.peer.ip"),
    *("network.peer.address", "net.sock.peer.addr", "peer.hostname", "peer.address", "peer.ipv4"),
)
PORT = ("server.port", "net.peer.port", "peer.port")
URL = ("url.full", "http.url")
ROUTE = ("http.route", "url.template")
PATH = ("url.path", "http.target")
DATABASE = ("db.system.name", "db.system", "db.type")
RPC_SERVICE = ("rpc.service",)
RPC_METHOD = ("rpc.method",)
MESSAGING = ("messaging.system",)
QUEUE = (
    *("messaging.destination.name", "messaging.destination", "messaging.source.name"),
    *("messaging.kafka.topic", "messaging.destination.template"),
)
OPERATION = ("messaging.operation.type", "messaging.operation", "messaging.operation.name")

_LOWEST_STATUS, _HIGHEST_STATUS = 100, 999
_RECEIVING = frozenset({"receive", "poll", "process", "deliver", "settle", "ack", "nack", "commit"})
_JDK_CLIENT = "io.opentelemetry.java-http-client"
_DEFAULT_PORTS = frozenset({"", "80", "443"})
_OWN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "CONNECT", "TRACE")
BARE_NAMES = frozenset({"HTTP", *_METHODS, *(f"HTTP {method}" for method in _METHODS)})
"""Names of spans that say the method alone, as a client's do by the conventions."""


def attribute(span: Span, names: tuple[str, ...]) -> AttributeValue:
    """The first of these attributes that has a value; None where there is none."""
    for name in names:
        value = span.attributes.get(name)
        if value is not None and value != "":
            return value
    return None


def text(span: Span, names: tuple[str, ...]) -> str:
    """The first of these attributes as text; empty where there is none."""
    value = attribute(span, names)
    return "" if value is None else str(value)


def http_status(span: Span) -> int:
    """The status of the HTTP response; 0 where there is none."""
    value = attribute(span, HTTP_STATUS)
    if type(value) is int:
        return value if _LOWEST_STATUS <= value <= _HIGHEST_STATUS else 0
    found = "" if value is None else str(value).removesuffix(".0")
    return int(found) if found.isdecimal() and len(found) == 3 else 0


def ends_with_connection(span: Span) -> bool:
    """Whether an instrumentation made it that ends a server's span when its caller leaves."""
    language = span.resource.attributes.get("telemetry.sdk.language")
    return language == "nodejs" and span.kind == "SERVER"


def may_repeat(span: Span) -> bool:
    """Whether a library may have made a call anew below its one span, which has the last attempt.

    The JDK's client does so with a GET or HEAD whose connection ends before an answer has begun.
    """
    method = text(span, ("http.request.method", "http.method"))
    return span.scope.name == _JDK_CLIENT and method in ("GET", "HEAD")


def is_receiving(span: Span) -> bool:
    """Whether a span takes a message from a queue, whatever its kind."""
    if span.kind == "CONSUMER":
        return True
    is_messaging = bool(text(span, MESSAGING))
    return is_messaging and text(span, OPERATION).lower() in _RECEIVING and span.kind != "PRODUCER"


def is_sending(span: Span) -> bool:
    """Whether a span puts a message into a queue."""
    if span.kind == "PRODUCER":
        return True
    return span.kind == "CLIENT" and bool(text(span, MESSAGING)) and not is_receiving(span)


def authority(span: Span) -> str:
    """Host and port that a span calls, without a port that says nothing; empty if not known."""
    url = _url(text(span, URL))
    host = text(span, ADDRESS) or url[0]
    if not host:
        return ""
    if ":" in host.rpartition("]")[2] and host.count(":") == 1:
        return host
    port = text(span, PORT) or (url[1] if host == url[0] or not text(span, ADDRESS) else "")
    port = port or (url[1] if host in _OWN_HOSTS else "")
    return host if port in _DEFAULT_PORTS else f"{host}:{port}"


def place(span: Span) -> str:
    """What tells the place that a span calls from others: its address, else the RPC's service."""
    return authority(span) or _rpc_service(span)


def peer(span: Span) -> str:
    """What a span calls, as its caller names it; empty where no attribute says."""
    named = text(span, PEER)
    if named:
        return named
    address = authority(span)
    database = text(span, DATABASE)
    if database:
        is_own = not address or address.partition(":")[0] in _OWN_HOSTS
        return database if is_own else f"{database} ({address})"
    return address or _rpc_service(span) or text(span, MESSAGING)


def target(span: Span) -> str:
    """What a span asks for whose name has the method alone; empty where its name says it."""
    if span.name not in BARE_NAMES:
        return ""
    return asked_path(span) or peer(span)


def asked_path(span: Span) -> str:
    """The route of an HTTP request, else its path without a query; empty where none says."""
    path = text(span, PATH) or _path(text(span, URL))
    return text(span, ROUTE) or path.partition("?")[0]


def _rpc_service(span: Span) -> str:
    """The service of an RPC: an attribute of its own, since 2025 the head of the method's name."""
    return text(span, RPC_SERVICE) or text(span, RPC_METHOD).rpartition("/")[0]


def _path(url: str) -> str:
    """The path of a URL; empty where it can't be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _url(url: str) -> tuple[str, str]:
    """Host and port of a URL; empty where it has none."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", "" if parts.port is None else str(parts.port)
    except ValueError:
        return "", ""
