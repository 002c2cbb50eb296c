"""A link on real sockets between a test and an upstream that keeps what it got."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from network.stream.connection import RESET_AT_CLOSE
from supervision import signalling
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 5
_ANSWER = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"ok": true}'
)


@dataclass
class Upstream:
    """What the other side of the link got, a list of bytes for each connection."""

    got: list[bytearray] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def echo(self, connection: socket.socket) -> None:
        """Keep what comes and send it back; close after the end of the stream."""
        self._serve(connection, answer=connection.sendall)

    def sink(self, connection: socket.socket) -> None:
        """Keep what comes and send nothing."""
        self._serve(connection, answer=lambda _data: None)

    def http(self, connection: socket.socket) -> None:
        """Keep what comes and answer each request."""
        number = self._begin()
        while request := upstreams.read_request(connection):
            with self.lock:
                self.got[number] += request
            connection.sendall(_ANSWER)

    def pipelined(self, connection: socket.socket) -> None:
        """Keep what comes; answer its requests, which have no body, one after the other."""
        number = self._begin()
        while data := connection.recv(65_536):
            with self.lock:
                self.got[number] += data
            connection.sendall(_ANSWER * data.count(b"\r\n\r\n"))

    @property
    def requests(self) -> int:
        """How many HTTP requests have arrived."""
        with self.lock:
            return sum(bytes(each).count(b"POST ") for each in self.got)

    def _begin(self) -> int:
        with self.lock:
            self.got.append(bytearray())
            self.ended.append(False)
            return len(self.got) - 1

    def _serve(self, connection: socket.socket, *, answer: Callable[[bytes], object]) -> None:
        number = self._begin()
        while data := connection.recv(65_536):
            with self.lock:
                self.got[number] += data
            answer(data)
        with self.lock:
            self.ended[number] = True
        connection.close()


@dataclass
class Rig:
    """One link, ``one``, and its control API."""

    port: int
    control: str
    upstream: Upstream
    pid: int = 0

    @property
    def url(self) -> str:
        """Where HTTP calls over the link go."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Call the control API."""
        return requests.request(method, f"{self.control}{path}", json=body, timeout=SECONDS)

    def toxic(self, kind: str, stream: str = "downstream", **attributes: float) -> str:
        """Add a toxic and return its name."""
        body = {"type": kind, "stream": stream, "attributes": attributes}
        made = self.call("POST", "/proxies/one/toxics", body)
        assert made.status_code == 200, made.text
        name: str = made.json()["name"]
        return name

    def change(self, name: str, **attributes: float) -> None:
        """Change a toxic's attributes."""
        done = self.call("POST", f"/proxies/one/toxics/{name}", {"attributes": attributes})
        assert done.status_code == 200, done.text

    def heal(self, name: str) -> None:
        """Remove a toxic."""
        assert self.call("DELETE", f"/proxies/one/toxics/{name}").status_code == 204

    def connect(self) -> socket.socket:
        """Connect over the link."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)


@contextmanager
def rig(behave: str = "echo", *, seed: int = 1, options: tuple[str, ...] = ()) -> Iterator[Rig]:
    """Start a link of its own to an upstream that behaves as one of `Upstream`'s methods."""
    port, control = free_ports(2)
    upstream = Upstream()
    with upstreams.server(getattr(upstream, behave)) as address:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "network", "--seed", str(seed)),
                *("--listen-control", f"127.0.0.1:{control}", *options),
                *("--proxy", f"one=127.0.0.1:{port},{address.removeprefix('http://')}"),
            ],
            stdout=subprocess.DEVNULL,
            **signalling.own_group(),
        )
        made = Rig(port, f"http://127.0.0.1:{control}", upstream, process.pid)
        try:
            eventually(lambda: _answers(made))
            yield made
        finally:
            signalling.terminate(process.pid)
            try:
                assert process.wait(10) == 0
            finally:
                # Or else it would fail the tests after this one too.
                process.kill()
                process.wait()


def talk(connection: socket.socket, data: bytes = b"ping") -> tuple[bytes, float]:
    """Send, wait for as much to come back, and return it with the seconds that it took."""
    began = time.monotonic()
    connection.sendall(data)
    back = b""
    while len(back) < len(data):
        more = connection.recv(65_536)
        if not more:
            break
        back += more
    return back, time.monotonic() - began


def is_reset(connection: socket.socket) -> bool:
    """Whether the next read meets a reset rather than an end."""
    try:
        connection.recv(65_536)
    except ConnectionResetError:
        return True
    return False


def reset(connection: socket.socket) -> None:
    """Close with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    connection.close()


def _answers(made: Rig) -> bool:
    try:
        return made.call("GET", "/version").ok
    except requests.RequestException:
        return False
