"""The receivers of the rooms' signals: every open page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.loops import attempt
from dashboard.live_orders import LIVE_ORDERS
from dashboard.signals import orders_changed
from defences.signals import defences_changed
from experiments.signals import run_changed
from faults.signals import faults_changed, links_changed
from labsite.signals import problems_changed, started_over, system_changed
from telemetry.live.feed import PAGES
from telemetry.signals import records_stored

if TYPE_CHECKING:
    from telemetry.store.insertion import Stored


def connect() -> None:
    """Connect the signals; idempotent."""
    records_stored.connect(_stored)
    for signal in (
        faults_changed,
        links_changed,
        defences_changed,
        run_changed,
        orders_changed,
        problems_changed,
        started_over,
        system_changed,
    ):
        signal.connect(_send)


def _stored(stored: Stored, **_signal: Any) -> None:
    attempt("news-of-records", lambda: PAGES.stored(stored))
    attempt("news-of-orders", lambda: LIVE_ORDERS.changed(trace_ids=stored.trace_ids))


def _send(frame: dict[str, Any], **_signal: Any) -> None:
    attempt("news", lambda: PAGES.announce(frame))
