"""How ecosystems name a failed call, onto the lab's one vocabulary of error kinds.

What is not listed stays itself. A name that covers several failures stands in `VAGUE`, and the
text beside it is asked first.
"""

from __future__ import annotations

import re
from types import MappingProxyType

REFUSED, CONNECT_TIMEOUT, TIMEOUT = "connect_refused", "connect_timeout", "read_timeout"
RESET, DNS, TLS, ABORTED, BAD = "reset", "dns", "tls", "aborted", "bad_response"

KINDS = frozenset(
    {
        *("simulated_partition", REFUSED, CONNECT_TIMEOUT, TIMEOUT, RESET, DNS, TLS, BAD, ABORTED),
        *("http_4xx", "http_5xx"),
    }
)
"""The vocabulary, as the lab's own services write it."""

# Node's and libuv's codes: https://nodejs.org/api/errors.html#common-system-errors
# undici's: https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
_NODE = {
    "ECONNREFUSED": REFUSED,
    "ENOTFOUND": DNS,
    "EAI_AGAIN": DNS,
    "EHOSTUNREACH": CONNECT_TIMEOUT,
    "ENETUNREACH": CONNECT_TIMEOUT,
    "UND_ERR_CONNECT_TIMEOUT": CONNECT_TIMEOUT,
    "ConnectTimeoutError": CONNECT_TIMEOUT,
    "ESOCKETTIMEDOUT": TIMEOUT,
    "UND_ERR_HEADERS_TIMEOUT": TIMEOUT,
    "UND_ERR_BODY_TIMEOUT": TIMEOUT,
    "HeadersTimeoutError": TIMEOUT,
    "BodyTimeoutError": TIMEOUT,
    "ECONNRESET": RESET,
    "EPIPE": RESET,
    "UND_ERR_SOCKET": RESET,
    "SocketError": RESET,
    "UND_ERR_ABORTED": ABORTED,
    "RequestAbortedError": ABORTED,
    "ERR_CANCELED": ABORTED,
    "CanceledError": ABORTED,
    "HPE_INVALID_CONSTANT": BAD,
    "DEPTH_ZERO_SELF_SIGNED_CERT": TLS,
    "SELF_SIGNED_CERT_IN_CHAIN": TLS,
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": TLS,
    "CERT_HAS_EXPIRED": TLS,
    "ERR_TLS_CERT_ALTNAME_INVALID": TLS,
}
# Browsers', and Node's fetch: https://webidl.spec.whatwg.org/#idl-DOMException-error-names
_DOM = {"AbortError": ABORTED, "20": ABORTED, "TimeoutError": TIMEOUT, "23": TIMEOUT}
# java.net, java.net.http, javax.net.ssl, Netty, Apache HttpClient 4 and 5, OkHttp: their Javadoc
_JAVA = {
    "java.net.UnknownHostException": DNS,
    "java.nio.channels.UnresolvedAddressException": DNS,
    "java.net.NoRouteToHostException": CONNECT_TIMEOUT,
    "java.net.http.HttpConnectTimeoutException": CONNECT_TIMEOUT,
    "io.netty.channel.ConnectTimeoutException": CONNECT_TIMEOUT,
    "org.apache.http.conn.ConnectTimeoutException": CONNECT_TIMEOUT,
    "org.apache.hc.client5.http.ConnectTimeoutException": CONNECT_TIMEOUT,
    "org.apache.http.conn.HttpHostConnectException": REFUSED,
    "org.apache.hc.client5.http.HttpHostConnectException": REFUSED,
    "java.net.http.HttpTimeoutException": TIMEOUT,
    "java.util.concurrent.TimeoutException": TIMEOUT,
    "io.netty.handler.timeout.ReadTimeoutException": TIMEOUT,
    "io.netty.handler.timeout.TimeoutException": TIMEOUT,
    "org.apache.http.NoHttpResponseException": RESET,
    "org.apache.hc.core5.http.NoHttpResponseException": RESET,
    "java.io.EOFException": RESET,
    "java.nio.channels.ClosedChannelException": RESET,
    "io.netty.handler.codec.PrematureChannelClosureException": RESET,
    "reactor.netty.http.client.PrematureCloseException": RESET,
    "javax.net.ssl.SSLHandshakeException": TLS,
    "javax.net.ssl.SSLPeerUnverifiedException": TLS,
    "java.util.concurrent.CancellationException": ABORTED,
}
# Python: builtins, socket, ssl, http.client, requests, urllib3, httpx, httpcore, aiohttp, asyncio
_PYTHON = {
    "ConnectionRefusedError": REFUSED,
    "socket.gaierror": DNS,
    "gaierror": DNS,
    "NameResolutionError": DNS,
    "ClientConnectorDNSError": DNS,
    "ConnectTimeout": CONNECT_TIMEOUT,
    "ConnectTimeoutError": CONNECT_TIMEOUT,
    "ConnectionTimeoutError": CONNECT_TIMEOUT,
    "PoolTimeout": CONNECT_TIMEOUT,
    "ReadTimeout": TIMEOUT,
    "ReadTimeoutError": TIMEOUT,
    "WriteTimeout": TIMEOUT,
    "SocketTimeoutError": TIMEOUT,
    "ServerTimeoutError": TIMEOUT,
    "timeout": TIMEOUT,
    "ConnectionResetError": RESET,
    "ConnectionAbortedError": RESET,
    "BrokenPipeError": RESET,
    "RemoteDisconnected": RESET,
    "RemoteProtocolError": RESET,
    "ServerDisconnectedError": RESET,
    "ChunkedEncodingError": RESET,
    "IncompleteRead": RESET,
    "ProtocolError": RESET,
    "ReadError": RESET,
    "WriteError": RESET,
    "ClientPayloadError": RESET,
    "SSLError": TLS,
    "SSLCertVerificationError": TLS,
    "ClientConnectorSSLError": TLS,
    "ClientConnectorCertificateError": TLS,
    "CancelledError": ABORTED,
    "JSONDecodeError": BAD,
    "ContentTypeError": BAD,
}
# .NET: HttpRequestError's values, which .NET 8 and later write as error.type, and SocketError's
# https://learn.microsoft.com/dotnet/core/diagnostics/distributed-tracing-builtin-activities
_DOTNET = {
    "name_resolution_error": DNS,
    "secure_connection_error": TLS,
    "response_ended": RESET,
    "invalid_response": BAD,
    "ConnectionRefused": REFUSED,
    "HostNotFound": DNS,
    "HostUnreachable": CONNECT_TIMEOUT,
    "NetworkUnreachable": CONNECT_TIMEOUT,
    "ConnectionReset": RESET,
    "ConnectionAborted": RESET,
    "System.TimeoutException": TIMEOUT,
    "System.OperationCanceledException": ABORTED,
    "System.Security.Authentication.AuthenticationException": TLS,
    "System.Net.Http.HttpIOException": RESET,
    "Polly.Timeout.TimeoutRejectedException": TIMEOUT,
}
# Go: net, context, crypto/tls, as otelhttp writes their types and texts: https://pkg.go.dev/net
_GO = {
    "*net.DNSError": DNS,
    "net.DNSError": DNS,
    "context.deadlineExceededError": TIMEOUT,
    "*http.timeoutError": TIMEOUT,
    "*http.httpError": TIMEOUT,
    "context.Canceled": ABORTED,
    "*tls.CertificateVerificationError": TLS,
    "*x509.UnknownAuthorityError": TLS,
    "x509.UnknownAuthorityError": TLS,
    "x509.HostnameError": TLS,
    "syscall.ECONNREFUSED": REFUSED,
    "syscall.ECONNRESET": RESET,
}
# Rust: std::io::ErrorKind, hyper
_RUST = {"ConnectionRefused": REFUSED, "ConnectionReset": RESET, "BrokenPipe": RESET}
# gRPC: https://grpc.github.io/grpc/core/md_doc_statuscodes.html; which of HTTP's classes a code is
# of says https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
_GRPC = {
    "CANCELLED": ABORTED,
    "INVALID_ARGUMENT": "http_4xx",
    "DEADLINE_EXCEEDED": TIMEOUT,
    "NOT_FOUND": "http_4xx",
    "ALREADY_EXISTS": "http_4xx",
    "PERMISSION_DENIED": "http_4xx",
    "FAILED_PRECONDITION": "http_4xx",
    "ABORTED": "http_4xx",
    "OUT_OF_RANGE": "http_4xx",
    "DATA_LOSS": "http_5xx",
    "UNAUTHENTICATED": "http_4xx",
}

