"""The experiments that this lab offers: one Chaos Toolkit file each.

The lab's own need its two services and its links (`systems.orders.is_whole`); a system's own lie in
the folder `FOLDER` beside its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from base.message import gettext_noop
from experiments.errors import UnknownExperimentError, UnreadableExperimentError
from systems.current import SYSTEM
from systems.orders import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from systems.system import System

DIRECTORY = Path(__file__).resolve().parent / "files"
FOLDER = "experiments"
_SUFFIXES = (".yaml", ".yml", ".json")
# The question that an experiment answers, by its file's first tag.
_QUESTIONS = {
    "source-material": gettext_noop("What does each side believe after a cut, or a delay?"),
    "look-alike": gettext_noop("Can the API tell a cut, a crash, a pause and slowness apart?"),
    "one-way": gettext_noop("Was it the request that was lost, or the answer?"),
    "duplicate": gettext_noop("What if the same job is delivered twice?"),
    "lossy": gettext_noop("Do retries help on a lossy link?"),
    "flapping": gettext_noop("Does a circuit breaker help on a flapping link?"),
    "database": gettext_noop("Was it stored, when the database's answer is lost?"),
    "firewall": gettext_noop("Does a cut by the real firewall look the same?"),
}


@dataclass(frozen=True, slots=True)
class Experiment:
    """One file; ``group`` is the title of the system whose own it is, empty for the lab's.

    ``problem`` says why it can't be run, in Chaos Toolkit's or YAML's own words.
    """

    name: str
    path: Path
    content: Mapping[str, Any]
    group: str = ""
    problem: str = ""

    @property
    def title(self) -> str:
        """Its title, of an unreadable file its name."""
        return str(self.content.get("title", self.name))

    def as_json(self) -> dict[str, Any]:
        """Describe it for a list."""
        tags = [str(each) for each in self.content.get("tags") or ()]
        return {
            "name": self.name,
            "title": self.title,
            "description": str(self.content.get("description", "")).strip(),
            "question": self.group or _QUESTIONS[tags[0]],
            "tags": tags,
            "own": bool(self.group),
            "problem": self.problem,
            "steps": [_step_name(activity) for activity in self.content.get("method", ())],
            "stepCount": self._step_count,
        }

    @property
    def _step_count(self) -> int:
        """How many steps a whole run has: the steady state is looked at before and after."""
        hypothesis = self.content.get("steady-state-hypothesis") or {}
        rest = (*self.content.get("method", ()), *(self.content.get("rollbacks") or ()))
        return 2 * len(hypothesis.get("probes", ())) + len(rest)


def folder_of(system: System) -> Path:
    """Return the folder with the experiments of ``system`` itself, which may not be there."""
    return system.path.parent / FOLDER


def listed(system: System = SYSTEM) -> list[Experiment]:
    """Every experiment that ``system`` can run, by name; of one name the system's own."""
    found = {each.name: each for each in _listed(system)}
    return [found[name] for name in sorted(found)]


def find(name: str, system: System = SYSTEM) -> Experiment:
    """Return the experiment called ``name``.

    :raises UnknownExperimentError: there is none.
    :raises UnreadableExperimentError: its file is no experiment.
    """
    for each in listed(system):
        if each.name == name:
            if each.problem:
                raise UnreadableExperimentError(name, each.problem)
            return each
    raise UnknownExperimentError(name)


def _listed(system: System) -> Iterator[Experiment]:
    if is_whole(system):
        yield from (_read(path) for path in _files(DIRECTORY))
    yield from (_read(path, group=system.title) for path in _files(folder_of(system)))


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return [each for each in directory.iterdir() if each.suffix in _SUFFIXES and each.is_file()]


def _read(path: Path, *, group: str = "") -> Experiment:
    try:
        # JSON is YAML.
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return Experiment(path.stem, path, {}, group, " ".join(str(error).split()))
    problem = _problem(content)
    return Experiment(path.stem, path, {} if problem else content, group, problem)


def _problem(content: object) -> str:
    """Say why ``content`` has not the shape of an experiment; what else is wrong a run tells."""
    if not isinstance(content, dict):
        return "an experiment is a mapping with title, description and method"
    for key in ("title", "description"):
        if not isinstance(content.get(key), str):
            return f"{key} must be a string"
    for key, activities in (
        ("method", content.get("method")),
        ("rollbacks", content.get("rollbacks") or []),
        ("probes", (content.get("steady-state-hypothesis") or {}).get("probes", [])),
    ):
        if not isinstance(activities, list) or not all(map(_step_name, activities)):
            return f"{key} must be a list of activities, each with a name"
    return ""


def _step_name(activity: object) -> str:
    if not isinstance(activity, dict):
        return ""
    return str(activity.get("name") or activity.get("ref") or "")
