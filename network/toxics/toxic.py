"""What a toxic is: a small object that handles the chunks of one direction of a connection."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from network.go_json.decoding import Struct

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from network.direction import Chunk, Direction
    from network.go_json.decoding import GoType

MAX_MS = 86_400_000


class Stub(Protocol):
    """A toxic's place in a link: where it sends what it lets through.

    Guaranteed: chunks come one at a time, in order, each once. While one is held the next ones
    wait, and reading from the source stops when too much waits. What is passed on keeps its order.
    """

    state: Any
    """What the toxic remembers of this connection; None at first, kept when it is updated."""
    random: random.Random
    stream: Direction

    @property
    def shared(self) -> dict[str, Any]:
        """What the toxic remembers across its connections."""

    @property
    def started_at(self) -> float:
        """When the toxic was added to the proxy, on the event loop's clock."""

    def admits(self) -> bool:
        """Ask `Toxic.admit`, once, about a connection that was open before the toxic was added."""

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

    def swallow(self) -> None:
        """Note that bytes were dropped: the stream has a hole and can't be mended."""

    def swallow_end(self) -> None:
        """Keep the end of the stream from the destination until the toxic is removed."""

    def has_hole(self) -> bool:
        """Return whether bytes were dropped from this stream."""

    def answer(self, data: bytes) -> None:
        """Answer the request in hand as if the destination had, in its turn, and close after it.

        Past the other stream's toxics, unless they hold answers to the requests before it.
        """

    def deliver_aside(self, data: bytes) -> None:
        """Deliver bytes to the upstream over a connection of their own; drop what it answers."""

    def close(self) -> None:
        """Close both ends of the connection, after what was passed on."""

    def reset(self) -> None:
        """Reset both ends of the connection (TCP RST)."""


class Toxic:
    """Lets everything through; a toxic overrides what it does otherwise.

    Subclasses are frozen dataclasses whose fields are the attributes of the HTTP API.
    """

    kind: ClassVar[str] = "noop"
    go_name: ClassVar[str] = ""
    """Toxiproxy's own name of it in errors, where that isn't made of ``kind``."""

    def admit(self, ordinal: int) -> bool:
        """Return whether a connection may open, the ``ordinal``-th (from 0) since this toxic."""
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


def whole(
    default: int = 0,
    *,
    minimum: int = 0,
    maximum: int = MAX_MS,
    go_type: GoType = "int64",
    ours: bool = False,
) -> Any:
    """Declare an attribute that takes whole numbers."""
    return _attribute(default, go_type, ours=ours, minimum=minimum, maximum=maximum)


def fraction(default: float = 0.0) -> Any:
    """Declare an attribute that takes numbers from 0 to 1."""
    return _attribute(default, "float64", minimum=0, maximum=1)


def flag() -> Any:
    """Declare an attribute of our own that is off unless it is set."""
    return _attribute(default=False, go_type="bool", ours=True)


def choice(*choices: str) -> Any:
    """Declare an attribute of our own that takes one of some strings, the first by default."""
    return _attribute(choices[0], "string", ours=True, choices=choices)


def numbers(*, most: int) -> Any:
    """Declare an attribute of our own that takes a list of up to ``most`` numbers from 0 on."""
    return _attribute((), "[]float64", ours=True, most=most)


def _attribute(default: object, go_type: GoType, *, ours: bool = False, **limits: object) -> Any:
    """``ours`` are shown only where they were set: Toxiproxy's answers don't have them."""
    return dataclasses.field(default=default, metadata={"type": go_type, "ours": ours, **limits})


def attributes_struct(kind: type[Toxic]) -> Struct:
    """Describe a toxic's attributes as a Go struct, to be read from JSON."""
    name = kind.go_name or kind.kind.title().replace("_", "")
    fields = {field.name: field.metadata["type"] for field in _fields(kind)}
    return Struct(f"{name}Toxic", f"toxics.{name}Toxic", fields)


def attributes_of(toxic: Toxic) -> dict[str, Any]:
    """Return a toxic's attributes as the HTTP API shows them."""
    shown = {}
    for field in _fields(type(toxic)):
        value = getattr(toxic, field.name)
        if not field.metadata["ours"] or value != field.default:
            shown[field.name] = list(value) if isinstance(value, tuple) else value
    return shown


def with_attributes(toxic: Toxic, changes: Mapping[str, Any]) -> Toxic:
    """Return a toxic with some attributes changed; unknown ones are ignored, as in Toxiproxy.

    :raises ValueError: its message names the attribute and what it takes.
    """
    changed = {
        field.name: _checked(field, changes[field.name])
        for field in _fields(type(toxic))
        if field.name in changes
    }
    return dataclasses.replace(toxic, **changed)  # type: ignore[type-var] # a dataclass


def _fields(kind: type[Toxic]) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(kind)  # type: ignore[arg-type] # every toxic is a dataclass


def _checked(field: dataclasses.Field[Any], value: Any) -> Any:
    limits = field.metadata
    if "minimum" in limits and not limits["minimum"] <= value <= limits["maximum"]:
        raise ValueError(
            f"attribute {field.name} must be from {limits['minimum']} to {limits['maximum']}"
        )
    if "choices" in limits and value not in limits["choices"]:
        raise ValueError(f"attribute {field.name} must be one of {', '.join(limits['choices'])}")
    if "most" not in limits:
        return value
    if len(value) > limits["most"] or any(not 0 <= each <= MAX_MS for each in value):
        raise ValueError(
            f"attribute {field.name} must be up to {limits['most']} numbers from 0 to {MAX_MS}"
        )
    return tuple(value)
