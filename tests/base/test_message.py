from __future__ import annotations

import json

import pytest
from django.utils.translation import ngettext_lazy

from base.message import Message, from_json, render

TEXTS = {
    "late": "%(sender)s waited %(ms)s ms",
    "worker": "the worker",
    "kinds": "failed: %(kinds)s",
    "breaker": "breaker open",
}


def test_a_message_becomes_the_sentence_of_its_code() -> None:
    message = Message("late", {"sender": Message("worker"), "ms": 5_006})
    assert render(message, TEXTS) == "the worker waited 5006 ms"
    assert render(message, TEXTS, number="{:,}".format) == "the worker waited 5,006 ms"


def test_a_name_from_right_to_left_turns_nothing_beside_it() -> None:
    message = Message("late", {"sender": "متجر", "ms": 1})
    assert render(message, TEXTS) == "\u2068متجر\u2069 waited 1 ms"
    assert render(Message("late", {"sender": "注文", "ms": 1}), TEXTS) == "注文 waited 1 ms"


def test_the_items_of_a_list_are_set_apart_by_commas() -> None:
    message = Message("kinds", {"kinds": ("reset", Message("breaker"))})
    assert render(message, TEXTS) == "failed: reset, breaker open"


def test_it_survives_json() -> None:
    inner = Message("kinds", {"kinds": ("reset", Message("breaker"))})
    message = Message("late", {"sender": inner, "ms": 3, "factor": 0.5, "name": "%(ms)s"})
    assert from_json(json.loads(json.dumps(message.as_json()))) == message


@pytest.mark.parametrize(("count", "text"), [(1, "1 error"), (2_000, "2,000 errors")])
def test_a_plural_is_chosen_by_the_number_however_it_is_written(count: int, text: str) -> None:
    texts = {"errors": ngettext_lazy("%(count)s error", "%(count)s errors", "count")}
    assert render(Message("errors", {"count": count}), texts, number="{:,}".format) == text


@pytest.mark.parametrize("message", [Message("no such code"), Message("late", {"ms": 3})])
def test_a_code_without_a_text_and_a_missing_parameter_are_errors(message: Message) -> None:
    with pytest.raises(KeyError):
        render(message, TEXTS)
