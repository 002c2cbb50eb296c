"""A pointer from a sentence to the record that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

from evidence.model.trace import Record, service
from telemetry.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


class ProofJson(TypedDict):
    """A proof on the wire."""

    type: Literal["span", "log"]
    id: str
    service: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One record: a span by its span id, a log by its place in the store."""

    type: Literal["span", "log"]
    id: str
    service: str

    @classmethod
    def of(cls, record: Record) -> Proof:
        """Point to ``record``."""
        if isinstance(record, Span):
            return cls("span", record.span_id, service(record))
        return cls("log", str(record.seq), service(record))

    def json(self) -> ProofJson:
        """The proof on the wire."""
        return {"type": self.type, "id": self.id, "service": self.service}


def proofs_of(records: Iterable[Record | None]) -> tuple[Proof, ...]:
    """Point to each of ``records`` once, in their order; absent ones are left out."""
    found = (Proof.of(record) for record in records if record is not None)
    return tuple(dict.fromkeys(found))
