"""One call across a boundary, put together from both sides' records as far as there are any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundary.error_kind import NEVER_SENT, ErrorKind
from evidence.model.trace import NANOS_PER_MS, Record, duration_ms, ended, moment, number, text
from telemetry.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.records import LogRecord

NO_ANSWER = frozenset({ErrorKind.READ_TIMEOUT, ErrorKind.RESET, ErrorKind.ABORTED})
"""Failures after the request may have left: whether it was acted on can't be known."""

ANSWERED = frozenset({ErrorKind.HTTP_4XX, ErrorKind.HTTP_5XX, ErrorKind.BAD_RESPONSE})
"""Failures in which something answered."""

_BREAKER_STATE = ("lab.circuit_breaker.state", "circuitBreaker")
_BREAKER_HOLDS_BACK = frozenset({"open", "half_open"})
_SERVER_ERROR = 500
_CLIENT_ERROR = 400

UNNAMED = frozenset({"_OTHER", "error"})
"""What stands for the kind of a failure of which no record says how: OpenTelemetry's, and ours."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One attempt to call across a boundary. Times are Unix nanoseconds.

    ``send`` is the span around the call (``job.deliver``, ``callback.send``), ``client`` the HTTP
    CLIENT span inside, ``arrivals`` the SERVER spans that it caused on the other side (none when
    it was lost, several when it was duplicated), ``log`` the line of its outcome.
    """

    sender: str
    receiver: str
    send: Span | None = None
    client: Span | None = None
    arrivals: tuple[Span, ...] = ()
    log: LogRecord | None = None
    error_kind: str = ""

    @property
    def boundary(self) -> str:
        """Sender and receiver, as the contract writes it."""
        return f"{self.sender}->{self.receiver}"

    @property
    def spans(self) -> Iterator[Span]:
        """The spans of both sides."""
        yield from (span for span in (self.send, self.client) if span is not None)
        yield from self.arrivals

    @property
    def sender_records(self) -> tuple[Record, ...]:
        """The sender's records, the outermost span first."""
        return tuple(record for record in (self.send, self.client, self.log) if record is not None)

    @property
    def outcome_records(self) -> tuple[Record, ...]:
        """The sender's records of the outcome: its log line with the span, else its spans."""
        if self.log is not None:
            return tuple(record for record in (self.log, self.send) if record is not None)
        return self.sender_records

    @property
    def sent_at(self) -> int | None:
        """When the sender began to call; None when that is not among the records."""
        span = self.client or self.send
        if span is not None:
            return moment(span)
        if self.log is None:
            return None
        return moment(self.log) - (self.elapsed_ms or 0) * NANOS_PER_MS

    @property
    def over_at(self) -> int | None:
        """When the call was over for the sender: answered, failed or given up."""
        if self._may_be_tried_again:
            return None
        for span in (self.client, self.send):
            if span is not None and span.end_time_unix_nano:
                return span.end_time_unix_nano
        return moment(self.log) if self.log is not None else None

    @property
    def _may_be_tried_again(self) -> bool:
        """Whether a call has failed within a send that goes on, which has not said how it ended."""
        if self.client is None or self.send is None or self.log is not None:
            return False
        return not ended(self.send) and ended(self.client) and _is_error(self.client)

    @property
    def began_at(self) -> int:
        """The earliest time on record, by whichever clock: calls are put in order by it."""
        if self.sent_at is not None:
            return self.sent_at
        return min((moment(span) for span in self.arrivals), default=0)

    @property
    def failed(self) -> bool:
        """Whether the call failed by the sender's records."""
        return bool(self.error_kind) or self.held_back

    @property
    def held_back(self) -> bool:
        """Whether the sender's own circuit breaker let nothing be sent."""
        if self.client is not None or self.arrivals:
            return False
        return not self.error_kind and any(map(is_held_back, self.sender_records))

    @property
    def never_sent(self) -> bool:
        """Whether no byte of the request can have left the sender; one that came had left."""
        return self.held_back or (self.error_kind in NEVER_SENT and not self.arrivals)

    @property
    def answered(self) -> bool:
        """Whether the sender had an answer, good or not."""
        return self.succeeded or self.error_kind in ANSWERED

    @property
    def succeeded(self) -> bool:
        """Whether the sender had an answer that it took for a good one."""
        return not self.failed and self.over_at is not None

    @property
    def waited_ms(self) -> int | None:
        """How long the sender waited after the attempt before this one."""
        return self._number("lab.wait_ms")

    @property
    def http_status(self) -> int | None:
        """The status of the answer that the sender had."""
        return self._number("http.response.status_code", "http.status_code", "httpStatus")

    @property
    def attempt(self) -> int | None:
        """Which attempt this was, from 1."""
        return self._number("lab.attempt", "attempt")

    @property
    def max_attempts(self) -> int | None:
        """How many attempts the sender allowed itself."""
        return self._number("lab.max_attempts", "maxAttempts")

    @property
    def timeout_ms(self) -> int | None:
        """How long the sender was ready to wait for the whole call."""
        return self._number("lab.timeout_ms", "timeoutMs")

    @property
    def elapsed_ms(self) -> int | None:
        """How long the call took until its outcome."""
        recorded = self._number("lab.elapsed_ms", "elapsedMs")
        if recorded is not None:
            return recorded
        span = self.client or self.send
        return duration_ms(span) if span is not None else None

    def _number(self, *keys: str) -> int | None:
        found = (number(record, *keys) for record in self.sender_records)
        return next((value for value in found if value is not None), None)


def is_held_back(record: Record) -> bool:
    """Whether a record of a failed call has the circuit breaker not closed."""
    # A probe that was let through carries the same state, and does not fail by it.
    if isinstance(record, Span) and record.status_code != "ERROR":
        return False
    return text(record, *_BREAKER_STATE) in _BREAKER_HOLDS_BACK


def error_kind(send: Span | None, client: Span | None, log: LogRecord | None) -> str:
    """How a call failed by its sender's records; empty when it did not, or was held back."""
    for record in (send, log):
        kind = text(record, "error.type", "errorKind") if record is not None else ""
        if kind:
            return kind
    if send is not None and send.status_code == "ERROR":
        if client is None and is_held_back(send):
            return ""
        return _kind_of(client or send)
    if send is None and client is not None and _is_error(client):
        return _kind_of(client)
    return ""


def _kind_of(span: Span) -> str:
    status = number(span, "http.response.status_code", "http.status_code") or 0
    if status >= _SERVER_ERROR:
        return ErrorKind.HTTP_5XX.value
    if status >= _CLIENT_ERROR:
        return ErrorKind.HTTP_4XX.value
    return text(span, "error.type") or "error"


def _is_error(span: Span) -> bool:
    return span.status_code == "ERROR" or bool(text(span, "error.type"))
