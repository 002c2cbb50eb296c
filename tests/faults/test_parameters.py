"""The numbers of a fault: defaults, bounds that count themselves in, and forms that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from base.faults.request import FaultRequestError
from faults.parameters import Choice, FloatParameter, IntParameter

if TYPE_CHECKING:
    from faults.parameters import Parameter

MS: Any = IntParameter("ms", "delay", 1_000, "ms", 10, 2_000)  # type: ignore[arg-type] # a text will do
RATE: Any = FloatParameter("rate", "share", 0.5, "", 0.1, 1.0)  # type: ignore[arg-type] # a text will do
STREAM: Any = Choice("stream", "which", "both", ("request", "both", "sideways"))  # type: ignore[arg-type] # a text will do


@pytest.mark.parametrize(("parameter", "default"), [(MS, 1_000), (RATE, 0.5), (STREAM, "both")])
def test_what_is_not_given_is_the_default(parameter: Parameter, default: object) -> None:
    assert parameter.read(None) == default


@pytest.mark.parametrize(
    ("parameter", "given"),
    [(MS, 10), (MS, 2_000), (RATE, 0.1), (RATE, 1), (RATE, 1.0), (STREAM, "request")],
)
def test_a_value_within_the_bounds_is_taken(parameter: Parameter, given: object) -> None:
    assert parameter.read(given) == given


NO_INTEGERS: list[Any] = [9, 2_001, 10.5, "10", True, []]
NO_SHARES: list[Any] = [0.09, 1.01, "1", True, float("nan"), float("inf")]
NO_CHOICES: list[Any] = ["", "moon", 1, True]


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        (parameter, given)
        for parameter, wrong in ((MS, NO_INTEGERS), (RATE, NO_SHARES), (STREAM, NO_CHOICES))
        for given in wrong
    ],
    ids=str,
)
def test_any_other_is_refused_by_the_parameters_name(parameter: Parameter, given: object) -> None:
    with pytest.raises(FaultRequestError) as refused:
        parameter.read(given)
    assert refused.value.field == parameter.name


@pytest.mark.parametrize(
    ("parameter", "described"),
    [
        (MS, ("integer", "ms", 1_000, 10, 2_000, "delay")),
        (RATE, ("number", "", 0.5, 0.1, 1.0, "share")),
        (STREAM, ("choice", "", "both", None, None, "which")),
    ],
)
def test_a_form_is_told_all_of_it(parameter: Parameter, described: tuple[Any, ...]) -> None:
    shown = parameter.as_json()
    names = ("type", "unit", "default", "minimum", "maximum", "title")
    assert tuple(shown[name] for name in names) == described
    assert shown["name"] == parameter.name


def test_a_choice_is_shown_in_words_where_it_has_some() -> None:
    assert STREAM.as_json()["choices"] == [
        {"value": "request", "title": "requests"},
        {"value": "both", "title": "both ways"},
        {"value": "sideways", "title": "sideways"},
    ]
