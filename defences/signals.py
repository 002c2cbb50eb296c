"""Signals of this room; `labsite.news` connects the receivers."""

from __future__ import annotations

from django.dispatch import Signal

defences_changed = Signal()
"""Defences were switched; ``frame`` is ``{"type": "defences", "defences": […], "mode": …}``."""
