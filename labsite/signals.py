"""Signals of this room; `labsite.news` connects the receivers."""

from __future__ import annotations

from django.dispatch import Signal

problems_changed = Signal()
"""What the processes report is another; ``frame`` is ``{"type": "problems", "problems": […]}``."""

started_over = Signal()
"""The lab is back at its first minute; ``frame`` is ``{"type": "startedOver"}``."""

system_changed = Signal()
"""Others were seen to call, or to be called; ``frame`` is ``{"type": "system"}``."""
