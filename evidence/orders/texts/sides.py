"""Texts about the two sides: belief and fact, fields that are missing, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    "side.hidden": _("cannot be known from this side"),
    "belief.no_order": _("does not know the order"),
    "belief.pending": _("accepted, waits for the worker"),
    "belief.confirmed": _("was told that the stock is reserved"),
    "belief.rejected": _("was told that it is sold out"),
    "belief.cancelled": _("has cancelled the order"),
    "belief.unknown_order": _("says that it does not know the order"),
    "fact.nothing": _("has nothing on record"),
    "fact.accepted": _("has the job, has reserved nothing yet"),
    "fact.reserved": _("has reserved the stock"),
    "fact.rejected": _("is sold out, has reserved nothing"),
    "fact.not_begun": _("has not begun the job: its deadline had passed"),
    "fact.cancelled_before": _("has reserved nothing: the order was cancelled before"),
    "fact.released": _("has released the stock again"),
    "fact.reserved_by_event": _("has reserved the stock, as its event says"),
    "fact.rejected_by_event": _("is sold out, as its event says"),
    "missing.hidden": _("hidden from this side"),
    "missing.no_record": _("no record of this request"),
    "missing.no_call": _("no call across a boundary on record"),
    "missing.no_failure": _("no call failed"),
    "missing.no_answer": _("no answer came"),
    "missing.not_carried": _("no record carries it"),
    "message.answer": _("answer"),
}
