"""One run of one experiment, by Chaos Toolkit: its journal, what was observed, its history."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
from typing import TYPE_CHECKING, Any

from chaoslib.exceptions import ChaosException
from chaoslib.experiment import ensure_experiment_is_valid, run_experiment
from chaoslib.run import RunEventHandler

from base.message import Message
from base.timestamps import now
from experiments.report.page import page
from experiments.report.record import read_record
from experiments.runs import folders, session
from experiments.runs.gather import gather
from experiments.runs.progress import Progress
from experiments.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from experiments.catalogue import Experiment

# Rollbacks heal what the method broke: they run whatever happened, Ctrl-C included.
_SETTINGS = {"runtime": {"rollbacks": {"strategy": "always"}}}


def new_run_id() -> str:
    """Make an id that sorts by time and can be typed."""
    moment = now().translate(str.maketrans("", "", "-:.Z"))
    return f"{moment}-{secrets.token_hex(2)}"


def new_state(experiment: Experiment, *, run_id: str) -> dict[str, Any]:
    """Describe a run of which nothing has happened yet."""
    return {
        "runId": run_id,
        "name": experiment.name,
        "title": experiment.title,
        "status": "running",
        "startedAt": now(),
        "endedAt": None,
        "steps": [],
        "observed": [],
        "orders": [],
        "windows": [],
        "reason": "",
    }


class _SigtermAsCtrlC(RunEventHandler):  # type: ignore[misc] # chaoslib is untyped
    """Lets SIGTERM interrupt a run as Ctrl-C does.

    Chaos Toolkit raises an exception of its own for it, which counts as the failure of the activity
    that it meets.
    """

    def started(self, experiment: Mapping[str, Any], journal: Mapping[str, Any]) -> None:
        """Replace Chaos Toolkit's handler, which it takes back at the end of the run."""
        del experiment, journal
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))


def run(
    experiment: Experiment,
    *,
    run_id: str,
    directory: Path,
    changed: Callable[[dict[str, Any]], None] = lambda _state: None,
) -> dict[str, Any]:
    """Run ``experiment`` against the lab that its configuration names; return the final state.

    Writes ``journal.json`` (Chaos Toolkit's), ``history.json``, ``gathered.json``, ``run.json`` and
    ``report.html`` to ``directory/<name>/<runId>/``.
    """
    place = folders.place(directory, experiment.name, run_id)
    state = new_state(experiment, run_id=run_id)
    session.reset()
    progress = Progress(state, changed)
    # Begun before the first activity, so that the progress can show its history.
    progress.session = session.current(_configuration(experiment.content))
    for name in ("logzero_default", "chaostoolkit"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        ensure_experiment_is_valid(experiment.content)
    except ChaosException as error:
        return _refused(place, experiment, state, progress.session, error)
    changed(state)
    journal = run_experiment(
        experiment.content, settings=_SETTINGS, event_handlers=[_SigtermAsCtrlC(), progress]
    )
    skipped = progress.session.skipped
    state |= {
        "status": "skipped" if skipped else verdict(journal, state),
        "reason": skipped.as_json() if skipped else "",
        "interrupted": journal["status"] == "interrupted",
        "endedAt": now(),
    }
    _keep(place, state=state, journal=journal, session_=progress.session)
    changed(state)
    return state


def _refused(
    place: Path,
    experiment: Experiment,
    state: dict[str, Any],
    session_: session.Session,
    error: ChaosException,
) -> dict[str, Any]:
    """Keep what there is of a run whose file Chaos Toolkit refuses."""
    reason = Message("reason.invalid", {"problem": plain(error)}).as_json()
    state |= {"status": "failed", "reason": reason, "interrupted": False, "endedAt": now()}
    _keep(place, state=state, journal={"experiment": experiment.content}, session_=session_)
    return state


def _keep(
    place: Path, *, state: dict[str, Any], journal: dict[str, Any], session_: session.Session
) -> None:
    history = session_.workload.history
    gathered = gather(session_.lab, history.operations, since=state["startedAt"])
    _write(place / "journal.json", journal)
    _write(place / "history.json", history.as_json())
    _write(place / "gathered.json", gathered)
    _write(place / "run.json", state)
    (place / "report.html").write_text(page([read_record(place)]), encoding="utf-8")


def verdict(journal: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    """Judge how a run went: ``passed`` when everything was as expected.

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
