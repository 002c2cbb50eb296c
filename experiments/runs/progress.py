"""A run while it goes on: what Chaos Toolkit does, turned into steps that a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaoslib.run import RunEventHandler

from base.timestamps import now
from experiments.observing.journal import is_observation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.runs.session import Session

_MOST_ORDERS = 200
_MOST_CHARACTERS = 300
# What a traceback writes before the text of an activity that says why it failed.
_RAISED = "chaoslib.exceptions.ActivityFailed: "


class Progress(RunEventHandler):  # type: ignore[misc] # chaoslib is untyped
    """Keeps a run's state, ready for the wire; ``changed`` is called with it after each change."""

    def __init__(self, state: dict[str, Any], changed: Callable[[dict[str, Any]], None]) -> None:
        self.state = state
        self._changed = changed
        self._phase = "hypothesis"
        self.session: Session | None = None

    def start_hypothesis_before(self, experiment: Mapping[str, Any]) -> None:
        """The steady state is looked at first."""
        del experiment
        self._phase = "hypothesis"

    def start_method(self, experiment: Mapping[str, Any]) -> None:
        """The experiment itself."""
        del experiment
        self._phase = "method"

    def start_hypothesis_after(self, experiment: Mapping[str, Any]) -> None:
        """The steady state, again."""
        del experiment
        self._phase = "hypothesis after"

    def start_rollbacks(self, experiment: Mapping[str, Any]) -> None:
        """What must be done whatever happened."""
        del experiment
        self._phase = "rollback"

    def start_activity(self, activity: Mapping[str, Any]) -> None:
        """One step begins."""
        if self.session is not None:
            self.session.problem = None
        self.state["steps"].append(
            {
                "name": activity["name"],
                "kind": activity["type"] if self._phase == "method" else self._phase,
                "status": "running",
                "startedAt": now(),
                "text": "",
            }
        )
        self._announce()

    def activity_completed(self, activity: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        """One step has ended."""
        step = next(
            (each for each in reversed(self.state["steps"]) if each["name"] == activity["name"]),
            None,
        )
        if step is None:
            return
        output = run.get("output")
        step["status"] = run["status"]
        if run["status"] == "failed":
            raised = str((run.get("exception") or [""])[-1]).strip()
            step["text"] = raised.replace(_RAISED, "")[-_MOST_CHARACTERS:]
            if self.session is not None and self.session.problem is not None:
                step["message"] = self.session.problem.as_json()
        if is_observation(output):
            self.state["observed"].append({"name": step["name"], **output})
            step["status"] = "succeeded" if output["ok"] else "deviated"
            step["text"] = output["actual"]
            if "messages" in output:
                step["message"] = output["messages"]["actual"]
        elif self._phase.startswith("hypothesis"):
            step["status"] = "succeeded" if output is True else "deviated"
        self._announce()

    def _announce(self) -> None:
        if self.session is not None:
            self.state["orders"] = [
                operation.as_json()
                for operation in self.session.workload.history.operations[-_MOST_ORDERS:]
            ]
            self.state["windows"] = list(self.session.windows)
        self._changed(self.state)
