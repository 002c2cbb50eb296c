"""The experiment files in `files/`: one Chaos Toolkit experiment a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from base.message import gettext_noop
from experiments.errors import UnknownExperimentError

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTORY = Path(__file__).resolve().parent / "files"
# The question that an experiment answers, by its file's first tag.
_QUESTIONS = {
    "source-material": gettext_noop("What does each side believe after a cut, or a delay?"),
    "look-alike": gettext_noop("Can the API tell a cut, a crash, a pause and slowness apart?"),
    "one-way": gettext_noop("Was it the request that was lost, or the answer?"),
    "duplicate": gettext_noop("What if the same job is delivered twice?"),
    "lossy": gettext_noop("Do retries help on a lossy link?"),
    "flapping": gettext_noop("Does a circuit breaker help on a flapping link?"),
    "firewall": gettext_noop("Does a cut by the real firewall look the same?"),
}


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
            "question": _QUESTIONS[self.content["tags"][0]],
            "tags": list(self.content["tags"]),
            "steps": [activity["name"] for activity in self.content["method"]],
            "stepCount": self._step_count,
        }

    @property
    def _step_count(self) -> int:
        """How many steps a whole run has: the steady state is looked at before and after."""
        probes = self.content["steady-state-hypothesis"]["probes"]
        rest = (*self.content["method"], *self.content.get("rollbacks", ()))
        return 2 * len(probes) + len(rest)


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
    raise UnknownExperimentError(name)


def _read(path: Path) -> Experiment:
    return Experiment(path.stem, path, yaml.safe_load(path.read_text(encoding="utf-8")))
