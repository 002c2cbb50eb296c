"""What is done to calls between two applications: every toxic of a link, and what callees do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TIMEOUT_MS = 1_500
LATE_MS = TIMEOUT_MS + 600


@dataclass(frozen=True)
class Scenario:
    """One call: ``toxics`` of its link, and what is ``asked`` of both sides beside the defaults.

    ``upstream`` is ``price``, the callee; ``quiet``, which sends no telemetry; or ``nobody``.
    """

    name: str
    toxics: tuple[dict[str, Any], ...] = ()
    asked: dict[str, int] = field(default_factory=dict)
    upstream: str = "price"
    is_up: bool = True
    comes_late: bool = False
    is_cut_at_work: bool = False


def toxic(kind: str, stream: str, **attributes: Any) -> tuple[dict[str, Any]]:
    """One toxic, as the links' API takes it."""
    return ({"type": kind, "stream": stream, "attributes": attributes},)


def up(kind: str, **attributes: Any) -> tuple[dict[str, Any]]:
    """A toxic of a request's way."""
    return toxic(kind, "upstream", **attributes)


def down(kind: str, **attributes: Any) -> tuple[dict[str, Any]]:
    """A toxic of an answer's way."""
    return toxic(kind, "downstream", **attributes)


_LARGE = {"size": 40_000}
SCENARIOS = (
    Scenario("well"),
    Scenario("noop", up("noop")),
    Scenario("latency within the timeout", down("latency", latency=60)),
    Scenario("latency of the request", up("latency", latency=LATE_MS), comes_late=True),
    Scenario("latency of the answer", down("latency", latency=LATE_MS)),
    Scenario("bandwidth", down("bandwidth", rate=15), _LARGE),
    Scenario("slow close", down("slow_close", delay=100)),
    Scenario("timeout of the request", up("timeout", timeout=0)),
    Scenario("timeout of the answer", down("timeout", timeout=0)),
    Scenario("timeout that closes", down("timeout", timeout=300)),
    Scenario("reset of the request", up("reset_peer", timeout=0)),
    Scenario("reset of the answer", down("reset_peer", timeout=0)),
    Scenario("down while it works", asked={"work": 800}, is_cut_at_work=True),
    Scenario("slicer", down("slicer", average_size=8_000, delay=1_000), _LARGE),
    Scenario("slicer too slow", down("slicer", average_size=20_000, delay=2_000_000), _LARGE),
    Scenario("limit of the request", up("limit_data", bytes=20)),
    Scenario("limit of the answer", down("limit_data", bytes=2_000), _LARGE),
    Scenario("limit before the answer", down("limit_data", bytes=0)),
    Scenario("loss of the request", up("packet_loss", loss_rate=1)),
    Scenario("loss of the answer", down("packet_loss", loss_rate=1)),
    Scenario("blackhole of the request", up("blackhole")),
    Scenario("blackhole of the answer", down("blackhole")),
    Scenario("blackhole while it works", down("blackhole"), {"work": LATE_MS}),
    Scenario("fail first", up("fail_first", count=1)),
    Scenario("fail first, tried again", up("fail_first", count=1), {"tries": 2}),
    Scenario("reset, tried again in vain", up("reset_peer", timeout=0), {"tries": 2}),
    Scenario("flap, down", up("flap", period=3_000, duty=0.0001), comes_late=True),
    Scenario("http status of the request", up("http_status", status=503)),
    Scenario("http status of the answer", down("http_status", status=503)),
    Scenario("duplicate", up("duplicate")),
    Scenario("down", is_up=False),
    Scenario("nobody listens", upstream="nobody"),
    # what the callee does
    Scenario("slow callee", asked={"work": LATE_MS}),
    Scenario("answers 500", asked={"status": 500}),
    Scenario("answers 404", asked={"status": 404}),
    Scenario("works on", asked={"after": 400}),
    Scenario("quiet callee", upstream="quiet"),
    Scenario("quiet callee that is slow", asked={"work": LATE_MS}, upstream="quiet"),
    Scenario("quiet callee answers 500", asked={"status": 500}, upstream="quiet"),
)
