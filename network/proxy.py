"""A proxy: a listener, the connections it accepted, and their toxics."""

from __future__ import annotations

import asyncio
import errno
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from network.address import Address, parse_address
from network.chain import Chain
from network.connection import Connection
from network.errors import BadRequestBody, ListenFailed
from network.stream import DIRECTIONS, UPSTREAM, Direction

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from network.events import Events
    from network.fate import Fate
    from network.link import Link
    from network.seams import ConnectionOf
    from network.toxics.applied import Applied

BACKLOG: Final = 2048
ASIDE_SECONDS: Final = 30


@dataclass
class Counters:
    """Bytes of one stream since the proxy was made."""

    received: int = 0
    sent: int = 0


class Proxy:
    """Listens on ``listen`` while enabled, and carries each connection to ``upstream``."""

    def __init__(
        self, name: str, *, listen: str, upstream: str, fate: Fate, events: Events, ipv6: bool
    ) -> None:
        self.name = name
        self.listen = listen
        self.upstream = upstream
        self.upstream_address = _parsed(upstream)
        self.loop = asyncio.get_running_loop()
        self.events = events
        self.counters = {stream: Counters() for stream in DIRECTIONS}
        self.connections: set[Connection] = set()
        self.accepted = 0
        self.toxics = Chain(self.loop, links=self._links)
        self.revival: asyncio.TimerHandle | None = None
        self._fate = fate
        self._ipv6 = ipv6
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def enabled(self) -> bool:
        """Whether it listens."""
        return bool(self._servers)

    async def start(self) -> None:
        """Listen.

        Raises ListenFailed.
        """
        if self.enabled:
            return
        self._servers, self.listen = await self._bind(self.listen)

    def stop(self) -> None:
        """Stop listening and close every connection: new ones are refused by the system."""
        for server in self._servers:
            server.close()
        self._servers = []
        for connection in list(self.connections):
            connection.abort()

    async def move(self, *, listen: str, upstream: str) -> None:
        """Change addresses; open connections are closed when one differs.

        Raises ListenFailed or BadRequestBody, and then nothing is changed.
        """
        upstream_address = _parsed(upstream)
        if listen != self.listen:
            moved = await self._bind(listen) if self.enabled else ([], listen)
            self.stop()
            self._servers, self.listen = moved
        elif upstream != self.upstream:
            for connection in list(self.connections):
                connection.abort()
        self.upstream, self.upstream_address = upstream, upstream_address

    def differs(self, *, listen: str, upstream: str) -> bool:
        """Say whether these addresses are others than its own."""
        return self.listen != listen or self.upstream != upstream

    def as_json(self) -> dict[str, object]:
        """Return what the HTTP API shows."""
        return {
            "name": self.name,
            "listen": self.listen,
            "upstream": self.upstream,
            "enabled": self.enabled,
            "toxics": [each.as_json() for each in self.toxics.all()],
        }

    # What its connections ask for.

    def chance(self, applied: Applied) -> random.Random:
        """Deal the next connection under a toxic its source of chance."""
        ordinal = applied.met
        applied.met += 1
        return self._fate.deal(
            self.name, kind=applied.toxic.kind, stream=applied.stream, ordinal=ordinal
        )

    def note(self, connection: ConnectionOf, *, kind: str) -> None:
        """Tell a reader of events, when there is one."""
        if self.events.wanted:
            self.events.note(connection, kind=kind)

    def connection_closed(self, connection: ConnectionOf) -> None:
        """Forget a connection."""
        self.connections.discard(connection)

    def deliver_aside(self, data: bytes) -> None:
        """Deliver bytes over a connection of their own and drop the answer."""
        self.hold_task(self.loop.create_task(self._aside(data)))

    def hold_task(self, task: asyncio.Task[None]) -> None:
        """Keep a task from being collected before it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _aside(self, data: bytes) -> None:
        address = self.upstream_address
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(ASIDE_SECONDS):
                reader, writer = await asyncio.open_connection(address.host, address.port)
                try:
                    writer.write(data)
                    await writer.drain()
                    # The head of an answer says that the request was taken.
                    await reader.read(65_536)
                finally:
                    writer.close()

    def _accept(self) -> asyncio.Protocol:
        connection = Connection(self, number=self.accepted)
        self.accepted += 1
        self.connections.add(connection)
        return connection.client

    def _links(self, stream: Direction) -> Iterator[Link]:
        for connection in list(self.connections):
            link = connection.upstream if stream == UPSTREAM else connection.downstream
            if link.sink is not None and not link.closed:
                yield link

    async def _bind(self, listen: str) -> tuple[list[asyncio.Server], str]:
        address = _parsed(listen)
        server = await self._listen_on(address)
        servers = [server]
        host, port = server.sockets[0].getsockname()[:2]
        bound = Address(host, port)
        if self._ipv6 and address.host == "127.0.0.1":
            # Where the machine has no ::1, callers by name fall back to 127.0.0.1.
            with suppress(ListenFailed):
                servers.append(await self._listen_on(Address("::1", port)))
        return servers, str(bound)

    async def _listen_on(self, address: Address) -> asyncio.Server:
        try:
            return await self.loop.create_server(
                self._accept, address.host or None, address.port, backlog=BACKLOG
            )
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "bind: address already in use" if taken else str(error)
            raise ListenFailed(str(address), reason) from error


def _parsed(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise BadRequestBody(str(error)) from error
