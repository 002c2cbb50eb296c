"""However a connection ends, under any toxic, nothing of it stays: no socket, task or object."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil
import pytest

from network.direction import DIRECTIONS, DOWNSTREAM, UPSTREAM, Direction
from network.proxy import Proxy
from network.stream.connection import RESET_AT_CLOSE, Connection, Side
from network.stream.fate import Fate
from network.stream.link import Link
from network.stream.stub import Stub
from network.toxics.toxic import REGISTRY
from tests.support.long import long_but
from tests.support.waiting import eventually_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

REQUEST = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nping"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"
HELD_MS = 100
TOXICS: dict[str, list[dict[str, float]]] = {
    "bandwidth": [{"rate": 1}],
    "blackhole": [],
    "duplicate": [{}],
    "fail_first": [{"count": 1}],
    "flap": [{"period": HELD_MS, "duty": 0.1}],
    "http_status": [{}],
    "latency": [{"latency": HELD_MS}],
    "limit_data": [{"bytes": 10}],
    "noop": [{}],
    "packet_loss": [{"loss_rate": 1}],
    "reset_peer": [{"timeout": HELD_MS}],
    "schedule": [{"up": HELD_MS, "down": HELD_MS}],
    "slicer": [{"average_size": 20, "delay": HELD_MS * 100}],
    "slow_close": [{"delay": HELD_MS}],
    "timeout": [{"timeout": HELD_MS}, {"timeout": 0}],
}
# What keeps an end from the other side keeps the connection too, as long as it is in force.
HOLDING: dict[str, list[dict[str, float]]] = {
    "bandwidth": [{"rate": 0}],
    "blackhole": [{}],
    "flap": [{"duty": 0}],
    "packet_loss": [{"loss_rate": 1, "retransmit": 10_000}],
}


class Callee(asyncio.Protocol):
    """Answers every piece, and closes when its caller does."""

    def __init__(self, callees: list[asyncio.Transport]) -> None:
        self._callees = callees

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._callees.append(transport)

    def data_received(self, data: bytes) -> None:
        del data
        self._transport.write(ANSWER)


@dataclass
class Case:
    """Connections through a proxy of its own, with one toxic."""

    proxy: Proxy
    callees: list[asyncio.Transport]
    callers: list[asyncio.Transport] = field(default_factory=list)

    async def begin(self) -> None:
        """Connect, send, and wait until the request is on its way or the connection is over."""
        host, _, port = self.proxy.listen.rpartition(":")
        caller, _ = await self.proxy.loop.create_connection(asyncio.Protocol, host, int(port))
        self.callers.append(caller)
        caller.write(REQUEST)
        received = self.proxy.counters[UPSTREAM]
        wanted = len(REQUEST) * len(self.callers)
        await eventually_async(lambda: received.received == wanted or caller.is_closing())

    def heal(self) -> None:
        """Remove the toxic."""
        self.proxy.toxics.clear()


def caller_closes(case: Case) -> None:
    for each in case.callers:
        each.close()


def caller_resets(case: Case) -> None:
    for each in case.callers:
        reset(each)


def callee_closes(case: Case) -> None:
    for each in case.callees:
        each.close()


def callee_resets(case: Case) -> None:
    for each in case.callees:
        reset(each)


def both_close(case: Case) -> None:
    caller_closes(case)
    callee_closes(case)


def both_reset(case: Case) -> None:
    caller_resets(case)
    callee_resets(case)


def caller_closes_and_it_is_healed(case: Case) -> None:
    caller_closes(case)
    case.heal()


def it_is_healed_and_the_callee_closes(case: Case) -> None:
    case.heal()
    callee_closes(case)


def link_removed(case: Case) -> None:
    case.proxy.close()


ENDS: list[Callable[[Case], None]] = [
    caller_closes,
    caller_resets,
    callee_closes,
    callee_resets,
    both_close,
    both_reset,
    caller_closes_and_it_is_healed,
    it_is_healed_and_the_callee_closes,
    link_removed,
]


def test_every_toxic_is_in_the_table() -> None:
    assert set(TOXICS) == set(REGISTRY)


@pytest.mark.parametrize("kind", long_but({"latency", "reset_peer"}, sorted(TOXICS)))
async def test_nothing_stays_however_a_connection_ends(kind: str) -> None:
    before = what_is_there()
    table = [(each, False) for each in TOXICS[kind]]
    table += [(each, True) for each in HOLDING.get(kind, ())]
    await asyncio.gather(
        *(
            come_and_go(kind, attributes, stream=stream, end=end, heal=heal)
            for attributes, heal in table
            for stream in DIRECTIONS
            for end in ENDS
        )
    )
    await eventually_async(lambda: what_is_there() == before, said=what_is_there)


async def test_twenty_callers_that_give_up_on_a_slow_link_leave_nothing() -> None:
    before = what_is_there()
    async with rig("latency", {"latency": HELD_MS}) as case:
        for _ in range(20):
            await case.begin()
            caller_closes(case)
        await eventually_async(lambda: len(case.callees) == 20)
        await eventually_async(lambda: not case.proxy.connections)
    await eventually_async(lambda: what_is_there() == before, said=what_is_there)


async def test_a_connection_that_is_accepted_as_its_proxy_stops_is_closed() -> None:
    async with rig("noop", {}) as case:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            caller = socket.create_connection(listener.getsockname())
            accepted, _ = listener.accept()
        connection = Connection(case.proxy, number=0)
        connection.abort()
        loop = case.proxy.loop
        transport, _ = await loop.connect_accepted_socket(lambda: connection.client, accepted)
        with caller:
            assert transport.is_closing()


async def come_and_go(
    kind: str,
    attributes: Mapping[str, float],
    *,
    stream: Direction,
    end: Callable[[Case], None],
    heal: bool,
) -> None:
    """Open one connection and end it; with ``heal`` the fault is healed after that."""
    async with rig(kind, attributes, stream=stream) as case:
        await case.begin()
        end(case)
        if heal:
            case.heal()
        await eventually_async(
            lambda: not case.proxy.connections, said=lambda: (attributes, stream, end.__name__)
        )


@asynccontextmanager
async def rig(
    kind: str, attributes: Mapping[str, float], *, stream: Direction = DOWNSTREAM
) -> AsyncIterator[Case]:
    """Make a proxy with one toxic, and its upstream."""
    loop = asyncio.get_running_loop()
    callees: list[asyncio.Transport] = []
    server = await loop.create_server(lambda: Callee(callees), "127.0.0.1", 0)
    upstream = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    proxy = Proxy("one", listen="127.0.0.1:0", upstream=upstream, fate=Fate(1), ipv6=False)
    proxy.toxics.add({"type": kind, "stream": stream, "attributes": attributes})
    await proxy.start()
    yield Case(proxy, callees)
    proxy.close()
    server.close()


def what_is_there() -> tuple[int, int, int]:
    """Count this process's sockets, tasks, and the objects of connections."""
    gc.collect()
    kinds = (Connection, Side, Link, Stub)
    objects = sum(type(each) in kinds for each in gc.get_objects())
    sockets = len(psutil.Process().net_connections())
    return sockets, len(asyncio.all_tasks()), objects


def reset(transport: asyncio.Transport) -> None:
    if not transport.is_closing():
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE
        )
        transport.abort()
