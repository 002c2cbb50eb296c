"""A system's own experiments lie beside its file; a file that is none is listed with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from chaoslib.experiment import ensure_experiment_is_valid

from experiments import catalogue
from experiments.errors import (
    NeedsOrdersError,
    UnknownExperimentError,
    UnreadableExperimentError,
)
from experiments.matrix.spec import check_whole
from systems.orders import ORDERS, is_whole
from tests.support.processes import ROOT
from tests.systems.five import five

if TYPE_CHECKING:
    from pathlib import Path

    from systems.system import System

OWN = """
title: The hub is cut off
description: It says so.
method:
  - {type: action, name: cut}
  - {ref: look}
rollbacks: [{type: action, name: heal}]
"""


@pytest.fixture
def system(tmp_path: Path) -> System:
    (tmp_path / catalogue.FOLDER).mkdir()
    return replace(five(), path=tmp_path / "five.toml")


def write(system: System, name: str, text: str) -> None:
    (catalogue.folder_of(system) / name).write_text(text, encoding="utf-8")


def test_a_system_without_orders_has_its_own_alone(system: System) -> None:
    assert catalogue.listed(system) == []
    write(system, "cut.yaml", OWN)
    write(system, "also.json", '{"title": "T", "description": "D", "method": []}')
    write(system, "notes.txt", "no experiment")
    assert [each.name for each in catalogue.listed(system)] == ["also", "cut"]
    described = catalogue.find("cut", system).as_json()
    assert described["steps"] == ["cut", "look"]
    assert (described["question"], described["own"], described["tags"]) == ("Five", True, [])
    assert (described["stepCount"], described["problem"]) == (3, "")


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert catalogue.listed(replace(five(), path=tmp_path / "five.toml")) == []


def test_where_orders_are_taken_the_labs_own_come_first_but_for_one_of_the_same_name(
    system: System,
) -> None:
    whole = replace(ORDERS, path=system.path)
    write(system, "cut.yaml", OWN)
    write(system, "c-slow-worker.yaml", OWN)
    listed = {each.name: each for each in catalogue.listed(whole)}
    assert len(listed) == len(catalogue.listed(ORDERS)) + 1
    assert listed["c-slow-worker"].title == "The hub is cut off"
    assert [each.name for each in listed.values() if each.as_json()["own"]] == [
        "c-slow-worker",
        "cut",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: [", "line 1"),
        ("- 1", "a mapping"),
        ("title: T", "description must be a string"),
        ("{title: T, description: D}", "method must be a list"),
        ("{title: T, description: D, method: [{type: action}]}", "each with a name"),
        ("{title: T, description: D, method: [], rollbacks: 1}", "rollbacks must be a list"),
    ],
    ids=["syntax", "list", "no-description", "no-method", "no-name", "rollbacks"],
)
def test_a_file_that_is_none_is_listed_with_the_reason_and_not_run(
    system: System, text: str, problem: str
) -> None:
    write(system, "odd.yaml", text)
    [odd] = catalogue.listed(system)
    assert problem in odd.as_json()["problem"]
    assert odd.as_json()["title"] in ("odd", "T")
    with pytest.raises(UnreadableExperimentError, match="“odd” is no experiment"):
        catalogue.find("odd", system)


def test_an_unknown_name_is_unknown(system: System) -> None:
    with pytest.raises(UnknownExperimentError):
        catalogue.find("a-api-to-worker-cut", system)


def test_a_system_is_whole_with_both_services_and_their_links() -> None:
    assert is_whole(ORDERS)
    assert not is_whole(five())
    assert not is_whole(replace(ORDERS, services=ORDERS.services[:1]))
    assert not is_whole(replace(ORDERS, links=ORDERS.links[1:]))


def test_a_matrix_is_of_orders() -> None:
    check_whole(ORDERS)
    with pytest.raises(NeedsOrdersError):
        check_whole(five())


def test_the_example_of_the_docs_is_an_experiment_that_chaos_toolkit_takes(system: System) -> None:
    described = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    [example] = [
        each.partition("```")[0]
        for each in described.split("```yaml\n")[1:]
        if each.startswith("title")
    ]
    write(system, "example.yaml", example)
    found = catalogue.find("example", system)
    ensure_experiment_is_valid(found.content)
    assert found.as_json()["stepCount"] == 8
