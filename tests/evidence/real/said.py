"""What is said of real calls: toxic × what the caller saw × what is said from each side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.evaluation import evidence_of
from tests.support.instrumented.pair import CALLEE, CALLER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telemetry.records import Span
    from tests.support.instrumented.pair import Called


@dataclass(frozen=True)
class Situation:
    """What a caller ``saw``, by the names that ecosystems have for it, and what is said of it.

    Codes that are among all that is said: ``overall`` from all records, the others from one side's.
    """

    saw: frozenset[str]
    overall: frozenset[str]
    caller: frozenset[str]
    callee: frozenset[str]


OK = frozenset({"OK"})
GAVE_UP = frozenset({"ReadTimeout", "23", "ABORT_ERR", "DEADLINE_EXCEEDED", "HttpTimeoutException"})
REFUSED = frozenset(
    {"ConnectError", "ConnectionError", "ECONNREFUSED", "ConnectException", "UNAVAILABLE"}
)
BROKEN = frozenset(
    {
        *("ReadError", "RemoteProtocolError", "ConnectError", "ConnectionError", "ReadTimeout"),
        *("ChunkedEncodingError", "ECONNRESET", "UND_ERR_SOCKET", "UNAVAILABLE"),
        *("IOException", "SocketException"),
    }
)
NOBODY = frozenset({"nothing.side_headline", "nothing.lost_or_not_sent"})
FINE = frozenset({"general.no_error_headline"})
UNSURE = frozenset({"calls.arrival_unknown_to_side", "calls.settled_by_records"})
SERVED = frozenset({*FINE, "calls.caller_hidden"})


def situation(
    saw: frozenset[str], overall: Sequence[str], caller: Sequence[str], callee: Sequence[str]
) -> Situation:
    """Make a situation of codes, those of calls without their prefix."""
    return Situation(saw, *(frozenset(map(_code, each)) for each in (overall, caller, callee)))


def _code(short: str) -> str:
    return short if "." in short else f"calls.{short}"


WELL = situation(OK, [*FINE, "where_time_went"], [*FINE], [*SERVED])
WELL_FOR_A_QUIET_CALLEE = situation(OK, [*FINE], [*FINE], [*NOBODY])
WORKED_ON = situation(OK, ["served_on_headline", "served_on"], [*FINE], [*SERVED])
TWICE = situation(
    OK, ["twice_headline", "arrived_twice", "twice_why"], [*FINE], ["of_one_span_headline"]
)
_REFUSED = ["unreached_headline", "unreached.connect_refused", "unreached_why"]
NOT_LISTENED = situation(REFUSED, _REFUSED, _REFUSED, [*NOBODY])
_LAST = ["failed_headline", "last_attempt_unreached", "attempts_unknown"]
LAST_REFUSED = situation(REFUSED, _LAST, _LAST, [*NOBODY])
LAST_REFUSED_AFTER_IT = situation(REFUSED, ["failed_headline", "arrived"], _LAST, [*SERVED])
_NOT_CONNECTED = ["unreached_headline", "unreached.connect_timeout", "unreached_why"]
NOT_CONNECTED = situation(BROKEN | GAVE_UP, _NOT_CONNECTED, _NOT_CONNECTED, [*NOBODY])

_SIDE_OF_WHO_GAVE_UP = ["no_answer_headline", "no_proof", *UNSURE]
NO_ANSWER = situation(
    GAVE_UP,
    ["no_answer_headline", "no_proof", "arrival_unknown"],
    _SIDE_OF_WHO_GAVE_UP,
    [*NOBODY],
)
CAME_LATE = situation(
    GAVE_UP,
    ["late_arrival_headline", "came_after", "worked_all_the_same", "could_not_know"],
    _SIDE_OF_WHO_GAVE_UP,
    [*SERVED],
)
AT_WORK = situation(
    GAVE_UP,
    ["gave_up_headline", "arrived", "too_late", "could_not_know"],
    _SIDE_OF_WHO_GAVE_UP,
    [*SERVED],
)
# Node ends a server's span when its caller leaves.
LEFT = situation(
    GAVE_UP,
    ["no_answer_headline", "arrived", "ended_together", "ended_together_unknown"],
    _SIDE_OF_WHO_GAVE_UP,
    [*SERVED],
)
ANSWER_LOST = situation(
    GAVE_UP | BROKEN,
    ["answer_lost_headline", "arrived", "ready_before", "could_not_know"],
    [*UNSURE],
    [*SERVED],
)
ANSWER_BROKEN = situation(
    BROKEN,
    ["broken_headline", "arrived", "ended_together", "could_not_know"],
    ["broken_headline", *UNSURE],
    [*SERVED],
)
BROKEN_AT_WORK = situation(
    BROKEN,
    ["broken_headline", "arrived", "could_not_know"],
    ["broken_headline", *UNSURE],
    [*SERVED],
)
REQUEST_BROKEN = situation(
    BROKEN, ["broken_headline", "arrival_unknown"], ["broken_headline", *UNSURE], [*NOBODY]
)
HALF_AN_ANSWER = situation(
    BROKEN | GAVE_UP,
    ["broken_headline", "arrived"],
    ["broken_headline", "before_unknown"],
    [*SERVED],
)
# Some record no failure of a call whose answer had begun: then its caller's own answer is the sign.
NOT_RECORDED = situation(
    BROKEN | GAVE_UP,
    ["span_headline", "span_failed"],
    ["span_headline", "span_failed"],
    [*SERVED],
)
_BY_SOMEBODY = ["answered_headline", "answered", "before_unknown"]
ANSWERED_BEFORE_IT = situation(frozenset({"503"}), _BY_SOMEBODY, _BY_SOMEBODY, [*NOBODY])
ANSWER_REPLACED = situation(
    frozenset({"503"}),
    ["answered_headline", "arrived_and_answered", "answered_otherwise"],
    _BY_SOMEBODY,
    [*SERVED],
)
ANSWERED_500 = situation(
    frozenset({"500"}), ["answered_headline", "answered_itself"], _BY_SOMEBODY, ["span_headline"]
)
ANSWERED_404 = situation(
    frozenset({"404"}), ["answered_headline", "answered_itself"], _BY_SOMEBODY, [*SERVED]
)
ANSWERED_INTERNAL = situation(
    frozenset({"INTERNAL"}),
    ["answered_headline", "answered_itself"],
    ["failed_headline", *UNSURE],
    ["span_headline"],
)
ANSWERED_NOT_FOUND = situation(
    frozenset({"NOT_FOUND"}),
    ["answered_headline", "answered_itself"],
    _BY_SOMEBODY,
    ["caller_hidden"],
)
ANSWERED_500_QUIETLY = situation(frozenset({"500"}), _BY_SOMEBODY, _BY_SOMEBODY, [*NOBODY])
ANSWERED_INTERNAL_QUIETLY = situation(
    frozenset({"INTERNAL"}),
    ["failed_headline", "arrival_unknown"],
    ["failed_headline", *UNSURE],
    [*NOBODY],
)
AGAIN = situation(OK, ["failed", "retried"], ["failed", "retried"], [*SERVED])
AGAIN_AFTER_TIMEOUT = situation(OK, ["gave_up", "retried"], ["gave_up", "retried"], [*SERVED])
IN_VAIN = situation(BROKEN, ["failed", "retried_in_vain"], ["failed", "retried_in_vain"], [*NOBODY])

_STOPPED = ((NO_ANSWER,), (NO_ANSWER,))
_ANSWER_STOPPED = ((ANSWER_LOST, LEFT, ANSWER_BROKEN), (NO_ANSWER, NOT_CONNECTED))
# A callee's span may end a moment after its caller has seen the connection end.
_ANSWER_TORN = ((ANSWER_BROKEN, ANSWER_LOST, BROKEN_AT_WORK), (NOT_CONNECTED, REQUEST_BROKEN))
_REQUEST_TORN = ((REQUEST_BROKEN,), (NOT_CONNECTED, REQUEST_BROKEN))

SAID: dict[str, tuple[tuple[Situation, ...], tuple[Situation, ...]]] = {
    # scenario: over HTTP, over gRPC, where a connection that is half open is none yet
    "well": ((WELL,), (WELL,)),
    "noop": ((WELL,), (WELL,)),
    "latency within the timeout": ((WELL,), (WELL,)),
    "latency of the request": ((CAME_LATE,), (CAME_LATE,)),
    "latency of the answer": _ANSWER_STOPPED,
    "bandwidth": ((WELL, HALF_AN_ANSWER), (ANSWER_LOST,)),
    "slow close": ((WELL,), (WELL,)),
    "timeout of the request": _STOPPED,
    "timeout of the answer": _ANSWER_STOPPED,
    "timeout that closes": ((ANSWER_LOST, BROKEN_AT_WORK), (NOT_CONNECTED, REQUEST_BROKEN)),
    "down while it works": ((BROKEN_AT_WORK, LAST_REFUSED_AFTER_IT), (BROKEN_AT_WORK,)),
    "reset of the request": _REQUEST_TORN,
    "reset of the answer": _ANSWER_TORN,
    "slicer": ((WELL,), (WELL,)),
    # The JDK's timeout is over when an answer begins.
    "slicer too slow": ((HALF_AN_ANSWER, NOT_RECORDED, ANSWER_LOST, WELL), (ANSWER_LOST,)),
    "limit of the request": _REQUEST_TORN,
    "limit of the answer": (
        (HALF_AN_ANSWER, NOT_RECORDED),
        (ANSWER_BROKEN, ANSWER_LOST, NOT_CONNECTED),
    ),
    "limit before the answer": _ANSWER_TORN,
    "loss of the request": _STOPPED,
    "loss of the answer": _ANSWER_STOPPED,
    "blackhole of the request": _STOPPED,
    "blackhole of the answer": _ANSWER_STOPPED,
    "blackhole while it works": ((AT_WORK, LEFT), (NO_ANSWER, NOT_CONNECTED)),
    # The JDK's client makes it anew within its span.
    "fail first": ((REQUEST_BROKEN, WELL), _REQUEST_TORN[1]),
    "fail first, tried again": ((AGAIN,), (AGAIN,)),
    "reset, tried again in vain": ((IN_VAIN,), (IN_VAIN,)),
    "flap, down": (
        (CAME_LATE, ANSWER_LOST),
        # A request that waited for the handshake until its caller gave up is not sent.
        (CAME_LATE, ANSWER_LOST, NO_ANSWER, NOT_CONNECTED),
    ),
    "http status of the request": ((ANSWERED_BEFORE_IT,), (NO_ANSWER,)),
    "http status of the answer": ((ANSWER_REPLACED,), (NO_ANSWER, NOT_CONNECTED)),
    "duplicate": ((TWICE,), (WELL,)),
    "down": ((NOT_LISTENED, LAST_REFUSED), (NOT_LISTENED,)),
    "nobody listens": ((REQUEST_BROKEN, LAST_REFUSED), _REQUEST_TORN[1]),
    "slow callee": ((AT_WORK, LEFT), (AT_WORK,)),
    "answers 500": ((ANSWERED_500,), (ANSWERED_INTERNAL,)),
    "answers 404": ((ANSWERED_404,), (ANSWERED_NOT_FOUND,)),
    "works on": ((WORKED_ON, WELL), (WELL,)),
    "quiet callee": ((WELL_FOR_A_QUIET_CALLEE,), (WELL_FOR_A_QUIET_CALLEE,)),
    "quiet callee that is slow": ((NO_ANSWER,), (NO_ANSWER,)),
    "quiet callee answers 500": ((ANSWERED_500_QUIETLY,), (ANSWERED_INTERNAL_QUIETLY,)),
}
ARRIVED = frozenset(
    {
        *("calls.arrived", "calls.answered_itself", "calls.arrived_and_answered"),
        *("calls.arrived_twice", "calls.served_on", "calls.came_after", "calls.ready_before"),
    }
)
NOT_ARRIVED = frozenset({"calls.unreached_headline", "calls.stopped"})


def codes(spans: list[Span], perspective: str) -> frozenset[str]:
    """The codes of all that is said from one side."""
    found = evidence_of(spans, [], trace_id=spans[0].trace_id, perspective=perspective)
    diagnosis = found["diagnosis"]
    return frozenset({diagnosis["code"], *(each["code"] for each in diagnosis["sentences"])})


def check(by: str, call: Called, spans: list[Span]) -> None:
    """Fail unless what is said of a call is right, and true of what really happened."""
    overall, caller, callee = (codes(spans, side) for side in ("all", CALLER, CALLEE))
    allowed = SAID[call.scenario][by == "grpc"]
    assert any(
        call.saw in each.saw
        and each.overall <= overall
        and each.caller <= caller
        and each.callee <= callee
        for each in allowed
    ), (call, sorted(overall), sorted(caller), sorted(callee))
    for found in (overall, caller, callee):
        assert call.came or not found & ARRIVED
        assert not (call.came and found & NOT_ARRIVED) or "calls.retried" in found
    assert not call.came or "nothing.headline" not in overall
    assert call.saw == "OK" or "general.no_error_headline" not in overall | caller
