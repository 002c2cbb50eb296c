"""The toxics of one proxy, in force on every connection that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import network.toxics  # noqa: F401 - registers the toxics
from network.errors import (
    BadRequestBody,
    InvalidStream,
    InvalidToxicType,
    ToxicAlreadyExists,
    ToxicNotFound,
)
from network.stream import DIRECTIONS, DOWNSTREAM, Direction
from network.toxics.applied import Applied
from network.toxics.toxic import REGISTRY, with_attributes
from network.ttl import ttl_seconds

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from network.link import Link
    from network.toxics.toxic import Toxic


class Chain:
    """Adds, changes and removes toxics; every change takes hold on open connections at once."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, links: Callable[[Direction], Iterable[Link]]
    ) -> None:
        self._loop = loop
        self._links = links
        self._applied: dict[Direction, list[Applied]] = {stream: [] for stream in DIRECTIONS}

    def on(self, stream: Direction) -> list[Applied]:
        """Return the toxics of a stream, first added first."""
        return self._applied[stream]

    def all(self) -> list[Applied]:
        """Return the toxics of both streams."""
        return [each for stream in DIRECTIONS for each in self._applied[stream]]

    def get(self, name: str) -> Applied:
        """Return the toxic of this name.

        Raises ToxicNotFound.
        """
        for each in self.all():
            if each.name == name:
                return each
        raise ToxicNotFound

    def admits(self) -> bool:
        """Ask each toxic whether one more connection may open."""
        admitted = True
        for each in self.all():
            admitted = each.toxic.admit(each.opened) and admitted
            each.opened += 1
        return admitted

    def add(self, body: dict[str, Any]) -> Applied:
        """Add a toxic as the HTTP API describes it.

        Raises InvalidStream, InvalidToxicType, ToxicAlreadyExists or BadRequestBody.
        """
        stream = body.get("stream", DOWNSTREAM)
        if stream not in DIRECTIONS:
            raise InvalidStream
        kind = REGISTRY.get(_text(body, "type"))
        if kind is None:
            raise InvalidToxicType
        name = _text(body, "name") or f"{kind.kind}_{stream}"
        if any(each.name == name for each in self.all()):
            raise ToxicAlreadyExists
        applied = Applied(
            name=name,
            stream=stream,
            toxicity=_toxicity(body, default=1.0),
            toxic=_changed(kind(), body),
            started_at=self._loop.time(),
        )
        self._expire(applied, seconds=ttl_seconds(body))
        self._applied[applied.stream].append(applied)
        for link in self._links(applied.stream):
            link.add(applied)
        return applied

    def update(self, name: str, *, body: dict[str, Any]) -> Applied:
        """Change a toxic's attributes and toxicity; what isn't given stays.

        Raises ToxicNotFound or BadRequestBody, and then nothing is changed.
        """
        applied = self.get(name)
        toxic = _changed(applied.toxic, body)
        toxicity = _toxicity(body, default=applied.toxicity)
        seconds = ttl_seconds(body)
        applied.toxic, applied.toxicity = toxic, toxicity
        if seconds is not None:
            self._expire(applied, seconds=seconds)
        for link in self._links(applied.stream):
            link.update(applied)
        return applied

    def remove(self, name: str) -> None:
        """Remove a toxic.

        Raises ToxicNotFound.
        """
        applied = self.get(name)
        self._expire(applied, seconds=None)
        self._applied[applied.stream].remove(applied)
        for link in self._links(applied.stream):
            link.remove(applied)

    def clear(self) -> None:
        """Remove all toxics."""
        for each in self.all():
            self.remove(each.name)

    def _expire(self, applied: Applied, *, seconds: float | None) -> None:
        if applied.expiry is not None:
            applied.expiry.cancel()
            applied.expiry = None
        if seconds is not None:
            applied.expiry = self._loop.call_later(seconds, self._expired, applied)

    def _expired(self, applied: Applied) -> None:
        if applied in self._applied[applied.stream]:
            self.remove(applied.name)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str):
        raise BadRequestBody(f"{field} must be a string")
    return value


def _toxicity(body: dict[str, Any], *, default: float) -> float:
    value = body.get("toxicity", default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadRequestBody("toxicity must be a number from 0 to 1")
    return value


def _changed(toxic: Toxic, body: dict[str, Any]) -> Toxic:
    try:
        return with_attributes(toxic, body.get("attributes"))
    except ValueError as error:
        raise BadRequestBody(str(error)) from error
