"""Histories of an order, with what truly happened beside the records that both sides made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.evidence.story import Placed, Story, at, call_back, deliver, placed

if TYPE_CHECKING:
    from telemetry.records import Span

DEADLINE = 800
CALLBACK_DEADLINE = 2_000
NEVER_SENT = ("connect_refused", "connect_timeout", "simulated_partition", "dns", "held_back")
JOB_FAULTS = (*NEVER_SENT, "lost", "proxy_5xx", "not_begun", "stalled", "crash", *["done"] * 9)
UNFINISHED = ("crash", "stalled")
ANSWER_FAULTS = ("none", "none", "lost", "reset", "proxy_5xx")
CALLBACK_FAULTS = (
    *("none", "connect_refused", "simulated_partition", "lost", "proxy_5xx"),
    *("answer lost", "answer reset", "late"),
)


@dataclass
class Attempt:
    """A call of the API's to the worker, as it truly went."""

    kind: str
    start: float
    end: float
    arrivals: list[float] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)

    @property
    def never_sent(self) -> bool:
        return self.kind in NEVER_SENT

    @property
    def unanswered(self) -> bool:
        return self.kind in ("read_timeout", "reset")


@dataclass
class History:
    """What truly happened; times are milliseconds, the API's and the worker's clocks agree."""

    story: Story = field(repr=False)
    sold_out: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    reserved_at: list[float] = field(default_factory=list)
    rejected_at: list[float] = field(default_factory=list)
    callbacks: list[str] = field(default_factory=list)
    quiet_after: list[float] = field(default_factory=list)
    busy_until: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    senders: list[Span] = field(default_factory=list, repr=False)
    decided_at: float | None = None
    status: str = "PENDING"
    asked: bool = False
    not_begun: bool = False
    crashes: list[float] = field(default_factory=list)
    died_at: float | None = None
    back_at: float | None = None
    stalled: bool = False
    released: bool = False

    @property
    def crashed(self) -> bool:
        return bool(self.crashes)

    @property
    def something_never_sent(self) -> bool:
        kinds = (*(each.kind for each in self.attempts), *self.callbacks)
        return any(kind in NEVER_SENT for kind in kinds)

    def api_is_down(self, at: float) -> bool:
        return (
            self.died_at is not None
            and self.died_at <= at
            and (self.back_at is None or at < self.back_at)
        )

    @property
    def arrivals(self) -> list[float]:
        return sorted(at for each in self.attempts for at in each.arrivals)

    @property
    def done(self) -> bool:
        return bool(self.reserved_at or self.rejected_at)

    @property
    def given_up(self) -> Attempt:
        """The attempt of which an explanation tells: the last that left everything open."""
        ended = [each for each in self.attempts if each.kind != "died"] or self.attempts
        return ([each for each in ended if each.unanswered] or ended)[-1]

    def api_knows_of_work(self, until: float = 1e9) -> bool:
        """Whether the API was told that the job was done, or decided by it, by then."""
        by_event = any(at <= until for at in self.events)
        decided = self.status in ("CONFIRMED", "REJECTED") and (self.decided_at or 0) <= until
        return by_event or decided

    def api_knows_of_arrival(self, until: float = 1e9) -> bool:
        """Whether the API knew that the job had arrived by then."""
        answered = any(not each.kind and each.end <= until for each in self.attempts)
        return answered or self.api_knows_of_work(until)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """An order whose calls meet every fault, in any order of events."""
    story = Story()
    history = History(story, sold_out=draw(st.booleans()))
    order = placed(story, until=20_000)
    now = 6.0
    for number in range(1, draw(st.integers(1, 3)) + 1):
        attempt = _attempt(draw, history, order, start=now, number=number)
        history.attempts.append(attempt)
        if attempt.kind in ("", "died"):
            break
        now = attempt.end + draw(st.integers(10, 400))
    died = history.died_at is not None
    cancelled_at = now + 5 if draw(st.integers(0, 4)) == 0 and not died else None
    if died:
        now = history.back_at or 0
        _leave_open(history, order)
    asks = draw(st.integers(0, 3)) == 0 and not history.api_is_down(1e9)
    asked_at = now + draw(st.integers(10, 9_000)) if asks else None
    _decide(history, order, cancelled_at=cancelled_at, asked_at=asked_at)
    if history.status == "CANCELLED" and history.reserved_at and draw(st.booleans()):
        history.released = True
        release = story.span("worker", "DELETE /reservations/<id>", 15_000, 15_004, kind="SERVER")
        story.log(release, "stock released", 15_003)
    return history


