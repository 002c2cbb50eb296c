"""Every kind of fault has a sentence, in English and in Japanese."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from faults import kinds
from faults.fault import Fault
from faults.serializers import as_json

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = [
    (target, kind, level)
    for target, kind in kinds.listed()
    for level in kinds.levels_of(kind, target)
]


@pytest.mark.parametrize(
    ("target", "kind", "level"), EVERY, ids=[f"{t}-{k.name}-{level}" for t, k, level in EVERY]
)
def test_it_has_a_sentence_with_its_numbers(target: str, kind: kinds.Kind, level: str) -> None:
    fault = Fault("f", target, kind.name, level, NOW, kind.read({}))  # type: ignore[arg-type]
    with override("ja"):
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", as_json(fault, now=NOW)["words"])
    with override("en"):
        words = as_json(fault, now=NOW)["words"]
    assert "%(" not in words
    assert re.search(r"[A-Za-z]", words)


def test_jitter_is_shown_when_there_is_some() -> None:
    parameters = {"ms": 100, "jitterMs": 20, "stream": "both"}
    fault = Fault("f", "api-to-worker", "slow", "socket", NOW, parameters)
    assert as_json(fault, now=NOW)["words"] == (
        "Every packet of calls from the API to the worker (both ways) is late by 100 ± 20 ms."
    )
