"""Every code of the evidence has a text, and every text a code that is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils.translation import override

from boundary.error_kind import NEVER_SENT, ErrorKind
from evidence.calls import texts as calls
from evidence.calls.rules.phrases import EXPLAINED
from evidence.calls.rules.unreached import OWN_WHY
from evidence.model import journal
from evidence.orders import words
from evidence.orders.rules import phrases
from evidence.orders.texts import attempts, general, outcomes, sides
from evidence.rendering import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = Path(settings.LAB_BASE_DIR) / "evidence"
TOPICS = (general, attempts, outcomes, sides, calls, journal)
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
# What the names of attributes begin with.
ATTRIBUTES = {
    *("error", "exception", "http", "lab", "net", "order", "peer", "request", "server", "url")
}
# Codes that are put together from what was recorded.
COMPOSED = {
    *(f"failure.{kind}" for kind in phrases.EXPLAINED),
    *(f"how.{kind}" for kind in EXPLAINED),
    *(f"unreached.{kind}" for kind in NEVER_SENT),
    *(f"unreached_{what}.{kind}" for what in ("why", "settles") for kind in OWN_WHY),
    *("truth.answered", "truth.handed_over"),
    *(f"service.{name}" for name in (words.API, words.WORKER, words.CLIENT)),
}


def codes_in_sources() -> Iterator[str]:
    spans = {value for name, value in vars(words).items() if name.startswith("SPAN_")}
    for path in ROOM.rglob("*.py"):
        if "texts" in (path.stem, path.parent.name):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_attribute = node.value.partition(".")[0] in ATTRIBUTES
                if CODE.fullmatch(node.value) and not is_attribute and node.value not in spans:
                    yield node.value


class Places(dict[str, object]):
    """Has a value for every place, and remembers which were filled."""

    def __missing__(self, name: str) -> object:
        self[name] = 7_000 if name == "count" else f"<{name}>"
        return self[name]


def filled(code: str, language: str) -> tuple[str, set[str]]:
    values = Places()
    with override(language):
        text = str(TEXTS[code] % values)
    return text, set(values)


def test_every_code_that_a_rule_uses_has_a_text_and_every_text_is_used() -> None:
    used = {*codes_in_sources(), *COMPOSED}
    assert sorted(used - TEXTS.keys()) == []
    assert sorted(TEXTS.keys() - used) == []


def test_no_code_has_two_texts() -> None:
    assert len(TEXTS) == sum(len(topic.TEXTS) for topic in TOPICS)


def test_every_kind_of_error_has_a_sentence_of_its_own() -> None:
    assert {str(kind) for kind in ErrorKind} | {"held_back"} == phrases.EXPLAINED


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_text_is_translated_with_the_same_places(code: str) -> None:
    english, places = filled(code, "en")
    japanese, translated = filled(code, "ja")
    assert translated == places
    assert not re.search(r"[ぁ-んァ-ヶ一-龠：]", english)
    if code not in ("phrase.joined", "service.api", "service.worker"):
        assert re.search(r"[ぁ-んァ-ヶ一-龠：]", japanese)
