"""What a link costs and how exact its delay is: ``python -m benchmarks.proxy``.

Every figure stands beside the same one without the link, and with ``--toxiproxy BINARY`` beside
that of Toxiproxy's own server, taken in turns with it. Client, link and upstream are processes
of their own, as in the lab; on a machine of two cores they share them, which counts against the
link.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MESSAGE = b"x" * 256
INJECTED_MS = 100
MEGABYTE = 1_000_000
START_SECONDS = 10
LENGTH_BYTES = 8


class Link(NamedTuple):
    """A running link: its port, its proxy in the control API, and its process."""

    port: int
    proxy_url: str
    process: psutil.Process


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a link costs, and how exact its delay is.")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each figure")
    parser.add_argument("--megabytes", type=int, default=512, help="for each throughput")
    parser.add_argument("--toxiproxy", metavar="BINARY", help="Toxiproxy's server, to compare")
    options = parser.parse_args()
    with _upstream(_echo) as port, _links(port, options.toxiproxy) as links:
        _print_costs(port, links, options.seconds)
        for link in links.values():
            _toxic(link, {"type": "latency", "attributes": {"latency": INJECTED_MS}})
        print(f"\ndelay beyond the injected {INJECTED_MS} ms, ms       p50     p99     worst")
        for connections in (1, 64):
            for name, link in links.items():
                found = asyncio.run(_round_trips(link.port, connections, options.seconds * 2))
                _print_accuracy(name, connections, [each - INJECTED_MS for each in found])
    with _upstream(_sink) as port, _links(port, options.toxiproxy) as links:
        print("\nstreaming, MB/s                           of direct   ms of computing a GB")
        for connections in (1, 64):
            direct = _stream(port, connections, options.megabytes)
            print(f"  {'direct':9} {connections:3} connections  {direct:9.0f}")
            for name, link in links.items():
                before = _computed_ms(link)
                speed = _stream(link.port, connections, options.megabytes)
                a_gigabyte = (_computed_ms(link) - before) * 1_000 / options.megabytes
                print(
                    f"  {name:9} {connections:3} connections  {speed:9.0f} {speed / direct:8.2f}"
                    f" {a_gigabyte:14.0f}"
                )


def _print_costs(port: int, links: dict[str, Link], seconds: float) -> None:
    print("round trip of 256 bytes, ms            p50     p99     a second   added p50")
    for connections in (1, 64):
        direct = asyncio.run(_round_trips(port, connections, seconds))
        _print_round_trips("direct", connections, direct, seconds)
        for name, link in links.items():
            found = asyncio.run(_round_trips(link.port, connections, seconds))
            _print_round_trips(name, connections, found, seconds, beyond=direct)


async def _round_trips(port: int, connections: int, seconds: float) -> list[float]:
    """Return each round trip in milliseconds; every connection sends when it has its answer."""
    found: list[float] = []
    deadline = time.perf_counter() + seconds

    async def ping(index: int) -> None:
        # Callers that keep step would measure the queue that they are for each other.
        await asyncio.sleep(index * INJECTED_MS / 1000 / connections)
        # The protocol is bare, so that the client's own cost stays small beside the link's.
        protocol = _Pinger(found, deadline)
        await asyncio.get_running_loop().create_connection(lambda: protocol, "127.0.0.1", port)
        await protocol.finished

    await asyncio.gather(*(ping(index) for index in range(connections)))
    return found


class _Pinger(asyncio.Protocol):
    def __init__(self, found: list[float], deadline: float) -> None:
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._found = found
        self._deadline = deadline
        self._missing = 0
        self._sent = 0.0
        self._opened = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ping()

    def data_received(self, data: bytes) -> None:
        self._missing -= len(data)
        if self._missing:
            return
        now = time.perf_counter()
        if self._opened:
            self._found.append((now - self._sent) * 1000)
        # The first round trip also waits for the link to open its side.
        self._opened = True
        if now < self._deadline:
            self._ping()
        elif self._transport is not None:
            self._transport.close()
            self.finished.set_result(None)

    def _ping(self) -> None:
        assert self._transport is not None
        self._missing = len(MESSAGE)
        self._sent = time.perf_counter()
        self._transport.write(MESSAGE)


def _stream(port: int, connections: int, megabytes: int) -> float:
    """Return megabytes a second, counted when the upstream has them all."""
    data = b"y" * 262_144
    share = megabytes * MEGABYTE // connections

    def send() -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            # The end of the stream would not do: Toxiproxy ends the other way with it.
            connection.sendall(share.to_bytes(LENGTH_BYTES))
            left = share
            while left > 0:
                connection.sendall(data[:left])
                left -= len(data)
            assert connection.recv(1) == b"!"

    threads = [threading.Thread(target=send) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return share * connections / MEGABYTE / (time.perf_counter() - started)


def _computed_ms(link: Link) -> float:
    """Return what its process has computed; other work on the machine changes it little."""
    times = link.process.cpu_times()
    return 1_000 * (times.user + times.system)


def _print_round_trips(
    name: str, connections: int, found: list[float], seconds: float, *, beyond: Sequence[float] = ()
) -> None:
    p50, p99 = _percentiles(found)
    added = f"{p50 - _percentiles(beyond)[0]:11.3f}" if beyond else ""
    print(
        f"  {name:9} {connections:3} connections  {p50:9.3f} {p99:7.3f} {len(found) / seconds:9.0f}"
        f"{added}"
    )


def _print_accuracy(name: str, connections: int, found: list[float]) -> None:
    p50, p99 = _percentiles(found)
    print(f"  {name:9} {connections:3} connections  {p50:9.3f} {p99:7.3f} {max(found):9.3f}")


def _percentiles(found: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(found, n=100)
    return cuts[49], cuts[98]


def _toxic(link: Link, body: dict[str, Any]) -> None:
    request = urllib.request.Request(f"{link.proxy_url}/toxics", data=json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


@contextmanager
def _links(upstream_port: int, toxiproxy: str | None) -> Iterator[dict[str, Link]]:
    """Start the links that are compared, all to one upstream."""
    with ExitStack() as running:
        links = {"link": running.enter_context(_link(upstream_port))}
        if toxiproxy is not None:
            links["toxiproxy"] = running.enter_context(_toxiproxy(toxiproxy, upstream_port))
        yield links


@contextmanager
def _toxiproxy(binary: str, upstream_port: int) -> Iterator[Link]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    control = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [binary, "-host", "127.0.0.1", "-port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_answer(f"{control}/version")
        body = {
            "name": "measured",
            "listen": "127.0.0.1:0",
            "upstream": f"127.0.0.1:{upstream_port}",
        }
        request = urllib.request.Request(f"{control}/proxies", data=json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            listen = json.load(answer)["listen"]
        yield Link(
            int(listen.rpartition(":")[2]),
            f"{control}/proxies/measured",
            psutil.Process(process.pid),
        )
    finally:
        process.terminate()
        process.wait(10)


def _await_answer(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def _link(upstream_port: int) -> Iterator[Link]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "network", "--listen-control", "127.0.0.1:0"),
            *("--proxy", f"measured=127.0.0.1:0,127.0.0.1:{upstream_port}"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        listening = json.loads(process.stdout.readline())
        port = int(listening["proxies"]["measured"].rpartition(":")[2])
        url = f"http://{listening['control']}/proxies/measured"
        yield Link(port, url, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _upstream(serve: Any) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    process = multiprocessing.Process(target=serve, args=(listener,), daemon=True)
    process.start()
    try:
        yield listener.getsockname()[1]
    finally:
        process.terminate()
        process.join()
        listener.close()


def _echo(listener: socket.socket) -> None:
    asyncio.run(_serve(listener, _Echo))


async def _serve(listener: socket.socket, protocol: type[asyncio.Protocol]) -> None:
    server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
    await server.serve_forever()


class _Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


def _sink(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_swallow, args=[connection], daemon=True).start()


def _swallow(connection: socket.socket) -> None:
    buffer = bytearray(1 << 20)
    with connection:
        left = int.from_bytes(connection.recv(LENGTH_BYTES, socket.MSG_WAITALL))
        while left:
            left -= connection.recv_into(buffer)
        connection.sendall(b"!")
        connection.recv(1)


if __name__ == "__main__":
    main()
