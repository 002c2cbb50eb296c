"""A run while it goes on: what Chaos Toolkit does, turned into steps that a page can show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chaoslib.run import RunEventHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.session import Session

_MOST_ORDERS = 200
# What a traceback writes before the text of an activity that says why it failed.
_RAISED = "chaoslib.exceptions.ActivityFailed: "


def now() -> str:
    """The time, as the lab's APIs write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Progress(RunEventHandler):  # type: ignore[misc] # chaoslib is untyped
    """Keeps a run's state, ready for the wire, and tells of each change."""

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
        self.state["steps"].append(
            {
                "name": activity["name"],
                "kind": activity["type"] if self._phase == "method" else self._phase,
                "status": "running",
                "startedAt": now(),
                "text": "",
            }
        )
        self._tell()

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
            said = str((run.get("exception") or ["it failed"])[-1]).strip()
            step["text"] = said.replace(_RAISED, "")[-300:]
        if isinstance(output, dict) and {"expected", "actual", "ok"} <= output.keys():
            self.state["observed"].append({"name": step["name"], **output})
            step["status"] = "succeeded" if output["ok"] else "deviated"
            step["text"] = output["actual"]
        elif self._phase.startswith("hypothesis"):
            step["status"] = "succeeded" if output is True else "deviated"
        self._tell()

    def _tell(self) -> None:
        if self.session is not None:
            self.state["orders"] = [
                operation.as_json()
                for operation in self.session.workload.history.operations[-_MOST_ORDERS:]
            ]
            self.state["windows"] = list(self.session.windows)
        self._changed(self.state)
