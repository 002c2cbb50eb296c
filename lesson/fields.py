"""The ten fields of a line that explains a failure, each with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Field:
    """A field, an example of its value, and what could not be answered without it."""

    name: str
    example: str
    why: StrPromise


FIELDS: tuple[Field, ...] = (
    Field(
        "requestId",
        "e1c0…",
        _("Which lines belong together, on both sides of the cut. Without it, nothing else helps."),
    ),
    Field("orderId", "7f3a…", _("Which order a customer is asking about.")),
    Field(
        "traceId",
        "4bf9…",
        _("Leads from a line to the whole story, the late part of it included."),
    ),
    Field(
        "service",
        "api",
        _("Who is speaking. Belief and fact differ only by who wrote them down."),
    ),
    Field(
        "boundary",
        "api->worker",
        _("Which crossing failed, and in which direction. B is not A the other way round."),
    ),
    Field(
        "errorKind",
        "read_timeout",
        _(
            "What kind of no: “refused” proves that nothing arrived, “read timeout” proves nothing."
            " One word decides whether sending again is safe."
        ),
    ),
    Field(
        "timeoutMs",
        "800",
        _("How long the caller was willing to wait. Only with it does elapsedMs say anything."),
    ),
    Field(
        "elapsedMs",
        "803",
        _("How long it did wait. 803 of 800 is a timeout; 3 of 800 is a refusal."),
    ),
    Field(
        "attempt",
        "1 / 3",
        _("Whether this was the only try. What was sent three times may be done three times."),
    ),
    Field(
        "httpStatus",
        "503",
        _("That somebody answered at all, and with what. Its absence is information, too."),
    ),
)
