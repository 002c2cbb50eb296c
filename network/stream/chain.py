"""The toxics of one proxy, in force on every connection that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import network.toxics  # noqa: F401 - registers the toxics
from network.direction import DIRECTIONS, DOWNSTREAM, UPSTREAM, Direction
from network.errors import (
    BadRequestBody,
    InvalidStream,
    InvalidToxicType,
    ToxicAlreadyExists,
    ToxicNotFound,
)
from network.go_json.decoding import Struct
from network.requests.match import read_match
from network.toxics.applied import Applied
from network.toxics.toxic import REGISTRY, attributes_struct, with_attributes
from network.ttl import ttl_seconds

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Callable, Iterable

    from network.stream.link import Link
    from network.toxics.toxic import Toxic


_TOXIC: Final = Struct(
    "ToxicWrapper",
    "toxics.ToxicWrapper",
    {
        "attributes": Struct("", "toxics.NoopToxic", {}),
        "name": "string",
        "type": "string",
        "stream": "string",
        "toxicity": "float32",
    },
)

_CHANGE: Final = (
    'struct { Attributes interface {} "json:\\"attributes\\"";'
    ' Toxicity float32 "json:\\"toxicity\\"" }'
)


class Chain:
    """Adds, changes and removes toxics; every change takes hold on open connections at once."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        links: Callable[[Direction], Iterable[Link]],
        deal: Callable[[str, Direction], random.Random],
    ) -> None:
        self._loop = loop
        self._links = links
        self._deal = deal
        self._applied: dict[Direction, list[Applied]] = {stream: [] for stream in DIRECTIONS}

    def on(self, stream: Direction) -> list[Applied]:
        """Return the toxics of a stream, first added first."""
        return self._applied[stream]

    def all(self) -> list[Applied]:
        """Return the toxics of both streams."""
        return [each for stream in DIRECTIONS for each in self._applied[stream]]

    @property
    def look_at_requests(self) -> bool:
        """Whether one of them is meant for some requests only."""
        return any(each.match is not None for each in self.all())

    def get(self, name: str) -> Applied:
        """Return the toxic of this name.

        :raises ToxicNotFound: there is no such toxic.
        """
        for each in self.all():
            if each.name == name:
                return each
        raise ToxicNotFound

    def refusing(self) -> Applied | None:
        """Ask each toxic about one more connection; return one that refuses it, if one does."""
        return next((each for each in [e for e in self.all() if not e.admits()]), None)

    def add(self, body: object) -> Applied:
        """Add a toxic as the HTTP API describes it.

        :raises InvalidStream: the stream is neither of the two.
        :raises InvalidToxicType: no toxic has this type.
        :raises ToxicAlreadyExists: the proxy has a toxic of this name.
        :raises BadRequestBody: a value is not what its field takes.
        """
        given = _TOXIC.read(body)
        shown = given.get("stream", DOWNSTREAM)
        stream = next((each for each in DIRECTIONS if each == shown.lower()), None)
        if stream is None:
            raise InvalidStream
        kind = REGISTRY.get(given.get("type", ""))
        if kind is None:
            raise InvalidToxicType
        name = given.get("name") or f"{kind.kind}_{shown}"
        if any(each.name == name for each in self.all()):
            raise ToxicAlreadyExists
        applied = Applied(
            name=name,
            stream=stream,
            shown_stream=shown,
            toxicity=given.get("toxicity", 1.0),
            toxic=_changed(kind(), given),
            match=read_match(given),
            silent=given.get("journal") is False,
            chance=self._deal(kind.kind, stream),
            started_at=self._loop.time(),
        )
        self._expire(applied, seconds=ttl_seconds(given))
        self._applied[applied.stream].append(applied)
        self._follow()
        for link in self._links(applied.stream):
            link.add(applied, kept=True)
        return applied

    def update(self, name: str, *, body: object) -> Applied:
        """Change a toxic's attributes and toxicity; what isn't given stays.

        :raises ToxicNotFound: there is no such toxic, and nothing has changed.
        :raises BadRequestBody: a value is not what its field takes, and nothing has changed.
        """
        applied = self.get(name)
        attributes = Struct("", attributes_struct(type(applied.toxic)).type, {})
        given = Struct("", _CHANGE, {"attributes": attributes, "toxicity": "float32"}).read(body)
        toxic = _changed(applied.toxic, given)
        toxicity = given.get("toxicity", applied.toxicity)
        seconds = ttl_seconds(given)
        match = read_match(given)
        applied.toxic, applied.toxicity = toxic, toxicity
        if match is not None:
            applied.match, applied.fitted = match, 0
            self._follow()
        if seconds is not None:
            self._expire(applied, seconds=seconds)
        for link in self._links(applied.stream):
            link.update(applied)
        return applied

    def remove(self, name: str) -> None:
        """Remove a toxic.

        :raises ToxicNotFound: there is no such toxic.
        """
        applied = self.get(name)
        self._expire(applied, seconds=None)
        self._applied[applied.stream].remove(applied)
        for link in self._links(applied.stream):
            link.remove(applied)
        self._follow()

    def clear(self) -> None:
        """Remove all toxics."""
        for each in self.all():
            self.remove(each.name)

    def _follow(self) -> None:
        """Have connections look at their requests while that is needed."""
        for link in self._links(UPSTREAM):
            link.connection.follow(requests=self.look_at_requests)

    def _expire(self, applied: Applied, *, seconds: float | None) -> None:
        if applied.expiry is not None:
            applied.expiry.cancel()
            applied.expiry = None
        if seconds is not None:
            applied.expiry = self._loop.call_later(seconds, self._expired, applied)

    def _expired(self, applied: Applied) -> None:
        if applied in self._applied[applied.stream]:
            self.remove(applied.name)


def _changed(toxic: Toxic, given: dict[str, Any]) -> Toxic:
    changes = attributes_struct(type(toxic)).read(given.get("attributes"), path="attributes.")
    try:
        return with_attributes(toxic, changes)
    except ValueError as error:
        raise BadRequestBody(str(error)) from error
