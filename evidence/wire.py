"""The answer to ``GET /api/traces/{traceId}/evidence``, part by part.

Beside each text stand its code and parameters, from which `evidence.rendering` makes it anew in
another language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from evidence.model.coded import CodeJson
from evidence.model.proof import ProofJson

if TYPE_CHECKING:
    from evidence.model.moment import TruthsJson
    from evidence.model.perspective import Perspective


class HiddenJson(TypedDict):
    """How many records the perspective hides."""

    spans: int
    logs: int


class SentenceJson(CodeJson):
    """One sentence of the diagnosis."""

    kind: str
    text: str
    proofs: list[ProofJson]


class DiagnosisJson(CodeJson):
    """The diagnosis; the code is its headline's."""

    headline: str
    sentences: list[SentenceJson]


class FoundJson(ProofJson):
    """A record that carries a field."""

    value: str


class MissingJson(CodeJson):
    """A service none of whose records carries a field; the code is the reason's."""

    service: str
    why: str


class EntryJson(TypedDict):
    """One field of the checklist."""

    field: str
    state: str
    found: list[FoundJson]
    missing: list[MissingJson]


# `from` is a keyword, so this one can't be written as a class.
MessageJson = TypedDict(
    "MessageJson",
    {
        "id": str,
        "kind": str,
        "from": str,
        "to": str,
        "sentUnixNano": str,
        "receivedUnixNano": str | None,
        "outcome": str,
        "label": str,
        # None where the label is a name or a status.
        "code": str | None,
        "params": dict[str, Any],
        "errorKind": str | None,
        "spanId": str,
        "gaveUpUnixNano": str | None,
    },
)


class WindowJson(TypedDict):
    """A fault that was in force; ``toUnixNano`` is None while it is.

    ``target`` is a service, or a link by its ends, as ``boundary`` has them.
    """

    target: str
    kind: str
    parameters: dict[str, object]
    fromUnixNano: str
    toUnixNano: str | None


class RecordsJson(TypedDict):
    """The records as lines, without secrets and in no language: what the prompt lists."""

    logs: list[str]
    spans: list[str]


class EvidenceJson(TypedDict):
    """The complete response."""

    traceId: str
    requestId: str | None
    orderId: str | None
    # By whose rules: an "order"'s, or those of any application's "calls".
    of: str
    perspective: Perspective
    # The moment asked about; None for the end.
    atUnixNano: str | None
    perspectives: list[str]
    hidden: HiddenJson
    diagnosis: DiagnosisJson
    checklist: list[EntryJson]
    truths: TruthsJson
    # Who calls or is called, in order of the first call.
    lanes: list[str]
    messages: list[MessageJson]
    windows: list[WindowJson]
    records: RecordsJson
    prompt: str