def _attempt(
    draw: st.DrawFn, history: History, order: Placed, *, start: float, number: int
) -> Attempt:
    fault = draw(st.sampled_from(JOB_FAULTS))
    if fault == "held_back":
        return _held_back(history, order, start=start, number=number)
    if fault in NEVER_SENT:
        took = {"connect_timeout": DEADLINE, "simulated_partition": 0}.get(fault, 3)
        attempt = Attempt(fault, start, start + took)
        _deliver(history, order, attempt, number)
        return attempt
    if fault in ("lost", "proxy_5xx"):
        kind = "http_5xx" if fault == "proxy_5xx" else "read_timeout"
        attempt = Attempt(kind, start, start + (9 if kind == "http_5xx" else DEADLINE))
        _deliver(history, order, attempt, number)
        return attempt
    return _arriving(draw, history, order, fault, start=start, number=number)


def _arriving(
    draw: st.DrawFn, history: History, order: Placed, fault: str, *, start: float, number: int
) -> Attempt:
    """An attempt that reaches the worker, sooner or later, once or twice."""
    arrives = start + draw(st.sampled_from([2, 2, 2, 900]))
    if any(arrives <= crash for crash in history.crashes):
        # A crash ends whatever has arrived: what does not end there arrives after it.
        arrives = max(history.crashes) + 1
    took = draw(st.sampled_from([3, 30, 700, 2_500]))
    faults = draw(st.lists(st.sampled_from(CALLBACK_FAULTS), min_size=1, max_size=2))
    if fault == "crash" and any(until > arrives + took for until in history.busy_until):
        # It would end that work too.
        fault = "done"
    dies = _death(draw, history, start) if took > 3 else 0.0
    if dies:
        faults = _met(history, faults, start=arrives + took + 1)
    answer = draw(st.sampled_from(ANSWER_FAULTS))
    working = took + 2 if fault != "done" else took + 2 + sum(map(_callback_took, faults))
    ends = arrives + working + 2
    kind, end = _outcome(fault, answer, start=start, crash=arrives + took, ends=ends)
    attempt = Attempt("died", start, dies) if dies else Attempt(kind, start, end)
    below = _deliver(history, order, attempt, number)
    for copy in range(2 if fault == "done" and not dies and draw(st.integers(0, 5)) == 0 else 1):
        at = arrives + copy
        attempt.arrivals.append(at)
        if fault not in UNFINISHED:
            attempt.answered_at.append(at + working + 2)
        _work(draw, history, below, fault, faults, at=at, took=took, ends=at + working + 2)
    return attempt


def _outcome(
    fault: str, answer: str, *, start: float, crash: float, ends: float
) -> tuple[str, float]:
    """How an attempt that arrived ends for the API, and when."""
    in_time = ends + 1 - start < DEADLINE
    if fault == "stalled":
        return ("http_5xx", start + 30) if answer == "proxy_5xx" else ("reset", start + 400)
    if fault == "crash" and in_time:
        return "reset", crash + 3
    if not in_time or (answer == "lost" and fault != "crash"):
        return "read_timeout", start + DEADLINE
    if fault == "not_begun" or answer == "proxy_5xx":
        return "http_5xx", ends + 1
    return "reset" if answer == "reset" else "", ends + 1


def _work(
    draw: st.DrawFn,
    history: History,
    below: Span,
    fault: str,
    faults: list[str],
    *,
    at: float,
    took: float,
    ends: float,
) -> None:
    story = history.story
    story.starts["worker"] = 1 + sum(crash < at for crash in history.crashes)
    server = story.span(
        *("worker", "POST /jobs/reserve-stock", at, None if fault in UNFINISHED else ends),
        parent=below,
        kind="SERVER",
        state="abandoned" if fault == "crash" else "open",
    )
    story.log(server, "job accepted", at + 1)
    if fault == "not_begun":
        history.not_begun = True
        story.log(server, "job not begun: its deadline has passed", at + took, lateMs=1)
        return
    history.busy_until.append(1e9 if fault == "stalled" else ends)
    if fault == "stalled":
        history.stalled = True
        return
    if fault == "crash":
        history.crashes.append(at + took + 1)
        if draw(st.booleans()):
            return
    done_before = (*history.reserved_at, *history.rejected_at)
    again = any(done <= at + took for done in done_before) and draw(st.booleans())
    if again:
        story.log(server, "job repeated: nothing reserved again", at + took)
    else:
        (history.rejected_at if history.sold_out else history.reserved_at).append(at + took)
        text = "stock rejected (sold out)" if history.sold_out else "stock reserved"
        story.log(server, text, at + took)
    now = at + took + 1
    for each in faults if fault == "done" else ():
        _call_back(history, server, each, start=now)
        now += _callback_took(each)


def _callback_took(fault: str) -> float:
    return {
        "connect_refused": 3,
        "simulated_partition": 0,
        "late": 350,
        "lost": CALLBACK_DEADLINE,
        "answer lost": CALLBACK_DEADLINE,
    }.get(fault, 12)


