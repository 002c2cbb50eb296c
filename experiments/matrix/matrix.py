"""A matrix: its cells one after the other, and the lab put back to what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.errors import LabError
from base.message import Message
from base.timestamps import now
from experiments.errors import PreconditionError, message_of
from experiments.healing import heal, insist
from experiments.matrix.cell import SET_BY, CellRunner
from experiments.matrix.spec import ROWS, new_state, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from base.lab import Lab
    from experiments.matrix.spec import MatrixSpec


class Matrix:
    """Measures ``spec`` in one lab; ``changed`` is called with the state before every cell."""

    def __init__(
        self,
        lab: Lab,
        spec: MatrixSpec,
        *,
        run_id: str,
        changed: Callable[[dict[str, Any]], None],
    ) -> None:
        self.lab = lab
        self._plan = plan(spec)
        self._changed = changed
        self.state = new_state(spec, run_id=run_id)

    def run(self) -> dict[str, Any]:
        """Run every cell; heal, and turn the defences back to what they were, whatever happens.

        The state's ``status`` is ``completed``, ``aborted`` or ``failed``; ``reason`` is a message.
        """
        before: dict[str, bool] | None = None
        try:
            before = self._defences()
            runner = CellRunner(self.lab)
            for cell in self._plan:
                self.state["current"] = {"row": cell.row, "column": cell.column}
                self._changed(self.state)
                self.state["cells"].append(runner.run(cell, defences=before))
            self.state["status"] = "completed"
        except KeyboardInterrupt:
            self._end("aborted", Message("reason.stopped"))
        except (LabError, PreconditionError) as error:
            self._end("failed", message_of(error))
        finally:
            self._restore(before)
        self.state |= {"current": None, "endedAt": now()}
        self._changed(self.state)
        return self.state

    def _defences(self) -> dict[str, bool]:
        """Return which defences are on, if the lab is such that a matrix can be measured."""
        faults = self.lab.faults()
        if faults:
            raise PreconditionError("error.faults_in_force", count=len(faults))
        on = self.lab.defences()
        missing = {name for cell in self._plan for name in ROWS[cell.row]} - on.keys()
        if missing:
            raise PreconditionError("error.missing_defences", names=", ".join(sorted(missing)))
        return on

    def _restore(self, before: Mapping[str, bool] | None) -> None:
        if before is None:
            return
        try:
            insist(lambda: heal(self.lab, set_by=SET_BY))
            insist(lambda: self.lab.switch_defences(before))
        except LabError as error:
            self._end("failed", Message("reason.not_restored", {"error": message_of(error)}))

    def _end(self, status: str, reason: Message) -> None:
        self.state |= {"status": status, "reason": reason.as_json()}
