"""All proxies, by name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from network.errors import ListenFailed, MissingField, ProxyAlreadyExists, ProxyNotFound
from network.go_json.decoding import Struct, mismatch
from network.journal.journal import Journal
from network.proxy import Proxy
from network.ttl import ttl_seconds

if TYPE_CHECKING:
    from network.stream.fate import Fate


_LOOP_ITERATIONS_TO_CLOSE: Final = 5
_PROXY: Final = Struct(
    "Proxy",
    "toxiproxy.Proxy",
    {"name": "string", "listen": "string", "upstream": "string", "enabled": "bool"},
)
_LISTED: Final = Struct(
    "", 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }', _PROXY.fields
)


class Collection:
    """Makes, changes and removes proxies; but for `populate`, a call that fails changes nothing."""

    def __init__(self, *, fate: Fate, ipv6: bool = False) -> None:
        self.proxies: dict[str, Proxy] = {}
        self.journal = Journal()
        self._fate = fate
        self._ipv6 = ipv6
        # Proxies are made and removed one at a time: two of one name would both listen.
        self._changing = asyncio.Lock()

    def get(self, name: str) -> Proxy:
        """Return the proxy of this name.

        :raises ProxyNotFound: there is no such proxy.
        """
        if name not in self.proxies:
            raise ProxyNotFound
        return self.proxies[name]

    async def create(self, body: object) -> Proxy:
        """Make a proxy from a body of the HTTP API; it is enabled by default.

        :raises MissingField: a field without a default was left out.
        :raises ProxyAlreadyExists: there is a proxy of this name.
        :raises ListenFailed: the address can't be listened on.
        :raises BadRequestBody: a value is not what its field takes.
        """
        given = _PROXY.read(body)
        for field in ("name", "upstream"):
            if not given.get(field):
                raise MissingField(field)
        async with self._changing:
            if given["name"] in self.proxies:
                raise ProxyAlreadyExists
            return await self._create(given)

    async def update(self, name: str, *, body: object) -> Proxy:
        """Change a proxy's fields; what isn't given stays; ``ttl_ms`` ends a cut.

        :raises ProxyNotFound: there is no such proxy.
        :raises ListenFailed: the address can't be listened on; it is as it was.
        :raises UnknownAddress: the address is none, or its name has none.
        :raises BadRequestBody: a value is not what its field takes.
        """
        proxy = self.get(name)
        given = _PROXY.read(body)
        seconds = ttl_seconds(given)
        enabled = given.get("enabled", proxy.enabled)
        await proxy.move(
            listen=_listen(given.get("listen", proxy.listen)),
            upstream=given.get("upstream", proxy.upstream),
            enabled=enabled,
        )
        if not enabled:
            # The loop closes the sockets in its next iterations, those too that it has just
            # accepted: after the answer that the link is cut, its connections must be closed.
            for _ in range(_LOOP_ITERATIONS_TO_CLOSE):
                await asyncio.sleep(0)
        if "enabled" in given:
            proxy.cancel_revival()
        if seconds is not None and not enabled:
            proxy.revive_after(seconds)
        return proxy

    async def remove(self, name: str) -> None:
        """Remove a proxy with its connections.

        :raises ProxyNotFound: there is no such proxy.
        """
        async with self._changing:
            await self.get(name).remove()
            del self.proxies[name]

    async def populate(self, body: object, *, made: list[Proxy]) -> None:
        """Make or replace the listed proxies; one whose addresses are the same stays as it is.

        ``made`` gets one after the other, so that those before one that fails are known. One that
        was to be replaced by what fails stays, disabled.

        :raises BadRequestBody: a value is not what its field takes.
        :raises MissingField: a field without a default was left out.
        :raises ListenFailed: the address can't be listened on.
        """
        if not isinstance(body, list | None):
            raise mismatch(body, f"value of type []{_LISTED.type}")
        listed = [_LISTED.read(each) for each in body or ()]
        for index, each in enumerate(listed, start=1):
            for field in ("name", "upstream"):
                if not each.get(field):
                    raise MissingField(f"{field} at proxy {index}")
        async with self._changing:
            for each in listed:
                made.append(await self._create_or_replace(each))  # noqa: PERF401 (the next may fail)

    async def reset(self) -> None:
        """Enable all proxies and remove all toxics.

        :raises ListenFailed: a proxy's address can't be listened on; the others were reset.
        """
        failed: ListenFailed | None = None
        for proxy in list(self.proxies.values()):
            proxy.cancel_revival()
            proxy.toxics.clear()
            try:
                await proxy.start()
            except ListenFailed as error:
                failed = error
        if failed is not None:
            raise failed

    def close(self) -> None:
        """Stop all proxies, for the end of the process."""
        for proxy in self.proxies.values():
            proxy.toxics.clear()
            proxy.cancel_revival()
            proxy.close()

    async def _create(self, given: dict[str, Any]) -> Proxy:
        proxy = Proxy(
            given["name"],
            listen=_listen(given.get("listen")),
            upstream=given["upstream"],
            fate=self._fate,
            ipv6=self._ipv6,
            journal=self.journal,
        )
        if given.get("enabled", True):
            await proxy.start()
        self.proxies[proxy.name] = proxy
        return proxy

    async def _create_or_replace(self, given: dict[str, Any]) -> Proxy:
        existing = self.proxies.get(given["name"])
        if existing is None:
            return await self._create(given)
        same = await existing.listens_on(_listen(given.get("listen")))
        if same and existing.upstream == given["upstream"]:
            return existing
        await existing.stop()
        made = await self._create(given)
        await existing.remove()
        return made


def _listen(given: str | None) -> str:
    # Toxiproxy would take any address of the machine; nothing of the lab leaves the loopback.
    return given or "127.0.0.1:0"
