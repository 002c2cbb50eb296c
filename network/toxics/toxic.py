"""What a toxic is: a small object that handles the chunks of one direction of a connection."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from network.stream import Chunk, Direction

MAX_MS = 86_400_000


class Stub(Protocol):
    """A toxic's place in a link: where it sends what it lets through.

    Chunks come one at a time and in order. While one is held, the next ones wait, and reading from
    the source stops when too much waits.
    """

    state: Any
    """What the toxic remembers of this connection; None at first, kept when it is updated."""
    random: random.Random
    stream: Direction

    @property
    def started_at(self) -> float:
        """When the toxic was added to the proxy, on the event loop's clock."""

    def now(self) -> float:
        """Return the event loop's clock, in seconds."""

    def send(self, data: bytes, *, received: float) -> None:
        """Pass bytes on at once."""

    def hold(self, chunk: Chunk, *, until: float, rest: bytes = b"") -> None:
        """Keep a chunk until the clock shows ``until``, then pass it on; sooner when removed.

        Then ``rest`` comes to the toxic as its next chunk.
        """

    def block(self, chunk: Chunk) -> None:
        """Keep a chunk until the toxic is changed or removed."""

    def alarm(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back once after a while, instead of the alarm that was set before."""

    def pass_end(self) -> None:
        """Pass the end of the stream on: the half-close of the source."""

    def swallow(self, size: int) -> None:
        """Note that bytes were dropped: the stream has a hole and can't be mended."""

    def swallow_end(self) -> None:
        """Keep the end of the stream from the destination until the toxic is removed."""

    def has_hole(self) -> bool:
        """Say whether bytes were dropped from this stream."""

    def reply(self, data: bytes) -> None:
        """Answer the source as if the destination had, past the other stream's toxics."""

    def deliver_aside(self, data: bytes) -> None:
        """Deliver bytes to the upstream over a connection of their own; drop what it answers."""

    def close(self) -> None:
        """Close both ends of the connection, after what was passed on."""

    def reset(self) -> None:
        """Reset both ends of the connection (TCP RST)."""


class Toxic:
    """Lets everything through; a toxic says what it does otherwise.

    Subclasses are frozen dataclasses whose fields are the attributes of the HTTP API.
    """

    kind: ClassVar[str] = "noop"

    def admit(self, ordinal: int) -> bool:
        """Say whether a new connection may open, the ``ordinal``-th (from 0) since this toxic."""
        return ordinal >= 0

    def start(self, stub: Stub) -> None:
        """Begin with a connection, or go on with it under changed attributes."""

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Take one chunk."""
        stub.send(chunk.data, received=chunk.received)

    def finish(self, stub: Stub) -> None:
        """Take the end of the stream, which comes after every chunk."""
        stub.pass_end()

    def cleanup(self, stub: Stub) -> None:
        """Leave a connection, because the toxic is being removed."""


NOOP = Toxic()
REGISTRY: dict[str, type[Toxic]] = {}

ToxicType = TypeVar("ToxicType", bound=type[Toxic])


def register(toxic: ToxicType) -> ToxicType:
    """Make a toxic known under its ``kind``."""
    REGISTRY[toxic.kind] = toxic
    return toxic


def whole(default: int = 0, *, minimum: int = 0, maximum: int = MAX_MS) -> Any:
    """Declare an attribute that takes whole numbers."""
    limits = {"whole": True, "minimum": minimum, "maximum": maximum}
    return dataclasses.field(default=default, metadata=limits)


def fraction(default: float = 0.0) -> Any:
    """Declare an attribute that takes numbers from 0 to 1."""
    limits = {"whole": False, "minimum": 0, "maximum": 1}
    return dataclasses.field(default=default, metadata=limits)


def attributes_of(toxic: Toxic) -> dict[str, int | float]:
    """Return a toxic's attributes as the HTTP API shows them."""
    return {field.name: getattr(toxic, field.name) for field in _fields(type(toxic))}


def with_attributes(toxic: Toxic, changes: object) -> Toxic:
    """Return a toxic with some attributes changed; unknown ones are ignored, as in Toxiproxy.

    Raises ValueError, whose message names the attribute and what it takes.
    """
    if changes is None:
        return toxic
    if not isinstance(changes, dict):
        raise ValueError("attributes must be an object")
    values = attributes_of(toxic)
    for field in _fields(type(toxic)):
        if field.name in changes:
            values[field.name] = _checked(field, changes[field.name])
    return type(toxic)(**values)


def _fields(kind: type[Toxic]) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(kind)  # type: ignore[arg-type] # every toxic is a dataclass


def _checked(field: dataclasses.Field[Any], value: object) -> int | float:
    limits = field.metadata
    number: int | float
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"attribute {field.name} must be a number")
    number = value
    if limits["whole"]:
        if number != number // 1:
            raise ValueError(f"attribute {field.name} must be a whole number")
        number = int(number)
    if not limits["minimum"] <= number <= limits["maximum"]:
        raise ValueError(
            f"attribute {field.name} must be from {limits['minimum']} to {limits['maximum']}"
        )
    return number
