"""``manage.py experiment`` speaks the terminal's language, and refuses what can't be run."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from experiments import catalogue

if TYPE_CHECKING:
    from django.conf import LazySettings


def listed() -> list[str]:
    output = StringIO()
    call_command("experiment", "list", stdout=output)
    return output.getvalue().splitlines()


def test_it_lists_each_experiment_with_its_title() -> None:
    assert [line.split(None, 1) for line in listed()] == [
        [each.name, each.content["title"]] for each in catalogue.listed()
    ]


def test_it_speaks_the_terminals_language(settings: LazySettings) -> None:
    settings.LAB_TERMINAL_LANGUAGE = "ja"
    assert any(line.endswith("C：workerが遅い") for line in listed())
    with pytest.raises(CommandError, match="「moon」という実験はありません"):
        call_command("experiment", "run", "moon")


def test_an_unknown_experiment_is_refused() -> None:
    with pytest.raises(CommandError, match="there is no experiment “moon”"):
        call_command("experiment", "run", "moon")


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("--orders=0", "orders must be from 1 to 100"),
        ("--faults=moon", "faults must be some of none"),
        ("--defences=", "defences must be some of none"),
    ],
)
def test_a_matrix_that_can_not_be_run_is_refused(option: str, error: str) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("experiment", "matrix", option)
