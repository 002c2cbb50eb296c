"""What arrives is what was sent, whatever the bytes, their pieces, the half-closes and the toxics.

Everything that is drawn comes from the seed of a test: its id repeats it.
"""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from network.direction import DIRECTIONS, DOWNSTREAM, UPSTREAM, Direction
from network.proxy import Proxy
from network.stream.fate import Fate
from network.stream.link import MOST_READ_BYTES, READ_UNDER_TOXICS_BYTES
from tests.network.test_nothing_leaks import what_is_there
from tests.support.long import long
from tests.support.waiting import eventually_async, let_pass_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

MOST_BYTES = 200_000
PIECES = (1, 7, 1_000, 20_000, 70_000)
NUMBER_BYTES = 4

# Toxics that change when bytes arrive, never which.
KEEPING: dict[str, Callable[[random.Random], dict[str, float]]] = {
    "noop": lambda _: {},
    "latency": lambda seeded: {"latency": seeded.randint(0, 40), "jitter": seeded.randint(0, 40)},
    "bandwidth": lambda seeded: {"rate": seeded.randint(50, 5_000)},
    "slicer": lambda seeded: {"average_size": seeded.randint(100, 3_000), "delay": 1_000},
    "slow_close": lambda seeded: {"delay": seeded.randint(0, 30)},
    "flap": lambda seeded: {"period": seeded.randint(5, 40), "duty": 0.6},
    "schedule": lambda seeded: {"up": 100, "down": 100, "seed": seeded.randint(0, 9)},
    "packet_loss": lambda seeded: {"loss_rate": seeded.random() / 2, "retransmit": 2},
    "duplicate": lambda _: {},
}


@dataclass
class Talk:
    """What both ends of one connection send and get."""

    sends: dict[Direction, bytes]
    got: dict[Direction, bytearray] = field(
        default_factory=lambda: {each: bytearray() for each in DIRECTIONS}
    )

    async def run(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        sends: Direction,
        seeded: random.Random,
    ) -> None:
        """Send one way in pieces up to a half-close, and take in the other way to its end."""
        other = DOWNSTREAM if sends == UPSTREAM else UPSTREAM
        await asyncio.gather(
            self._send(writer, self.sends[sends], seeded), self._take(reader, self.got[other])
        )
        writer.close()
        await writer.wait_closed()

    async def _send(self, writer: asyncio.StreamWriter, data: bytes, seeded: random.Random) -> None:
        while data:
            size = seeded.randint(1, seeded.choice(PIECES))
            writer.write(data[:size])
            data = data[size:]
            await writer.drain()
            if seeded.random() < 0.5:
                await let_pass_async(seeded.random() / 50)
        writer.write_eof()

    async def _take(self, reader: asyncio.StreamReader, got: bytearray) -> None:
        while data := await reader.read(65_536):
            got += data


