"""What can happen to an order, a story each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.clocks import moved_logs, moved_spans
from tests.evidence.story import (
    ORDER_ID,
    REQUEST_ID,
    START,
    TRACE_ID,
    Story,
    at,
    call_back,
    confirm,
    deliver,
    placed,
    work,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.records import LogRecord, Span

__all__ = [
    "ORDER_ID",
    "REQUEST_ID",
    "START",
    "STORIES",
    "TRACE_ID",
    "Story",
    "at",
    "call_back",
    "confirm",
    "deliver",
    "placed",
    "with_clock",
    "work",
]


def with_clock(story: Story, service: str, ms: float) -> tuple[list[Span], list[LogRecord]]:
    """A story's records with the clock of one service moved."""
    offsets = {service: round(ms * 1_000_000)}
    return moved_spans(story.spans, offsets), moved_logs(story.logs, offsets)


def happy() -> Story:
    """All goes well."""
    story = Story()
    order = placed(story, until=41)
    client = deliver(story, order.place, start=6, end=38, status=200)
    server = work(story, client, start=8, end=37, reserve_at=14)
    confirm(story, call_back(story, server, start=16, end=28, status=200), start=20)
    return story


def sold_out() -> Story:
    """All goes well, but there is no stock."""
    story = Story()
    order = placed(story, until=41)
    client = deliver(story, order.place, start=6, end=38, status=200)
    server = work(story, client, start=8, end=37, reserve_at=14, sold_out=True)
    parent = call_back(story, server, start=16, end=28, status=200)
    confirm(story, parent, start=20, rejected=True)
    return story


def not_sent(kind: str, *, end: float = 9) -> Story:
    """The job can't be sent."""
    story = Story()
    order = placed(story, until=end + 3)
    deliver(story, order.place, start=6, end=end, error=kind, calls=kind != "simulated_partition")
    return story


def a_socket() -> Story:
    """Experiment A at the link."""
    return not_sent("connect_refused")


def a_switch() -> Story:
    """Experiment A in the code."""
    return not_sent("simulated_partition", end=6)


def callback_fails(kind: str, *, end: float = 20) -> Story:
    """The work is done, and the event can't be sent."""
    story = Story()
    order = placed(story, until=end + 8)
    client = deliver(story, order.place, start=6, end=end + 5, status=200)
    server = work(story, client, start=8, end=end + 4, reserve_at=14)
    calls = kind != "simulated_partition"
    call_back(story, server, start=16, end=end, error=kind, calls=calls)
    return story


def b_socket() -> Story:
    """Experiment B at the link."""
    return callback_fails("connect_refused")


def b_switch() -> Story:
    """Experiment B in the code."""
    return callback_fails("simulated_partition", end=16)


def c_slow() -> Story:
    """Experiment C: the worker sleeps 5 seconds, the API gives up after 800 ms."""
    story = Story()
    order = placed(story, until=811)
    client = deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = work(story, client, start=8, end=5042, reserve_at=5014)
    story.log(server, "simulated slow worker", 10, slowMs=5000)
    confirm(story, call_back(story, server, start=5016, end=5030, status=200), start=5020)
    return story


def response_lost() -> Story:
    """The answer to the job is lost; the callback is not."""
    story = Story()
    order = placed(story, until=811)
    client = deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = work(story, client, start=8, end=37, reserve_at=14)
    confirm(story, call_back(story, server, start=16, end=28, status=200), start=20)
    return story


def request_lost() -> Story:
    """The job is lost on its way."""
    story = Story()
    order = placed(story, until=811)
    deliver(story, order.place, start=6, end=807, error="read_timeout")
    return story


def reset() -> Story:
    """The connection breaks after the job was sent."""
    story = Story()
    order = placed(story, until=32)
    deliver(story, order.place, start=6, end=28, error="reset")
    return story


