"""The experiment files beside this one: one Chaos Toolkit experiment a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTORY = Path(__file__).resolve().parent


class UnknownExperimentError(Exception):
    """There is no experiment of this name."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One file."""

    name: str
    path: Path
    content: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Describe it for a list."""
        return {
            "name": self.name,
            "title": self.content["title"],
            "description": self.content["description"].strip(),
            "tags": list(self.content.get("tags", ())),
            "steps": [activity["name"] for activity in self.content["method"]],
        }


def listed() -> list[Experiment]:
    """Every experiment, by name."""
    return [_read(path) for path in sorted(DIRECTORY.glob("*.yaml"), key=lambda each: each.stem)]


def find(name: str) -> Experiment:
    """Return the experiment called ``name``.

    :raises UnknownExperimentError: there is none.
    """
    for path in DIRECTORY.glob("*.yaml"):
        if path.stem == name:
            return _read(path)
    raise UnknownExperimentError(f"there is no experiment {name!r}")


def _read(path: Path) -> Experiment:
    return Experiment(path.stem, path, yaml.safe_load(path.read_text(encoding="utf-8")))