HALF_ANSWERS = frozenset(
    {
        *("ChunkedEncodingError", "IncompleteRead", "ClientPayloadError"),
        *("UND_ERR_BODY_TIMEOUT", "BodyTimeoutError", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"),
    }
)
"""Names, without their packages, of failures in the middle of an answer."""

GRPC_CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND"),
    *("ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"),
    *("ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"),
    "UNAUTHENTICATED",
)
"""The names of gRPC's status codes, by number."""

EXACT = MappingProxyType({**_NODE, **_DOM, **_JAVA, **_PYTHON, **_DOTNET, **_GO, **_RUST, **_GRPC})
"""Names that say how a call failed."""

DATABASE_ANSWERS = frozenset(
    {
        # DB-API and SQLAlchemy, psycopg and asyncpg, PyMongo, redis-py
        *("IntegrityError", "DataError", "UniqueViolation", "UniqueViolationError"),
        *("DuplicateKeyError", "OperationFailure", "ResponseError"),
        # JDBC, Lettuce, Java's MongoDB
        *("SQLIntegrityConstraintViolationException", "SQLSyntaxErrorException"),
        *("RedisCommandExecutionException", "MongoCommandException", "MongoWriteException"),
        # Npgsql; pgx, go-sql-driver; Node's redis and MongoDB
        *("PostgresException", "PgError", "MySQLError", "ReplyError", "MongoServerError"),
    }
)
"""Last parts of names that a database's client gives nothing but the server's own errors."""

