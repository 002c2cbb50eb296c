"""Messages and sentences that several rules use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message, Parameter
from boundary.error_kind import ErrorKind
from evidence.model.crossing import UNNAMED
from evidence.model.finding import Sentence, sentence
from evidence.orders import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.model.crossing import Crossing
    from evidence.orders.case import Case

EXPLAINED = frozenset(
    {
        "held_back",
        ErrorKind.SIMULATED_PARTITION,
        ErrorKind.CONNECT_REFUSED,
        ErrorKind.CONNECT_TIMEOUT,
        ErrorKind.READ_TIMEOUT,
        ErrorKind.RESET,
        ErrorKind.DNS,
        ErrorKind.TLS,
        ErrorKind.HTTP_4XX,
        ErrorKind.HTTP_5XX,
        ErrorKind.BAD_RESPONSE,
        ErrorKind.ABORTED,
    }
)
"""Ways to fail that have a text of their own: ``failure.<kind>``."""


def service_name(service: str) -> Parameter:
    """A service as a sentence names it: one of the lab's in the reader's language."""
    if service in (words.API, words.WORKER, words.CLIENT):
        return Message(f"service.{service}")
    return service


def boundary(crossing: Crossing) -> str:
    """A boundary as a sentence names it: ``API → worker``."""
    titles = {words.API: "API"}
    ends = (titles.get(name, name) for name in (crossing.sender, crossing.receiver))
    return " → ".join(ends)


def known(value: int | None) -> int | str:
    """A number, or a question mark where it is not on record."""
    return "?" if value is None else value


def joined(*messages: Message) -> Message:
    """Put sentences behind one another."""
    first, *others = messages
    for other in others:
        first = Message("phrase.joined", {"first": first, "second": other})
    return first


def with_status(case: Case, headline: Message) -> Message:
    """A headline behind the order's status, where the API's status is seen."""
    if case.belief.value == "unknown":
        return headline
    return Message("phrase.with_status", {"status": case.belief.value, "headline": headline})


def failure(crossing: Crossing) -> Sentence:
    """Which boundary, which error, after how long, at which attempt."""
    kind = "held_back" if crossing.held_back else crossing.error_kind
    params: dict[str, Parameter] = {
        "boundary": boundary(crossing),
        "sender": service_name(crossing.sender),
        "elapsed": known(crossing.elapsed_ms),
        "timeout": known(crossing.timeout_ms),
        "status": crossing.http_status or "?",
        "kind": kind,
    }
    unexplained = "failure.unnamed" if kind in UNNAMED else "failure.other"
    message = Message(f"failure.{kind}" if kind in EXPLAINED else unexplained, params)
    most = crossing.max_attempts
    if most is not None and most > 1 and crossing.attempt is not None:
        attempt = Message("failure.attempt", {"attempt": crossing.attempt, "most": most})
        message = joined(message, attempt)
    return sentence("fact", message, *crossing.outcome_records)


def kinds(crossings: Iterable[Crossing]) -> tuple[Parameter, ...]:
    """The ways in which calls failed, each once."""
    return tuple({crossing.error_kind: kind_of(crossing) for crossing in crossings}.values())


def kind_of(crossing: Crossing) -> Parameter:
    """The way in which a call failed, as a sentence names it."""
    if crossing.error_kind in UNNAMED:
        return Message("failure.no_kind")
    return crossing.error_kind or Message("failure.breaker_open")


def ask_worker(case: Case) -> Sentence:
    """What settles whether the worker did its part."""
    code = "settles.ask_worker" if case.sees_worker else "settles.ask_worker_or_log"
    return sentence("settles", Message(code, {"order": order_of(case)}))


def ask_api(case: Case) -> Sentence:
    """What settles what the API believes."""
    code = "settles.ask_api" if case.sees_api else "settles.ask_api_or_log"
    return sentence("settles", Message(code, {"order": order_of(case)}))


def order_of(case: Case) -> str:
    """The order's id, or the place where it would stand."""
    return case.trace.first_text("orderId", "order.id") or "{orderId}"
