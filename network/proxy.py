"""A proxy: a listener, the connections it accepted, and their toxics."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from base.loops import DONE, Task, spawn
from network.address import AddressError, parse_address, resolve
from network.direction import DIRECTIONS, UPSTREAM, Direction
from network.errors import ListenFailed, UnknownAddress
from network.journal.journal import Journal
from network.listening import listen
from network.stream.chain import Chain
from network.stream.connection import Connection

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from network.address import Address
    from network.stream.fate import Fate
    from network.stream.link import Link
    from network.stream.seams import ConnectionOf
    from network.toxics.applied import Applied

ASIDE_SECONDS: Final = 30
_LOOP_ITERATIONS_TO_ACCEPT: Final = 2


@dataclass
class Counters:
    """Bytes and chunks of one stream since the proxy was made."""

    received: int = 0
    sent: int = 0
    chunks: int = 0
    """As they were received."""


class Proxy:
    """Listens on ``listen`` while enabled, and carries each connection to ``upstream``.

    Guaranteed: while it is disabled the operating system refuses connections to ``listen``, and
    those that were open are closed. Not guaranteed: that what was under way then arrives.
    """

    def __init__(
        self,
        name: str,
        *,
        listen: str,
        upstream: str,
        fate: Fate,
        ipv6: bool,
        journal: Journal | None = None,
    ) -> None:
        self.name = name
        self.journal = journal or Journal()
        self.listen = listen
        self.upstream = upstream
        self.loop = asyncio.get_running_loop()
        self.counters = {stream: Counters() for stream in DIRECTIONS}
        self.connections: set[Connection] = set()
        self.accepted = 0
        self.toxics = Chain(self.loop, links=self._links, deal=self._deal)
        self.revival: Task | None = None
        self._fate = fate
        self._ipv6 = ipv6
        self._servers: list[asyncio.Server] = []
        # One change of where it listens at a time: a second one would bind the same port.
        self._changing = asyncio.Lock()
        self._removed = False

    @property
    def enabled(self) -> bool:
        """Whether it listens."""
        return bool(self._servers)

    async def start(self) -> None:
        """Listen, unless it does.

        :raises ListenFailed: the address can't be listened on.
        """
        async with self._changing:
            if not self.enabled:
                await self._start(self.listen)

    async def stop(self) -> None:
        """Stop listening and close every connection: new ones are refused by the system."""
        # asyncio leaves the socket open that it accepted in the iteration before a server closes.
        for server in self._servers:
            for listener in server.sockets:
                with suppress(NotImplementedError):
                    self.loop.remove_reader(listener.fileno())
        for _ in range(_LOOP_ITERATIONS_TO_ACCEPT):
            await asyncio.sleep(0)
        self.close()

    def close(self) -> None:
        """Stop at once, without what was just accepted: for the end of the process."""
        for server in self._servers:
            server.close()
        self._servers = []
        self._abort_all()

    async def remove(self) -> None:
        """Stop for good, with its toxics; what is under way ends with nothing listening."""
        self._removed = True
        self.cancel_revival()
        self.toxics.clear()
        await self.stop()

    def revive_after(self, seconds: float) -> None:
        """Listen again in ``seconds``; when that can't be done then, as soon as it can."""
        self.revival = Task("end-of-cut", self._revive, delay=seconds)
        self.revival.start()

    def cancel_revival(self) -> None:
        """Let it stay as it is."""
        if self.revival is not None:
            self.revival.cancel()
            self.revival = None

    async def move(self, *, listen: str, upstream: str, enabled: bool) -> None:
        """Change addresses, then listen or don't; open connections are closed when one differs.

        :raises ListenFailed: the address can't be listened on; it is as it was.
        :raises UnknownAddress: it is none; nothing has changed.
        """
        async with self._changing:
            moves = not await self.listens_on(listen)
            if not enabled:
                await self.stop()
                self.listen = listen if moves else self.listen
            elif moves or not self.enabled:
                await self._start(listen if moves else self.listen)
            if upstream != self.upstream:
                self._abort_all()
            self.upstream = upstream

    async def listens_on(self, listen: str) -> bool:
        """Return whether ``listen`` is its own address, by that name or by another.

        :raises UnknownAddress: it is no address, or its name has none.
        """
        if listen == self.listen:
            return True
        try:
            return str(await resolve(listen)) == self.listen
        except AddressError as error:
            raise UnknownAddress(str(error)) from None

    def as_json(self) -> dict[str, object]:
        """Return what the HTTP API shows."""
        return {
            "name": self.name,
            "listen": self.listen,
            "upstream": self.upstream,
            "enabled": self.enabled,
            # Toxiproxy's log leaks into its answers; strict clients may expect the field.
            "Logger": {},
            "toxics": [each.as_json() for each in self.toxics.all()],
        }

    # For its connections.

    def chance(self, applied: Applied) -> random.Random:
        """Return the randomness of the next connection under a toxic."""
        ordinal = applied.met
        applied.met += 1
        return self._fate.deal(
            self.name, kind=applied.toxic.kind, stream=applied.stream, ordinal=ordinal
        )

    def _deal(self, kind: str, stream: Direction) -> random.Random:
        return self._fate.deal(self.name, kind=kind, stream=stream, ordinal="requests")

    def connection_closed(self, connection: ConnectionOf) -> None:
        """Forget a connection."""
        self.connections.discard(connection)

    def deliver_aside(self, data: bytes) -> None:
        """Deliver bytes over a connection of their own and drop the answer."""
        spawn(self._aside(data), name=f"{self.name} aside")

    async def _revive(self) -> float:
        await self.start()
        self.revival = None
        return DONE

    async def _aside(self, data: bytes) -> None:
        with suppress(OSError, TimeoutError, AddressError):
            host, port = await resolve(self.upstream)
            async with asyncio.timeout(ASIDE_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(data)
                    await writer.drain()
                    # The head of a response shows that the request was taken.
                    await reader.read(65_536)
                finally:
                    writer.close()

    def _abort_all(self) -> None:
        for connection in list(self.connections):
            connection.abort()

    async def _start(self, address: str) -> None:
        try:
            resolved = await resolve(address)
        except AddressError as error:
            raise ListenFailed(str(error)) from None
        if self.enabled and resolved.port == parse_address(self.listen).port:
            # Its own listener would be what has taken the port.
            await self.stop()
            try:
                await self._listen_at(resolved)
            except ListenFailed:
                await self._listen_at(parse_address(self.listen))
                raise
        else:
            await self._listen_at(resolved)

    async def _listen_at(self, address: Address) -> None:
        servers, bound = await listen(address, self._accept, ipv6=self._ipv6)
        await self.stop()
        self._servers, self.listen = servers, str(bound)
        if self._removed:
            self.close()

    def _accept(self) -> asyncio.Protocol:
        connection = Connection(self, number=self.accepted)
        self.accepted += 1
        if self.enabled:
            self.connections.add(connection)
        else:
            # The loop had accepted it already when the proxy stopped.
            connection.abort()
        return connection.client

    def _links(self, stream: Direction) -> Iterator[Link]:
        for connection in list(self.connections):
            link = connection.upstream if stream == UPSTREAM else connection.downstream
            if link.sink is not None and not link.closed:
                yield link