def answered(kind: str, status: int, *, by_worker: bool) -> Story:
    """The job is answered, but not well."""
    story = Story()
    order = placed(story, until=22)
    client = deliver(story, order.place, start=6, end=18, error=kind, status=status)
    if by_worker:
        story.span(
            "worker", "POST /jobs/reserve-stock", 8, 17, parent=client, kind="SERVER", error="x"
        )
    return story


def crash() -> Story:
    """The worker is killed while it works."""
    story = Story()
    order = placed(story, until=44)
    client = deliver(story, order.place, start=6, end=40, error="reset")
    work(story, client, start=8, end=None, state="abandoned")
    return story


def duplicate() -> Story:
    """The network delivers the job twice, and the worker does it twice."""
    story = Story()
    order = placed(story, until=41)
    client = deliver(story, order.place, start=6, end=38, status=200)
    for later in (0.0, 1.0):
        server = work(story, client, start=8 + later, end=37 + later, reserve_at=14 + later)
        parent = call_back(story, server, start=16 + later, end=28 + later, status=200)
        confirm(story, parent, start=20 + later)
    return story


def running() -> Story:
    """The worker is at work, and nobody has given up yet."""
    story = Story()
    click = story.span("client", "order.click", 0, None, kind="CLIENT")
    server = story.span("api", "POST /orders", 2, None, parent=click, kind="SERVER")
    place = story.span("api", "order.place", 3, None, parent=server)
    story.log(place, "order accepted (pending)", 5)
    send = story.span("api", "job.deliver", 6, None, parent=place, lab__boundary="api->worker")
    client = story.span("api", "POST", 7, None, parent=send, kind="CLIENT")
    work(story, client, start=8, end=None)
    return story


def retried() -> Story:
    """The first attempt is refused, the second goes through."""
    story = Story()
    order = placed(story, until=90)
    deliver(story, order.place, start=6, end=8, error="connect_refused", attempt=1, most=3)
    client = deliver(story, order.place, start=50, end=86, status=200, attempt=2, most=3)
    server = work(story, client, start=52, end=85, reserve_at=58)
    confirm(story, call_back(story, server, start=60, end=72, status=200), start=64)
    return story


def client_cut() -> Story:
    """The client reaches nobody."""
    story = Story()
    story.span(
        "client", "order.click", 0, 4, kind="CLIENT", error="refused", error__type="connect_refused"
    )
    return story


def shop() -> Story:
    """A trace of some other application."""
    story = Story()
    root = story.span("frontend", "GET /checkout", 0, 120, kind="SERVER", ids={})
    call = story.span(
        "frontend",
        "POST",
        10,
        110,
        parent=root,
        kind="CLIENT",
        ids={},
        error="500",
        http__response__status_code=500,
        server__address="payment",
        http__request__header__authorization="Bearer abcdef123456",
    )
    serve = story.span(
        "payment", "POST /pay", 12, 108, parent=call, kind="SERVER", ids={}, error="declined"
    )
    story.span("payment", "SELECT cards", 20, 100, parent=serve, kind="CLIENT", ids={})
    return story


STORIES: dict[str, Callable[[], Story]] = {
    "happy": happy,
    "sold_out": sold_out,
    "a_socket": a_socket,
    "a_switch": a_switch,
    "connect_timeout": lambda: not_sent("connect_timeout", end=806),
    "dns": lambda: not_sent("dns"),
    "tls": lambda: not_sent("tls"),
    "b_socket": b_socket,
    "b_switch": b_switch,
    "callback_timeout": lambda: callback_fails("read_timeout", end=700),
    "c_slow": c_slow,
    "response_lost": response_lost,
    "request_lost": request_lost,
    "reset": reset,
    "worker_5xx": lambda: answered("http_5xx", 503, by_worker=True),
    "proxy_5xx": lambda: answered("http_5xx", 503, by_worker=False),
    "http_4xx": lambda: answered("http_4xx", 404, by_worker=True),
    "bad_response": lambda: answered("bad_response", 200, by_worker=False),
    "crash": crash,
    "duplicate": duplicate,
    "running": running,
    "retried": retried,
    "client_cut": client_cut,
    "shop": shop,
    "empty": Story,
}
