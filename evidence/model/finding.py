"""What a rule finds: a headline and sentences, each with the records that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evidence.model.proof import Proof, proofs_of

if TYPE_CHECKING:
    from base.message import Message
    from evidence.model.trace import Record

SentenceKind: TypeAlias = Literal["fact", "certain", "unknown", "settles"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a diagnosis, with the records that prove it."""

    kind: SentenceKind
    message: Message
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A headline and its sentences: which boundary, what is certain, what is not."""

    headline: Message
    sentences: tuple[Sentence, ...]


def sentence(kind: SentenceKind, message: Message, *records: Record | None) -> Sentence:
    """Return a sentence that is proved by ``records``; absent ones are left out."""
    return Sentence(kind, message, proofs_of(records))
