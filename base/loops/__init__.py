"""Threads, asyncio tasks and timers that must go on, whatever one of their steps raises.

A step that raises is logged with its trace, counted, and tried again after growing pauses; a step
that returns ends the row of failures. `health` lists what runs here, `problems` what cannot go on.

Guaranteed: steps of one loop never overlap; stopping is idempotent and waits for the step in
progress. Not guaranteed: that a step ends; one that hangs is not noticed.
"""

from __future__ import annotations

from base.loops.registry import (
    Health,
    attempt,
    errors,
    health,
    pause_after,
    problems,
    release_by,
)
from base.loops.tasks import Task, spawn
from base.loops.threads import DONE, Loop, Timer

__all__ = [
    "DONE",
    "Health",
    "Loop",
    "Task",
    "Timer",
    "attempt",
    "errors",
    "health",
    "pause_after",
    "problems",
    "release_by",
    "spawn",
]
