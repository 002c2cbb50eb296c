"""What holds a stock ``chaos run`` to its observations. A control of Chaos Toolkit's.

That command judges the hypothesis alone, and an observation that is not as expected would pass.
With this control the run has then deviated, as by every other entrance, and its exit code is 1.
With the variable ``LAB_JUNIT`` it writes a JUnit report to that file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.observing.journal import deviates
from experiments.report.junit import junit, of_journal

if TYPE_CHECKING:
    from collections.abc import Mapping


def after_experiment_control(context: Mapping[str, Any], state: dict[str, Any]) -> None:
    """Judge the journal in ``state`` once more, and report it."""
    if deviates(state["run"]):
        state["deviated"] = True
    path = os.environ.get("LAB_JUNIT")  # noqa: TID251 (of a command that is not the lab's)
    if path:
        report = junit([of_journal(str(context["title"]), state)])
        Path(path).write_text(report, encoding="utf-8")