DATABASE_ANSWERS_IN = ("psycopg.errors.", "psycopg2.errors.")
"""Modules with a class for each of the server's errors; psycopg's own ones are not among them."""

DATABASE_STATUS = re.compile(r"(?!08|00000)[0-9A-Z]{5}|[134]\d{3}")
"""SQLSTATE without what a client makes itself of its connection, or MySQL's errors of servers."""

VAGUE = MappingProxyType(
    {
        "java.net.ConnectException": REFUSED,
        "io.netty.channel.AbstractChannel$AnnotatedConnectException": REFUSED,
        "ConnectError": REFUSED,
        "ConnectionError": RESET,
        "ClientConnectorError": REFUSED,
        "ClientOSError": RESET,
        "NewConnectionError": REFUSED,
        "MaxRetryError": REFUSED,
        "connection_error": REFUSED,
        "java.net.SocketException": RESET,
        "System.Threading.Tasks.TaskCanceledException": ABORTED,
        # Of connecting or of reading: what holds for both is that no answer came in time.
        "ETIMEDOUT": TIMEOUT,
        "TimedOut": TIMEOUT,
        "java.net.SocketTimeoutException": TIMEOUT,
        # axios' name for its own timeouts too
        "ECONNABORTED": ABORTED,
        # In the handshake or after it.
        "javax.net.ssl.SSLException": RESET,
    }
)
"""Names that cover several failures: the text beside them says which, else what is here."""

IN_TEXTS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"econnrefused|connection refused|actively refused|errno 111\b|errno 61\b", REFUSED),
        (
            (
                r"enotfound|eai_again|getaddrinfo|name or service not known|no such host|"
                r"name resolution|could not resolve|unknown host|nodename nor servname"
            ),
            DNS,
        ),
        (r"certificate|\bx509\b|ssl handshake|tls handshake|self.signed|\bssl:", TLS),
        (
            (
                r"connect timed out|connection timed out|connect timeout|connecttimeout|"
                r"connect etimedout|"
                r"no route to host|network is unreachable|dial tcp.*i/o timeout|connected=false"
            ),
            CONNECT_TIMEOUT,
        ),
        (
            (
                r"deadline.?exceeded|timed.?out|\btimeout\b|client\.timeout|httpclient\.timeout|"
                r"i/o timeout"
            ),
            TIMEOUT,
        ),
        (
            (
                r"econnreset|connection reset|socket hang up|broken pipe|remote end closed|"
                r"connection aborted|premature|unexpected (eof|end)|\beof\b|server disconnected|"
                r"response ended|received no bytes|other side closed|incomplete (chunked )?read|"
                r"forcibly closed|closed the connection unexpectedly"
            ),
            RESET,
        ),
        (r"\baborted\b|context canceled|cancel+ed", ABORTED),
    )
)
"""What texts beside a name say, in the order in which they are asked."""

# What gRPC's own libraries write where no connection came about: the one in C++ (Python, Ruby,
# PHP), grpc-js, grpc-go, grpc-java and grpc-dotnet.
_NOT_CONNECTED = (
    r"(failed to connect to all addresses|no connection established|error while dialing|"
    r"error starting grpc call|waiting for lb pick|waiting_for_connection|name resolution failed|"
    r"dns resolution failed)"
)
IN_TEXTS_OF_GRPC = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), kind)
    for pattern, kind in (
        (rf"{_NOT_CONNECTED}.*(refused|econnrefused)", REFUSED),
        (
            (
                r"name resolution failed|dns resolution failed|"
                rf"{_NOT_CONNECTED}.*(no such host|enotfound|getaddrinfo|name or service not known)"
            ),
            DNS,
        ),
        (rf"{_NOT_CONNECTED}.*(certificate|handshake|\bssl\b|\btls\b)", TLS),
        (_NOT_CONNECTED, CONNECT_TIMEOUT),
        (
            (
                r"stream removed \((socket closed|\w+: ?connection reset)|^socket closed|"
                r"details = \"(socket closed|\w+: ?connection reset)|connection dropped|"
                r"transport is closing|error reading from server|rst_stream|read econnreset|"
                r"network closed for unknown reason|received unexpected eos"
            ),
            RESET,
        ),
    )
)
"""What the texts of gRPC's libraries say: unlike others they are not of the callee's making."""
