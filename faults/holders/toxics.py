"""Which toxics make up a fault of a link: Toxiproxy's names and attributes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from faults.fault import Fault

PREFIX = "lab-"
OURS = frozenset({"packet_loss", "fail_first", "flap", "http_status", "duplicate", "blackhole"})
"""Toxics that a released Toxiproxy server may lack."""

_STREAMS = {
    "request": ("upstream",),
    "response": ("downstream",),
    "both": ("upstream", "downstream"),
}


@dataclass(frozen=True, slots=True)
class ToxicSpec:
    """One toxic to be made on a proxy."""

    name: str
    type: str
    stream: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Describe it as Toxiproxy's API wants it."""
        return {
            "name": self.name,
            "type": self.type,
            "stream": self.stream,
            "toxicity": 1.0,
            "attributes": dict(self.attributes),
        }


def toxics_of(fault: Fault) -> list[ToxicSpec]:
    """List the toxics that do ``fault``; a cut has none, it is a proxy that is not enabled."""
    if fault.kind == "cut":
        return []
    type_, default_stream, attributes = _MAKERS[fault.kind]
    streams = _STREAMS[fault.parameters.get("stream", default_stream)]
    return [
        ToxicSpec(
            name=f"{PREFIX}{fault.id}" if len(streams) == 1 else f"{PREFIX}{fault.id}-{stream}",
            type=type_,
            stream=stream,
            attributes=attributes(fault.parameters),
        )
        for stream in streams
    ]


def ids_of(names: Iterable[str]) -> set[str]:
    """Ids of the faults that the toxics called ``names`` belong to; others' toxics have none."""
    return {name[len(PREFIX) :].split("-")[0] for name in names if name.startswith(PREFIX)}


_MAKERS: dict[str, tuple[str, str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "slow": (
        "latency",
        "request",
        lambda given: {"latency": given["ms"], "jitter": given["jitterMs"]},
    ),
    "lossy": ("packet_loss", "both", lambda given: {"loss_rate": given["rate"]}),
    "request_lost": ("blackhole", "request", lambda _given: {}),
    "response_lost": ("blackhole", "response", lambda _given: {}),
    "timeout": ("timeout", "response", lambda given: {"timeout": given["ms"]}),
    "reset": ("reset_peer", "request", lambda given: {"timeout": given["ms"]}),
    "bandwidth": ("bandwidth", "response", lambda given: {"rate": given["kbps"]}),
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
    "http_status": ("http_status", "request", lambda given: {"status": given["status"]}),
    "duplicate": ("duplicate", "request", lambda _given: {}),
}
