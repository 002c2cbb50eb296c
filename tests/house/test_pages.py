"""What can be set, and what can go wrong, stands in its page: nothing is left out or made up."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import network.toxics  # noqa: F401 (registers the toxics)
from boundary.error_kind import ErrorKind
from defences.catalogue import DEFENCES
from experiments import actions, catalogue, probes, request_probes
from faults.kinds import KINDS
from network.toxics.toxic import REGISTRY

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z_0-9]+)`", text, flags=re.MULTILINE))


def test_every_kind_of_fault_and_no_other_has_a_row() -> None:
    assert first_cells(page("faults.md")) == {kind.name for kind in KINDS}


def test_every_defence_and_no_other_has_a_row() -> None:
    assert first_cells(page("defences.md")) == {each.name for each in DEFENCES}


def test_every_kind_of_error_is_explained() -> None:
    described = page("faults.md")
    assert [kind.value for kind in ErrorKind if f"`{kind.value}`" not in described] == []


def test_every_toxic_has_its_row_with_every_attribute() -> None:
    described = page("toxics.md")
    assert first_cells(described) == set(REGISTRY)
    for name, toxic in REGISTRY.items():
        row = next(line for line in described.splitlines() if line.startswith(f"| `{name}`"))
        for field in dataclasses.fields(toxic):  # type: ignore[arg-type] # each of them is one
            default = str(field.default).lower() if isinstance(field.default, bool | str) else ""
            if not isinstance(field.default, bool | str | tuple):
                default = f"{field.default:g}"
            assert f"`{field.name}` ({default}" in row, name


def test_every_toxic_has_its_picture_and_what_each_side_sees() -> None:
    described = page("toxics.md")
    _, _, after = described.partition("## In pictures")
    pictures, _, rest = after.partition("## What each side sees")
    seen, _, protocols = rest.partition("## What they do to protocols")
    drawn = {line.partition(" ")[0] for line in pictures.splitlines()}
    assert set(REGISTRY) - drawn == set()
    for section in (seen, protocols.partition("## The journal")[0]):
        assert [name for name in REGISTRY if f"`{name}`" not in section] == []


def test_every_test_that_is_named_exists() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (DOCS.parent / "tests").rglob("*.py")
    )
    named = re.findall(r"`(test_\w+)`", page("reliability.md"))
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in sources] == []


def test_every_experiment_action_and_probe_is_documented() -> None:
    described = page("experiments.md")
    assert [each.name for each in catalogue.listed() if f"`{each.name}`" not in described] == []
    public = [
        name
        for module in (actions, probes, request_probes)
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
        if not name.startswith("_")
    ]
    assert [name for name in public if f"`{name}`" not in described] == []


def test_every_file_that_a_change_touches_exists() -> None:
    table = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = "".join(line for line in table.splitlines() if line.startswith("|"))
    named = re.findall(r"`([^`]+/[^`]*)`", rows)
    assert len(named) > 40
    # Of a file that is still to be made, its folder.
    known = {
        each: each.partition("<")[0].rpartition("/")[0] if "<" in each else each for each in named
    }
    assert [each for each, path in known.items() if not (DOCS.parent / path).exists()] == []
