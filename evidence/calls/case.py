"""Everything that a rule may look at: the visible records of a trace, put in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from evidence.calls.finding_calls import calls
from evidence.model.knowledge import Clue, Knowledge
from evidence.model.trace import Trace, key_of, moment, service
from evidence.windows import let_nothing_through
from telemetry.conventions.errors import failure_of, has_failed
from telemetry.conventions.names import http_status

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from evidence.calls.call import Call
    from evidence.model.perspective import Seen
    from evidence.windows import FaultWindow
    from telemetry.records import LogRecord, Span

_MOST_ANCESTORS = 64
_MOST_COMPARED = 64


@dataclass(frozen=True)
class Case:
    """One trace from one perspective. Made by :func:`case_of`."""

    seen: Seen
    calls: tuple[Call, ...]
    windows: tuple[FaultWindow, ...] = ()
    truncated: bool = False

    @property
    def trace(self) -> Trace:
        """The visible records."""
        return self.seen.trace

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The services with a visible record, in order of their first."""
        records = sorted(self.trace.records, key=moment)
        return tuple(dict.fromkeys(service(record) for record in records))

    def heard_meanwhile(self, call: Call) -> tuple[Span, ...]:
        """What came to a caller since it sent a call, while nobody shows from whom.

        It may have come from its own callee, and then shown that the call had arrived.
        """
        sent = call.sent_at
        return tuple(
            arrival
            for each in self.calls
            if each.callee == call.caller
            and not each.caller
            and sent is not None
            and each.began_at >= sent
            for arrival in each.arrivals
        )

    def logs_of_callee(self, call: Call) -> tuple[LogRecord, ...]:
        """What a callee without a span has logged since a call was sent: it was called by then."""
        since = call.sent_at
        if since is None or any(service(span) == call.callee for span in self.trace.spans):
            return ()
        own = (log for log in self.trace.logs if service(log) == call.callee)
        return tuple(log for log in own if moment(log) >= since)

    @cached_property
    def failed_spans(self) -> list[Span]:
        """Spans that failed by their own record and are no side of a call."""
        in_calls = {key_of(call.client) for call in self.calls if call.client is not None}
        return [
            span
            for span in self.trace.spans
            if key_of(span) not in in_calls and has_failed(span) and not self._repeats(span)
        ]

    def is_cause_of_call(self, span: Span) -> bool:
        """Whether a span has the failure of a call by its service, such as that of its connection.

        Libraries record it beside the call, or below it.
        """
        failure = failure_of(span)
        text = failure.text if failure is not None else ""
        return bool(text) and any(
            text in call.failure.text
            for call in self.causes_first[:_MOST_COMPARED]
            if call.caller == service(span) and call.failure is not None
        )

    def _repeats(self, span: Span) -> bool:
        """Whether a span within a request has the status of its answer, and nothing else."""
        status = http_status(span)
        above = self.trace.parent(span) if status and span.kind == "INTERNAL" else None
        return above is not None and above.kind == "SERVER" and http_status(above) == status

    @cached_property
    def causes_first(self) -> list[Call]:
        """The failed calls, those first that no other failed call explains, then inner ones."""
        failed = [call for call in self.calls if call.failure is not None]
        clients = {id(call.client) for call in failed}
        explained = {self._failed_call_above(call, clients) for call in failed}
        return sorted(
            failed,
            key=lambda call: (
                id(call.client) in explained,
                -call.began_at if id(call.client) in explained else call.began_at,
            ),
        )

    @cached_property
    def troubled(self) -> list[Call]:
        """Calls that failed and messages whose takers did, those first that explain others."""
        return [*self.causes_first, *(call for call in self.calls if call.failed_at_taker)]

    def _failed_call_above(self, call: Call, clients: Container[int]) -> int | None:
        if call.client is None:
            return None
        above = islice(self.trace.ancestors(call.client), _MOST_ANCESTORS)
        return next((id(span) for span in above if id(span) in clients), None)

    @cached_property
    def known(self) -> Knowledge:
        """What each service has on record of what has arrived."""
        return Knowledge(_clues(self.trace, self.calls))


def case_of(seen: Seen, *, windows: Iterable[FaultWindow] = (), truncated: bool = False) -> Case:
    """Put the visible records in order."""
    return Case(seen, calls(seen.trace), tuple(windows), truncated)


def was_stopped(call: Call, windows: Iterable[FaultWindow]) -> bool:
    """Whether a fault that the lab knows of let nothing of a call through."""
    boundary = f"{call.caller}->{call.callee}"
    failed = call.failure is not None and not call.arrivals
    return failed and let_nothing_through(boundary, call.sent_at, call.over_at, windows)


def arrived(call: Call) -> str:
    """The claim that a call has reached its callee."""
    span = call.client or call.arrivals[0]
    return f"{'/'.join(key_of(span))} arrived"


def _clues(trace: Trace, found: tuple[Call, ...]) -> Iterator[Clue]:
    by_client = {id(call.client): call for call in found if call.client is not None}
    for call in found:
        for arrival in call.arrivals:
            yield Clue(call.callee, moment(arrival), arrived(call), (arrival,))
            # A callback: its taker may have learned by it that its own call had arrived.
            for above in islice(trace.ancestors(arrival), _MOST_ANCESTORS):
                own = by_client.get(id(above))
                if own is not None and own is not call and own.caller == call.callee:
                    yield Clue(call.callee, moment(arrival), arrived(own), (arrival,))
        if call.succeeded and call.over_at is not None:
            yield Clue(call.caller, call.over_at, arrived(call), call.caller_records)
