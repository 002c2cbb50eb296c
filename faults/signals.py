"""Signals of this room; `labsite.news` connects the receivers."""

from __future__ import annotations

from django.dispatch import Signal

faults_changed = Signal()
"""The faults in force have changed; ``frame`` is ``{"type": "faults", "faults": […]}``."""

links_changed = Signal()
"""Links were attached or removed; ``frame`` is ``{"type": "system"}``."""