def _call_back(history: History, server: Span, fault: str, *, start: float) -> None:
    kinds = {
        "lost": "read_timeout",
        "answer lost": "read_timeout",
        "answer reset": "reset",
        "proxy_5xx": "http_5xx",
        "late": "",
        "none": "",
    }
    kind = kinds.get(fault, fault)
    history.callbacks.append(kind)
    history.quiet_after.append(start + _callback_took(fault))
    below = call_back(
        history.story,
        server,
        start=start,
        end=start + _callback_took(fault),
        error=kind,
        status={"": 200, "http_5xx": 503}.get(kind),
        calls=kind != "simulated_partition",
    )
    if fault in ("none", "late", "answer lost", "answer reset"):
        history.events.append(start + (340 if fault == "late" else 4))
        history.senders.append(below)


def _deliver(history: History, order: Placed, attempt: Attempt, number: int) -> Span:
    if attempt.kind == "died":
        send = history.story.span(
            *("api", "job.deliver", attempt.start, None),
            parent=order.place,
            state="abandoned",
            lab__boundary="api->worker",
            lab__attempt=number,
        )
        return history.story.span(
            "api", "POST", attempt.start, None, parent=send, kind="CLIENT", state="abandoned"
        )
    return deliver(
        history.story,
        order.place,
        start=attempt.start,
        end=attempt.end,
        error=attempt.kind,
        status={"": 200, "http_5xx": 503}.get(attempt.kind),
        attempt=number,
        most=3,
        calls=attempt.kind != "simulated_partition",
    )


def _death(draw: st.DrawFn, history: History, start: float) -> float:
    """Let the API die soon after ``start`` now and then, and say when; 0 when it does not."""
    if draw(st.integers(0, 4)) or any(at > start for at in history.quiet_after):
        return 0.0
    history.died_at = start + draw(st.sampled_from([1, 5]))
    restarted = draw(st.sampled_from([None, 300, 5_000]))
    history.back_at = None if restarted is None else history.died_at + restarted
    return history.died_at


def _met(history: History, faults: list[str], *, start: float) -> list[str]:
    """What the callbacks meet when the API is down for a time."""
    met = []
    for fault in faults:
        met.append("connect_refused" if history.api_is_down(start) else fault)
        start += _callback_took(met[-1])
    return met


def _leave_open(history: History, order: Placed) -> None:
    """Leave what the API had begun without an end; its client's connection breaks."""
    story = history.story
    for span in (order.server, order.place):
        story.change(span, end_time_unix_nano=0, state="abandoned")
    story.change(
        order.click,
        end_time_unix_nano=at(history.died_at or 0),
        status_code="ERROR",
        attributes={**order.click.attributes, "error.type": "reset"},
    )


def _held_back(history: History, order: Placed, *, start: float, number: int) -> Attempt:
    send = history.story.span(
        *("api", "job.deliver", start, start),
        parent=order.place,
        error="not sent",
        lab__boundary="api->worker",
        lab__attempt=number,
        lab__circuit_breaker__state="open",
    )
    history.story.log(send, "failed to deliver job to worker", start, circuitBreaker="open")
    return Attempt("held_back", start, start)


def _decide(
    history: History, order: Placed, *, cancelled_at: float | None, asked_at: float | None
) -> None:
    """Let the API take in, in the order of time, what comes to it."""
    story = history.story
    decided = "REJECTED" if history.sold_out else "CONFIRMED"
    coming: list[tuple[float, str, Span]] = [
        (at, "event", span) for at, span in zip(history.events, history.senders, strict=True)
    ]
    if cancelled_at is not None:
        coming.append((cancelled_at, "cancel", order.place))
    if asked_at is not None and any(
        at < asked_at for at in (*history.reserved_at, *history.rejected_at)
    ):
        coming.append((asked_at, "ask", order.place))
    for now, what, parent in sorted(coming, key=lambda each: each[0]):
        pending = history.status == "PENDING"
        story.starts["api"] = 1 + (history.died_at is not None and history.died_at < now)
        if what == "event":
            server = story.span(
                *("api", "POST /internal/order-events", now, now + 3), parent=parent, kind="SERVER"
            )
            event = "OrderStockRejected" if history.sold_out else "OrderStockReserved"
            story.log(server, "event received", now + 1, eventType=event)
            text = "order rejected (sold out)" if history.sold_out else "order confirmed"
            if history.status == "CANCELLED":
                text = "event for a cancelled order: nothing changed"
            story.log(server, text if pending or "cancelled" in text else "event repeated", now + 2)
            if pending:
                history.status, history.decided_at = decided, now + 2
        elif what == "cancel" and pending:
            story.log(order.place, "order cancelled (not confirmed in time)", now)
            history.status, history.decided_at = "CANCELLED", now
        elif what == "ask" and pending:
            asking = story.span("api", "order.reconcile", now, now + 4, parent=order.place)
            story.log(asking, "order reconciled", now + 3, status=decided)
            history.status, history.decided_at, history.asked = decided, now + 3, True
