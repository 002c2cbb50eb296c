"""The news of this room; `labsite.news` says who receives it."""

from __future__ import annotations

from django.dispatch import Signal

run_changed = Signal()
"""A run has gone on; ``frame`` is ``{"type": "run", "run": {runId, name, status}}``.

Of a matrix it is ``{"type": "matrix", "runId": …, "status": …}``. The feed knows no reader's
language, so the page fetches what it shows.
"""
