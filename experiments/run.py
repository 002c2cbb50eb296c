"""One run of one experiment, by Chaos Toolkit: its journal, what was observed, its history."""

from __future__ import annotations

import json
import logging
import os
import secrets
from typing import TYPE_CHECKING, Any

from chaoslib.experiment import ensure_experiment_is_valid, run_experiment

from experiments import session
from experiments.progress import Progress, now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from experiments.files import Experiment

# Rollbacks heal what the method broke: they run whatever happened, Ctrl-C included.
_SETTINGS = {"runtime": {"rollbacks": {"strategy": "always"}}}


def new_run_id() -> str:
    """Make an id that sorts by time and can be typed."""
    moment = now().translate(str.maketrans("", "", "-:.Z"))
    return f"{moment}-{secrets.token_hex(2)}"


def run(
    experiment: Experiment,
    *,
    run_id: str,
    directory: Path,
    changed: Callable[[dict[str, Any]], None] = lambda _state: None,
) -> dict[str, Any]:
    """Run ``experiment`` against the lab that its configuration names; return the final state.

    Writes ``journal.json`` (Chaos Toolkit's), ``history.json`` and ``run.json`` to ``directory``.
    """
    directory.mkdir(parents=True, exist_ok=True)
    state: dict[str, Any] = {
        "runId": run_id,
        "name": experiment.name,
        "title": experiment.content["title"],
        "status": "running",
        "startedAt": now(),
        "endedAt": None,
        "steps": [],
        "observed": [],
        "orders": [],
        "windows": [],
    }
    session.reset()
    progress = Progress(state, changed)
    # Begun before the first activity, so that the progress can show its history.
    progress.session = session.current(_configuration(experiment.content))
    ensure_experiment_is_valid(experiment.content)
    changed(state)
    logging.getLogger("logzero_default").setLevel(logging.ERROR)
    journal = run_experiment(experiment.content, settings=_SETTINGS, event_handlers=[progress])
    state |= {"status": verdict(journal, state), "endedAt": now()}
    _write(directory / "journal.json", journal)
    _write(directory / "history.json", progress.session.workload.history.as_json())
    _write(directory / "run.json", state)
    changed(state)
    return state


def verdict(journal: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    """Say how a run went: ``passed`` when everything was as expected.

    ``deviated`` when something was not, ``aborted`` when it was stopped or never began because
    the steady state did not hold, ``failed`` when an activity could not be carried out.
    """
    before = journal["steady_states"]["before"] or {}
    if journal["status"] in ("interrupted", "aborted") or not before.get("steady_state_met", True):
        return "aborted"
    if any(step["status"] == "failed" for step in state["steps"]):
        return "failed"
    expected = all(each["ok"] for each in state["observed"])
    return "passed" if expected and not journal["deviated"] else "deviated"


def _configuration(content: Mapping[str, Any]) -> dict[str, Any]:
    """Read the experiment's configuration as Chaos Toolkit will: from the environment."""
    read: dict[str, Any] = {}
    for name, given in content.get("configuration", {}).items():
        if isinstance(given, dict) and given.get("type") == "env":
            read[name] = os.environ.get(given["key"], given.get("default"))  # noqa: TID251 (the experiment's, not the lab's)
        else:
            read[name] = given
    return read


def _write(path: Path, content: Any) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=2, default=str), encoding="utf-8")
    draft.replace(path)
