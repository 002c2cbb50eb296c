"""What somebody asks for, turned into a `Fault`, or refused with the field that is wrong. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from faults import kinds
from faults.fault import Fault, FaultError, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST_TTL_SECONDS = 86_400
FIREWALL_TTL_SECONDS = 60
_MAX_SETTER_LENGTH = 40


def read(asked: object, *, now: datetime) -> Fault:
    """Read ``{target, kind, level?, ttlSeconds?, setBy?, hidden?, <parameters>}``.

    A fault of the firewall always ends by itself: it gets `FIREWALL_TTL_SECONDS` when no time is
    asked for.

    :raises FaultError: something in it is unknown, missing, of the wrong type or out of bounds.
    """
    if not isinstance(asked, dict):
        raise FaultError(_("the body must be a JSON object"))
    given: dict[str, Any] = dict(asked)
    kind = kinds.find(given.get("target"), given.get("kind"))
    target: str = given["target"]
    level = kinds.level_of(kind, target, given.get("level"))
    ttl = _ttl(given.get("ttlSeconds"))
    if ttl is None and level == "firewall":
        ttl = FIREWALL_TTL_SECONDS
    set_by = _set_by(given)
    hidden = given.get("hidden", False)
    if not isinstance(hidden, bool):
        raise FaultError(_("hidden must be true or false"), field="hidden")
    parameters = kind.read({k: v for k, v in given.items() if k not in _NOT_PARAMETERS})
    return Fault(
        id=new_id(),
        target=target,
        kind=kind.name,
        level=level,
        created_at=now,
        parameters=parameters,
        expires_at=None if ttl is None else now + timedelta(seconds=ttl),
        set_by=set_by,
        hidden=hidden,
    )


def _ttl(given: Any) -> float | None:
    if given is None:
        return None
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not number or not 0 < given <= LONGEST_TTL_SECONDS:
        raise FaultError(
            _("ttlSeconds must be a number over 0 and at most %(most)s")
            % {"most": LONGEST_TTL_SECONDS},
            field="ttlSeconds",
        )
    return float(given)


def _set_by(given: Mapping[str, Any]) -> str:
    setter = given.get("setBy", "api")
    if not isinstance(setter, str) or not 0 < len(setter) <= _MAX_SETTER_LENGTH:
        raise FaultError(
            _("setBy must be a text of at most %(most)s characters") % {"most": _MAX_SETTER_LENGTH},
            field="setBy",
        )
    return setter


_NOT_PARAMETERS = {"target", "kind", "level", "ttlSeconds", "setBy", "hidden"}
