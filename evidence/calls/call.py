"""One call of one service by another, or one message, put together from both sides' records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from boundary.error_kind import NEVER_SENT, ErrorKind
from evidence.model.trace import NANOS_PER_MS, duration_ms, ended, moment
from telemetry.conventions import names
from telemetry.conventions.call_names import call_name
from telemetry.conventions.errors import (
    answer_began,
    database_answered,
    failure_of,
    grpc_code,
    has_failed,
    was_answered,
)
from telemetry.conventions.names import http_status

if TYPE_CHECKING:
    from telemetry.conventions.errors import Failure
    from telemetry.records import Span

ALSO_WITHOUT_ANSWER = frozenset({"CANCELLED", "DEADLINE_EXCEEDED", "UNAVAILABLE"})
"""Codes of gRPC that a caller and its callee may each have made by itself, of one failure."""

_CANCELLED = frozenset({"CANCELLED", "DEADLINE_EXCEEDED"})

GAVE_UP = frozenset({ErrorKind.READ_TIMEOUT, ErrorKind.ABORTED})
"""Failures in which the caller stopped waiting."""

# Clocks of one machine are read a little apart: up to this they agree.
_TOLERANCE = 2 * NANOS_PER_MS
# Node's instrumentation ends a server's span when its caller leaves: an end so near to that of the
# call says nothing of the work.
_SAME_MOMENT = 100 * NANOS_PER_MS


@dataclass(frozen=True)
class Call:
    """One call. Times are Unix nanoseconds, each by its own side's clock.

    ``client`` is the caller's CLIENT or PRODUCER span, ``cause`` a span of another kind that the
    callee names as its parent, ``arrivals`` what the call caused at the callee: nothing when it was
    lost or the callee sends no telemetry, several when it arrived more than once; ``last_work`` is
    of each arrival what ended last of its own and what it began within its service. A message has
    the ``queue`` that it went through, and ``elsewhere`` spans of other traces at the other end of
    a link: its takers, or where its caller is not among the records its senders.
    """

    caller: str
    callee: str
    client: Span | None = None
    cause: Span | None = None
    arrivals: tuple[Span, ...] = ()
    last_work: tuple[Span, ...] = ()
    queue: str = ""
    is_message: bool = False
    elsewhere: tuple[Span, ...] = ()

    @property
    def takers(self) -> tuple[Span, ...]:
        """What took a message, also in other traces."""
        return (*self.arrivals, *(self.elsewhere if self.client is not None else ()))

    @cached_property
    def failed_at_taker(self) -> bool:
        """Whether a message was handed over well, and what took it failed."""
        is_well = self.is_message and self.failure is None
        return is_well and any(map(has_failed, self.takers))

    @property
    def name(self) -> str:
        """What the call is named, by its caller where that is on record."""
        named = (self.client, *self.arrivals, self.cause)
        found = (call_name(span, beside=self.callee) for span in named if span is not None)
        return next(found, "")

    @property
    def caller_records(self) -> tuple[Span, ...]:
        """The caller's records of it."""
        return tuple(span for span in (self.client, self.cause) if span is not None)

    @cached_property
    def failure(self) -> Failure | None:
        """How it failed by its caller's record; None when it did not, or that is not on record."""
        return failure_of(self.client) if self.client is not None else None

    @property
    def kind(self) -> str:
        """The kind of its failure; empty without one."""
        failure = self.failure
        return failure.kind if failure is not None else ""

    @property
    def sent_at(self) -> int | None:
        """When its caller began it; None when that is not on record."""
        return moment(self.client) if self.client is not None else None

    @property
    def over_at(self) -> int | None:
        """When it was over for its caller: answered, failed or given up."""
        return self.client.end_time_unix_nano or None if self.client is not None else None

    @property
    def began_at(self) -> int:
        """The earliest time on record, by whichever clock: calls are put in order by it."""
        spans = (self.client, *self.arrivals)
        return next((moment(span) for span in spans if span is not None), 0)

    @property
    def took_ms(self) -> int | None:
        """How long it took for its caller."""
        return duration_ms(self.client) if self.client is not None else None

    @property
    def succeeded(self) -> bool:
        """Whether its caller had an answer that it took for a good one."""
        return self.over_at is not None and self.failure is None

    @property
    def status(self) -> str:
        """The code of the answer, as the caller has it: HTTP's, or the name of gRPC's."""
        if self.client is None:
            return ""
        status = http_status(self.client)
        return str(status) if status else grpc_code(self.client)

    @property
    def answered_badly(self) -> bool:
        """Whether the answer itself says that it failed."""
        classed = self.kind in (ErrorKind.HTTP_4XX, ErrorKind.HTTP_5XX, ErrorKind.BAD_RESPONSE)
        by_itself = classed and self.client is not None and was_answered(self.client)
        return by_itself or self._has_the_callees_code or self.has_error_of_database

    @property
    def has_error_of_database(self) -> bool:
        """Whether its failure is an error with which a database answered."""
        is_failed = self.client is not None and self.failure is not None
        return is_failed and self.client is not None and database_answered(self.client)

    @property
    def _has_the_callees_code(self) -> bool:
        """Whether its caller has the failure that its callee answered by gRPC, by both records."""
        code = grpc_code(self.client) if self.client is not None else ""
        if code in ("", "OK") or code in ALSO_WITHOUT_ANSWER:
            return False
        return any(ended(arrival) and grpc_code(arrival) == code for arrival in self.arrivals)

    @property
    def broke_off(self) -> bool:
        """Whether an answer had begun when the call failed."""
        is_open = self.kind in (*GAVE_UP, ErrorKind.RESET)
        return is_open and self.client is not None and answer_began(self.client)

    @property
    def last_was_never_sent(self) -> bool:
        """Whether nothing of it, or of its last attempt, can have reached anybody."""
        return self.kind in NEVER_SENT and not self.arrivals

    @property
    def had_attempts(self) -> bool:
        """Whether there may have been attempts of it that are not on record."""
        return self.client is not None and names.may_repeat(self.client)

    @property
    def never_sent(self) -> bool:
        """Whether nothing of it can have reached anybody."""
        return self.last_was_never_sent and not self.had_attempts

    @property
    def gave_up(self) -> bool:
        """Whether its caller stopped waiting for an answer."""
        return self.kind in GAVE_UP

    @cached_property
    def skew_ms(self) -> int:
        """The least by which the clocks of both disagree: it arrived before it was sent."""
        if self.client is None or (self.is_message and not ended(self.client)):
            return 0
        sent = moment(self.client)
        gap = max((sent - moment(arrival) for arrival in self.arrivals), default=0)
        return round(gap / NANOS_PER_MS) if gap > _TOLERANCE else 0

    def came_after_ms(self, arrival: Span) -> int | None:
        """How long after its caller's end it arrived, by the clocks of both; None if not after."""
        if self.over_at is None or self.skew_ms:
            return None
        gap = moment(arrival) - self.over_at
        return round(gap / NANOS_PER_MS) if gap > _TOLERANCE else None

    def worked_until(self, arrival: Span) -> int:
        """When the callee ended all that it did of an arrival, by its clock; 0 if not on record."""
        last = self.last_work[self.arrivals.index(arrival)] if self.last_work else arrival
        return max(arrival.end_time_unix_nano, last.end_time_unix_nano) if ended(arrival) else 0

    def worked_on_ms(self, arrival: Span) -> int | None:
        """How much longer than the whole call its callee worked, by any clocks; None if it did not.

        What its callee had begun in the background counts.
        """
        if self.client is None or self.over_at is None or not ended(arrival):
            return None
        longer = self.worked_until(arrival) - arrival.start_time_unix_nano - _length(self.client)
        return round(longer / NANOS_PER_MS) if longer > _TOLERANCE else None

    def outlasted_ms(self, arrival: Span) -> int | None:
        """How long after its caller's end the callee was at work; None if not on record as so."""
        if self.client is None or self.over_at is None or not ended(arrival):
            return None
        end = self._end_of(arrival)
        longer = end - moment(arrival) - _length(self.client)
        gap = longer if self.skew_ms else max(longer, end - self.over_at)
        if gap <= _TOLERANCE or self.ended_by_leaving_ms(arrival) is not None:
            return None
        return round(gap / NANOS_PER_MS)

    def ended_by_leaving_ms(self, arrival: Span) -> int | None:
        """How far both ends lie apart where the caller's leaving may have ended the arrival.

        None where other records show that its callee went on.
        """
        if self.over_at is None or not self._may_end_by_leaving(arrival):
            return None
        end = max(self.over_at, arrival.end_time_unix_nano)
        if self.worked_until(arrival) - end > _TOLERANCE:
            return None
        return round(abs(arrival.end_time_unix_nano - self.over_at) / NANOS_PER_MS)

    def cancelled(self, arrival: Span) -> str:
        """The code with which gRPC ends a server's work when its caller leaves, or empty."""
        code = grpc_code(arrival)
        return code if self.gave_up and code in _CANCELLED else ""

    @cached_property
    def code_of_both(self) -> str:
        """The code of gRPC for a time that was up, where its callee ended with the same; or empty.

        Then its caller may have given up, or have been answered so.
        """
        code = grpc_code(self.client) if self.client is not None else ""
        ended_so = any(ended(each) and self.cancelled(each) == code for each in self.arrivals)
        return code if code and ended_so else ""

    def certainly_outlasted(self, arrival: Span) -> bool:
        """Whether the callee took longer than the whole call: it ended later by any clocks."""
        if self.client is None or self.over_at is None or not ended(arrival):
            return False
        return self._end_of(arrival) - moment(arrival) - _length(self.client) > _TOLERANCE

    def _may_end_by_leaving(self, arrival: Span) -> bool:
        by_itself = names.ends_with_connection(arrival) or self.cancelled(arrival)
        if self.over_at is None or not ended(arrival) or not by_itself:
            return False
        return abs(arrival.end_time_unix_nano - self.over_at) <= _SAME_MOMENT and not self.skew_ms

    def _end_of(self, arrival: Span) -> int:
        """When the callee ended an arrival, not only its record where its caller left."""
        left = self._may_end_by_leaving(arrival)
        return self.worked_until(arrival) if left else arrival.end_time_unix_nano

    def ready_before_ms(self, arrival: Span) -> int | None:
        """How long before its caller's end the callee had ended; None if not on record as so."""
        if self.over_at is None or not ended(arrival) or self.skew_ms:
            return None
        gap = self.over_at - arrival.end_time_unix_nano
        if gap < 0 or self.ended_by_leaving_ms(arrival) is not None:
            return None
        return round(gap / NANOS_PER_MS)


def _length(span: Span) -> int:
    return span.end_time_unix_nano - span.start_time_unix_nano
