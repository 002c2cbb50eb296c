"""Which toxics make up a fault of a link: Toxiproxy's names and attributes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from faults.fault import Fault

PREFIX = "lab-"
OURS = frozenset(
    {"packet_loss", "fail_first", "flap", "schedule", "http_status", "duplicate", "blackhole"}
)
"""Toxics that a released Toxiproxy server may lack."""

_OUR_ATTRIBUTES = frozenset({"distribution", "samples", "spare", "shared"})
_OF_REQUESTS = ("method", "path", "header", "contains", "share", "every", "first")

_STREAMS = {
    "request": ("upstream",),
    "response": ("downstream",),
    "both": ("upstream", "downstream"),
}


@dataclass(frozen=True, slots=True)
class ToxicSpec:
    """A toxic to add to a proxy."""

    name: str
    type: str
    stream: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    match: Mapping[str, Any] = field(default_factory=dict)
    toxicity: float = 1.0

    @property
    def is_ours(self) -> bool:
        """Whether a Toxiproxy server would take it for something else: it ignores what is ours."""
        return bool(self.match or _OUR_ATTRIBUTES & self.attributes.keys())

    def as_json(self) -> dict[str, Any]:
        """Serialize it for Toxiproxy's API."""
        return {
            "name": self.name,
            "type": self.type,
            "stream": self.stream,
            "toxicity": self.toxicity,
            "attributes": dict(self.attributes),
            **({"match": dict(self.match)} if self.match else {}),
        }


def toxics_of(fault: Fault) -> list[ToxicSpec]:
    """List the toxics of ``fault``; a cut has none, it is a disabled proxy."""
    if fault.kind == "cut":
        return []
    type_, default_stream, attributes = _MAKERS[fault.kind]
    given = fault.parameters
    streams = _STREAMS[given.get("stream", default_stream)]
    return [
        ToxicSpec(
            name=f"{PREFIX}{fault.id}" if len(streams) == 1 else f"{PREFIX}{fault.id}-{stream}",
            type=type_,
            stream=stream,
            attributes=attributes(given),
            match={each: given[each] for each in _OF_REQUESTS if each in given},
            toxicity=given.get("connections", 1.0),
        )
        for stream in streams
    ]


def ids_of(names: Iterable[str]) -> set[str]:
    """Return the ids of the faults that the toxics ``names`` belong to; skips others' toxics."""
    return {name[len(PREFIX) :].split("-")[0] for name in names if name.startswith(PREFIX)}


def _given(parameters: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: parameters[name]} if name in parameters else {}


_MAKERS: dict[str, tuple[str, str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "slow": (
        "latency",
        "request",
        lambda given: {
            "latency": given["ms"],
            "jitter": given["jitterMs"],
            **_given(given, "distribution"),
            **_given(given, "samples"),
        },
    ),
    "lossy": (
        "packet_loss",
        "both",
        lambda given: {"loss_rate": given["rate"], **_given(given, "spare")},
    ),
    "request_lost": ("blackhole", "request", lambda _given: {}),
    "response_lost": ("blackhole", "response", lambda _given: {}),
    "timeout": ("timeout", "response", lambda given: {"timeout": given["ms"]}),
    "reset": ("reset_peer", "request", lambda given: {"timeout": given["ms"]}),
    "bandwidth": (
        "bandwidth",
        "response",
        lambda given: {"rate": given["kbps"], **({"shared": True} if "pipe" in given else {})},
    ),
    "slicer": (
        "slicer",
        "response",
        lambda given: {
            "average_size": given["bytes"],
            "size_variation": 0,
            # Toxiproxy counts this delay in microseconds.
            "delay": given["delayMs"] * 1_000,
        },
    ),
    "limit_data": ("limit_data", "response", lambda given: {"bytes": given["bytes"]}),
    "slow_close": ("slow_close", "response", lambda given: {"delay": given["ms"]}),
    "fail_first": ("fail_first", "request", lambda given: {"count": given["count"]}),
    "flap": (
        "flap",
        "request",
        lambda given: {"period": given["periodMs"], "duty": given["duty"]},
    ),
    "schedule": (
        "schedule",
        "request",
        lambda given: {"up": given["upMs"], "down": given["downMs"], "seed": given["seed"]},
    ),
    "http_status": ("http_status", "request", lambda given: {"status": given["status"]}),
    "duplicate": ("duplicate", "request", lambda _given: {}),
}