def chance(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - chance that must repeat is the point


def proxy_to(upstream: asyncio.Server, *, seed: int) -> Proxy:
    host, port = upstream.sockets[0].getsockname()
    return Proxy(
        "one", listen="127.0.0.1:0", upstream=f"{host}:{port}", fate=Fate(seed), ipv6=False
    )


@asynccontextmanager
async def link(talks: list[Talk], seed: int) -> AsyncIterator[Proxy]:
    """Make a proxy, and its upstream, which finds its talk by the number that comes first."""
    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = int.from_bytes(await reader.readexactly(NUMBER_BYTES))
        await talks[number].run(reader, writer, DOWNSTREAM, chance(f"{seed}/{number}/s"))

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.ensure_future(answer(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    proxy = Proxy(
        "one", listen="127.0.0.1:0", upstream=f"{host}:{port}", fate=Fate(seed), ipv6=False
    )
    await proxy.start()
    try:
        yield proxy
        await asyncio.gather(*answering)
    finally:
        await proxy.stop()
        server.close()


async def call(proxy: Proxy, talks: list[Talk], number: int, seed: int) -> None:
    host, _, port = proxy.listen.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(number.to_bytes(NUMBER_BYTES))
    await talks[number].run(reader, writer, UPSTREAM, chance(f"{seed}/{number}/c"))


async def disturb(proxy: Proxy, seeded: random.Random) -> None:
    """Set, change and heal toxics, until cancelled."""
    while True:
        await let_pass_async(seeded.random() / 100)
        toxics = proxy.toxics
        kind = seeded.choice(sorted(KEEPING))
        body: dict[str, Any] = {
            "type": kind,
            "stream": seeded.choice(DIRECTIONS),
            "name": str(seeded.randint(0, 5)),
            "toxicity": seeded.choice((1, 0.5)),
            "attributes": KEEPING[kind](seeded),
        }
        there = [each for each in toxics.all() if each.name == body["name"]]
        if not there:
            toxics.add(body)
        elif seeded.random() < 0.3:
            toxics.update(body["name"], body={"toxicity": seeded.random()})
        else:
            toxics.remove(body["name"])


def talks_of(seeded: random.Random) -> list[Talk]:
    return [
        Talk({each: seeded.randbytes(seeded.randint(0, MOST_BYTES)) for each in DIRECTIONS})
        for _ in range(seeded.randint(1, 50))
    ]


@pytest.mark.parametrize("seed", [*range(3), *map(long, range(3, 66))])
async def test_toxics_that_keep_bytes_keep_them_all(seed: int) -> None:
    seeded = chance(seed)
    talks = talks_of(seeded)
    before = what_is_there()
    async with link(talks, seed) as proxy:
        disturbing = asyncio.create_task(disturb(proxy, seeded))
        await asyncio.gather(*(call(proxy, talks, number, seed) for number in range(len(talks))))
        disturbing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await disturbing
    for number, talk in enumerate(talks):
        for stream in DIRECTIONS:
            assert talk.got[stream] == talk.sends[stream], (number, stream)
    await eventually_async(lambda: what_is_there() == before, said=what_is_there)


@dataclass
class Pipe:
    """One connection whose pieces are sent one by one, each as a chunk of its own."""

    proxy: Proxy
    stream: Direction
    source: asyncio.StreamWriter
    got: bytearray
    ended: asyncio.Task[None]

    async def send(self, piece: bytes) -> None:
        """Send, and wait until the link has it."""
        counters = self.proxy.counters[self.stream]
        wanted = counters.received + len(piece)
        self.source.write(piece)
        await eventually_async(lambda: counters.received >= wanted)


@asynccontextmanager
async def pipe(stream: Direction, seed: int) -> AsyncIterator[Pipe]:
    """Make a link, and a connection over it of which one way is sent and the other only read."""
    accepted: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    server = await asyncio.start_server(
        lambda reader, writer: accepted.put_nowait((reader, writer)), "127.0.0.1", 0
    )
    host, port = server.sockets[0].getsockname()
    proxy = Proxy(
        "one", listen="127.0.0.1:0", upstream=f"{host}:{port}", fate=Fate(seed), ipv6=False
    )
    await proxy.start()
    host, _, port = proxy.listen.rpartition(":")
    near = await asyncio.open_connection(host, int(port))
    far = await accepted.get()
    (_, source), (sink, _) = (near, far) if stream == UPSTREAM else (far, near)
    got = bytearray()

    async def take() -> None:
        try:
            while data := await sink.read(65_536):
                got.extend(data)
        except ConnectionResetError:
            return

    taking = asyncio.create_task(take())
    try:
        yield Pipe(proxy, stream, source, got, taking)
    finally:
        await proxy.stop()
        for _, writer in (near, far):
            writer.close()
        await taking
        server.close()


@pytest.mark.parametrize("stream", DIRECTIONS)
@pytest.mark.parametrize("seed", range(3))
async def test_limit_data_lets_exactly_its_bytes_through(stream: Direction, seed: int) -> None:
    seeded = chance(seed)
    data = seeded.randbytes(50_000)
    limit = seeded.randint(1, len(data) - 1)
    async with pipe(stream, seed) as made:
        made.proxy.toxics.add(
            {"type": "limit_data", "stream": stream, "attributes": {"bytes": limit}}
        )
        made.source.write(data)
        await made.ended
        assert made.got == data[:limit]


@pytest.mark.skipif(os.name == "nt", reason="there the loop decides how much it reads")
async def test_much_is_read_at_once_only_where_no_toxic_takes_it_as_one_piece() -> None:
    async with pipe(UPSTREAM, 1) as made:
        [connection] = made.proxy.connections

        def read_at_once() -> object:
            return getattr(connection.client.transport, "max_size", None)

        await eventually_async(lambda: read_at_once() == MOST_READ_BYTES)
        made.proxy.toxics.add({"type": "latency", "stream": UPSTREAM})
        assert read_at_once() == READ_UNDER_TOXICS_BYTES
        made.proxy.toxics.clear()
        assert read_at_once() == MOST_READ_BYTES


@pytest.mark.parametrize("stream", DIRECTIONS)
@pytest.mark.parametrize("kind", ["blackhole", "timeout", "reset_peer"])
async def test_what_was_sent_before_the_silence_arrives_and_nothing_after(
    kind: str, stream: Direction
) -> None:
    async with pipe(stream, 1) as made:
        await made.send(b"before")
        await eventually_async(lambda: bytes(made.got) == b"before")
        made.proxy.toxics.add({"type": kind, "stream": stream})
        await made.send(b"after")
        # Its removal ends the connection: what was dropped can't be had again.
        made.proxy.toxics.clear()
        await made.ended
        assert made.got == b"before"


@pytest.mark.parametrize("stream", DIRECTIONS)
@pytest.mark.parametrize("seed", range(3))
async def test_a_lossy_link_loses_whole_pieces_and_keeps_the_order(
    stream: Direction, seed: int
) -> None:
    pieces = [b"%04d" % number for number in range(60)]
    async with pipe(stream, seed) as made:
        made.proxy.toxics.add(
            {"type": "packet_loss", "stream": stream, "attributes": {"loss_rate": 0.4}}
        )
        for piece in pieces:
            await made.send(piece)
        made.proxy.toxics.clear()
        await made.send(b"last")
        await eventually_async(lambda: bytes(made.got).endswith(b"last"))
        arrived = [bytes(made.got[at : at + 4]) for at in range(0, len(made.got) - 4, 4)]
        assert [each for each in pieces if each in set(arrived)] == arrived
        assert 10 < len(arrived) < 55
