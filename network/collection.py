"""All proxies, by name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from network.errors import BadRequestBody, MissingField, ProxyAlreadyExists, ProxyNotFound
from network.proxy import Proxy
from network.ttl import ttl_seconds

if TYPE_CHECKING:
    from network.events import Events
    from network.fate import Fate


_TURNS_TO_CLOSE = 3


class Collection:
    """Makes, changes and removes proxies; a call that fails leaves them as they were."""

    def __init__(self, *, fate: Fate, events: Events, ipv6: bool = False) -> None:
        self.proxies: dict[str, Proxy] = {}
        self.events = events
        self._fate = fate
        self._ipv6 = ipv6

    def get(self, name: str) -> Proxy:
        """Return the proxy of this name.

        Raises ProxyNotFound.
        """
        if name not in self.proxies:
            raise ProxyNotFound
        return self.proxies[name]

    async def create(self, body: dict[str, Any]) -> Proxy:
        """Make a proxy as the HTTP API describes it, enabled unless it says otherwise.

        Raises MissingField, ProxyAlreadyExists, ListenFailed or BadRequestBody.
        """
        name = _required(body, "name")
        upstream = _required(body, "upstream")
        enabled = _flag(body, default=True)
        if name in self.proxies:
            raise ProxyAlreadyExists
        proxy = self._new(name, listen=_listen(body), upstream=upstream)
        if enabled:
            await proxy.start()
        self.proxies[name] = proxy
        return proxy

    async def update(self, name: str, *, body: dict[str, Any]) -> Proxy:
        """Change a proxy's fields; what isn't given stays. ``ttl_ms`` turns a cut back by itself.

        Raises ProxyNotFound, ListenFailed or BadRequestBody.
        """
        proxy = self.get(name)
        enabled = _flag(body, default=proxy.enabled)
        seconds = ttl_seconds(body)
        await proxy.move(
            listen=_text(body, "listen", default=proxy.listen),
            upstream=_text(body, "upstream", default=proxy.upstream),
        )
        if enabled:
            await proxy.start()
        else:
            proxy.stop()
            # The loop closes the sockets on its next turns: whoever is told that the link is cut
            # must find its connections closed.
            for _ in range(_TURNS_TO_CLOSE):
                await asyncio.sleep(0)
        if "enabled" in body and proxy.revival is not None:
            proxy.revival.cancel()
            proxy.revival = None
        if seconds is not None and not enabled:
            proxy.revival = proxy.loop.call_later(seconds, self._revive, proxy)
        return proxy

    def remove(self, name: str) -> None:
        """Remove a proxy with its connections.

        Raises ProxyNotFound.
        """
        proxy = self.get(name)
        self._drop(proxy)
        del self.proxies[name]

    async def populate(self, body: object) -> list[Proxy]:
        """Make or replace the listed proxies; one whose addresses are the same stays as it is.

        Raises BadRequestBody, MissingField or ListenFailed.
        """
        if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
            raise BadRequestBody("a list of proxies is wanted")
        for index, each in enumerate(body, start=1):
            for field in ("name", "upstream"):
                if not _text(each, field):
                    raise MissingField(f"{field} at proxy {index}")
        return [await self._create_or_replace(each) for each in body]

    async def reset(self) -> None:
        """Enable all proxies and remove all toxics."""
        for proxy in list(self.proxies.values()):
            if proxy.revival is not None:
                proxy.revival.cancel()
                proxy.revival = None
            await proxy.start()
            proxy.toxics.clear()

    def close(self) -> None:
        """Stop all proxies."""
        for proxy in self.proxies.values():
            self._drop(proxy)

    async def _create_or_replace(self, body: dict[str, Any]) -> Proxy:
        existing = self.proxies.get(body["name"])
        if existing is not None:
            if not existing.differs(listen=_listen(body), upstream=body["upstream"]):
                return existing
            self._drop(existing)
            del self.proxies[existing.name]
        return await self.create(body)

    def _drop(self, proxy: Proxy) -> None:
        if proxy.revival is not None:
            proxy.revival.cancel()
        proxy.toxics.clear()
        proxy.stop()

    def _revive(self, proxy: Proxy) -> None:
        proxy.revival = None
        task = proxy.loop.create_task(proxy.start())
        proxy.hold_task(task)

    def _new(self, name: str, *, listen: str, upstream: str) -> Proxy:
        return Proxy(
            name,
            listen=listen,
            upstream=upstream,
            fate=self._fate,
            events=self.events,
            ipv6=self._ipv6,
        )


def _listen(body: dict[str, Any]) -> str:
    # Toxiproxy would take any address of the machine; nothing of the lab leaves the loopback.
    return _text(body, "listen") or "127.0.0.1:0"


def _required(body: dict[str, Any], field: str) -> str:
    value = _text(body, field)
    if not value:
        raise MissingField(field)
    return value


def _text(body: dict[str, Any], field: str, *, default: str = "") -> str:
    value = body.get(field, default)
    if not isinstance(value, str):
        raise BadRequestBody(f"{field} must be a string")
    return value


def _flag(body: dict[str, Any], *, default: bool) -> bool:
    value = body.get("enabled", default)
    if not isinstance(value, bool):
        raise BadRequestBody("enabled must be true or false")
    return value
