"""A load of calls from plain sockets: cheap, to leave the machine to the measured."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_REFUSED = 300


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to: latencies in milliseconds, in order, and the wall time in seconds."""

    latencies_ms: list[float]
    seconds: float
    failed: int

    @property
    def per_second(self) -> float:
        """Calls answered a second."""
        return len(self.latencies_ms) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that ``share`` of the calls stay below, in milliseconds."""
        ranked = sorted(self.latencies_ms)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")


async def post(url: str, body: bytes, *, clients: int, seconds: float) -> Load:
    """POST ``body`` to ``url`` from ``clients`` connections, one call after the other on each."""
    return await _from_all("POST", url, body, clients=clients, seconds=seconds)


async def get(url: str, *, clients: int, seconds: float) -> Load:
    """GET ``url`` in the same way."""
    return await _from_all("GET", url, b"", clients=clients, seconds=seconds)


async def _from_all(method: str, url: str, body: bytes, *, clients: int, seconds: float) -> Load:
    until = time.monotonic() + seconds
    started = time.monotonic()
    results = await asyncio.gather(*(_client(method, url, body, until) for _ in range(clients)))
    taken = time.monotonic() - started
    latencies = [each for latencies, _ in results for each in latencies]
    return Load(latencies, taken, sum(failed for _, failed in results))


async def _client(method: str, url: str, body: bytes, until: float) -> tuple[list[float], int]:
    parts = urlsplit(url)
    call = (
        f"{method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    latencies: list[float] = []
    failed = 0
    while time.monotonic() < until:
        started = time.monotonic()
        writer.write(call)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_content_length(head))
        latencies.append((time.monotonic() - started) * 1_000)
        failed += int(head[9:12]) >= _REFUSED
    writer.close()
    return latencies, failed


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")
