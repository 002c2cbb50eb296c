"""The news of this room; `labsite.news` says who receives it."""

from __future__ import annotations

from django.dispatch import Signal

records_stored = Signal()
"""A transaction has been committed; ``stored`` is its `telemetry.store.insertion.Stored`."""
