"""Signals of this room; `labsite.news` connects the receivers."""

from __future__ import annotations

from django.dispatch import Signal

orders_changed = Signal()
"""Orders have changed; ``frame`` is what `dashboard.live_orders` sends to the open pages."""
