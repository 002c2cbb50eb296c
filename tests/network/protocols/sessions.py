"""Clients and servers of the ecosystem, each as a session that asks and is answered the same."""

from __future__ import annotations

import socket
import ssl
import threading
import uuid
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

import h2.config
import h2.connection
import h2.events
import httpx
import psycopg
import redis
import websockets.exceptions
import websockets.sync.client
import websockets.sync.server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support import upstreams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

SECONDS = 5.0


class Session(Protocol):
    """A client's connection, which has a text answered by the same text."""

    def echo(self, text: str) -> str:
        """Send a text through all that the protocol is, and return what comes back."""

    def close(self) -> None:
        """End it."""


class Spoken(NamedTuple):
    """A protocol: a server of it, a client of it, and how the client reports a failure."""

    serve: Callable[[], AbstractContextManager[int]]
    connect: Callable[[int], Session]
    failures: tuple[type[Exception], ...]


# WebSocket: an upgrade within HTTP/1.1, then frames.


class WebSocketSession:
    def __init__(self, port: int) -> None:
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            websockets.sync.client.connect(
                f"ws://127.0.0.1:{port}", open_timeout=SECONDS, proxy=None
            )
        )

    def echo(self, text: str) -> str:
        self._socket.send(text)
        return str(self._socket.recv(timeout=SECONDS))

    def close(self) -> None:
        self._open.close()


@contextmanager
def websocket_server() -> Iterator[int]:
    def echo(connection: websockets.sync.server.ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    with websockets.sync.server.serve(echo, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        serving.join()


# HTTP/1.1 and HTTP/2 by the same client; HTTP/2 with what its client knows before.


class HttpSession:
    def __init__(self, port: int, *, http2: bool) -> None:
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            http1=not http2,
            http2=http2,
            timeout=SECONDS,
            trust_env=False,
        )
        self.echo("first")

    def echo(self, text: str) -> str:
        return self._client.post("/echo", content=text.encode()).text

    def close(self) -> None:
        self._client.close()


def _answer_http1(connection: socket.socket) -> None:
    while request := upstreams.read_request(connection):
        body = request.partition(b"\r\n\r\n")[2]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _answer_http2(connection: socket.socket) -> None:
    http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    http.initiate_connection()
    bodies: dict[int, bytes] = {}
    connection.sendall(http.data_to_send())
    while data := connection.recv(65_536):
        for event in http.receive_data(data):
            if isinstance(event, h2.events.DataReceived):
                bodies[event.stream_id] = bodies.get(event.stream_id, b"") + event.data
                http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                http.send_headers(event.stream_id, [(":status", "200")])
                _send_body(http, event.stream_id, bodies.pop(event.stream_id, b""))
        connection.sendall(http.data_to_send())


def _send_body(http: h2.connection.H2Connection, stream: int, body: bytes) -> None:
    size = http.max_outbound_frame_size
    for at in range(0, len(body), size):
        http.send_data(stream, body[at : at + size])
    http.end_stream(stream)


# TLS, of which the link sees nothing but bytes.


class TlsSession:
    def __init__(self, port: int, certificate: Path) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        plain = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        try:
            self._socket = context.wrap_socket(plain, server_hostname="localhost")
        except OSError:
            plain.close()
            raise

    def echo(self, text: str) -> str:
        data = text.encode()
        self._socket.sendall(data)
        back = b""
        while len(back) < len(data):
            more = self._socket.recv(65_536)
            if not more:
                raise ConnectionResetError
            back += more
        return back.decode()

    def close(self) -> None:
        self._socket.close()


def certificate(directory: Path) -> Path:
    """Write a certificate for localhost, with its key, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@contextmanager
def _serving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    def served(connection: socket.socket) -> None:
        with connection:
            answer(connection)

    with upstreams.server(served) as url:
        yield int(url.rpartition(":")[2])


def tls_server(path: Path) -> AbstractContextManager[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            while data := secured.recv(65_536):
                secured.sendall(data)

    return _serving(answer)


# Databases.


class RedisSession:
    def __init__(self, port: int) -> None:
        self._client = redis.Redis(
            port=port,
            socket_timeout=SECONDS,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._client.ping()
        self._key = str(uuid.uuid4())

    def echo(self, text: str) -> str:
        self._client.set(self._key, text)
        return bytes(self._client.get(self._key)).decode()  # type: ignore[arg-type] # not awaitable

    def close(self) -> None:
        self._client.close()


class PostgresSession:
    def __init__(self, port: int) -> None:
        self._connection = psycopg.connect(
            f"host=127.0.0.1 port={port} user=lab dbname=postgres connect_timeout={SECONDS:.0f}",
            autocommit=True,
        )

    def echo(self, text: str) -> str:
        row = self._connection.execute("SELECT %s::text", [text]).fetchone()
        assert row is not None
        return str(row[0])

    def close(self) -> None:
        self._connection.close()


def spoken(directory: Path) -> dict[str, Spoken]:
    """Return the protocols that need no program beside Python."""
    pem = certificate(directory)
    return {
        "websocket": Spoken(
            websocket_server,
            WebSocketSession,
            (OSError, websockets.exceptions.WebSocketException, EOFError),
        ),
        "http1": Spoken(
            lambda: _serving(_answer_http1),
            lambda port: HttpSession(port, http2=False),
            (httpx.TransportError,),
        ),
        "http2": Spoken(
            lambda: _serving(_answer_http2),
            lambda port: HttpSession(port, http2=True),
            (httpx.TransportError,),
        ),
        "tls": Spoken(lambda: tls_server(pem), lambda port: TlsSession(port, pem), (OSError,)),
    }
