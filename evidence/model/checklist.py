"""One field of a checklist: which records carry it, and which service lacks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from base.message import Message
from evidence.model.proof import Proof
from evidence.model.trace import service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from evidence.model.trace import Record

_MOST_FOUND = 6

# Why a service lacks a field: one of these, and the question does not need it there.
_NOT_NEEDED = frozenset(
    {"missing.hidden", "missing.no_call", "missing.no_failure", "missing.no_answer"}
)

State: TypeAlias = Literal["found", "partly", "missing", "not_needed"]


@dataclass(frozen=True, slots=True)
class Found:
    """A record that carries the field, and with which value."""

    proof: Proof
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A service none of whose records carries the field, and why not."""

    service: str
    why: Message


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the checklist."""

    field: str
    found: tuple[Found, ...]
    missing: tuple[Missing, ...]

    @property
    def state(self) -> State:
        """Whether the services have the field that the question needs it of."""
        lacking = any(one.why.code not in _NOT_NEEDED for one in self.missing)
        if self.found:
            return "partly" if lacking else "found"
        return "missing" if lacking else "not_needed"


def by_service(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Group ``records`` by the service that made them."""
    grouped: dict[str, list[Record]] = {}
    for record in records:
        grouped.setdefault(service(record), []).append(record)
    return grouped


def entry(
    field: str,
    records: Mapping[str, list[Record]],
    *,
    value: Callable[[Record], str],
    why_missing: Callable[[str, list[Record]], str],
) -> Entry:
    """Look for ``field`` in each service's ``records``: at most 6 of a service are named.

    ``value`` is what a record has of it, empty for nothing; ``why_missing`` the code of why a
    service with these records has none.
    """
    found: list[Found] = []
    missing: list[Missing] = []
    for name, own in sorted(records.items()):
        values = ((record, value(record)) for record in own)
        carrying = [Found(Proof.of(record), had) for record, had in values if had]
        found += carrying[:_MOST_FOUND]
        if not carrying:
            missing.append(Missing(name, Message(why_missing(name, own))))
    return Entry(field, tuple(found), tuple(missing))
