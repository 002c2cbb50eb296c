"""Requests for faults, as JSON or as text, parsed and validated into a `Fault`. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.faults import request as fault_request
from faults import kinds
from faults.errors import FaultError
from faults.fault import Fault, new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_MAX_SETTER_LENGTH = 40
_NOT_PARAMETERS = {"target", "kind", "level", "ttlSeconds", "setBy", "hidden"}


def read(body: object, *, now: datetime) -> Fault:
    """Read ``{target, kind, level?, ttlSeconds?, setBy?, hidden?, <parameters>}``.

    A fault of the firewall always ends by itself: it gets a time when none is given.

    :raises FaultError: something in it is unknown, missing, of the wrong type or out of bounds.
    """
    try:
        return _read(fault_request.as_object(body), now=now)
    except fault_request.FaultRequestError as error:
        sentence = _(fault_request.TEXTS[error.message.code]) % error.message.params
        raise FaultError(sentence, field=error.field or None) from None


def parse(arguments: Sequence[str], *, set_by: str) -> dict[str, Any]:
    """Parse the command-line form ``TARGET KIND [name=value …]`` into the body for `read`.

    :raises FaultError: the arguments have another form.
    """
    if len(arguments) < 2:
        raise FaultError("a fault is a target, a kind and, where it takes them, name=value")
    body: dict[str, Any] = {"target": arguments[0], "kind": arguments[1], "setBy": set_by}
    for pair in arguments[2:]:
        name, sign, value = pair.partition("=")
        if not sign:
            raise FaultError(f"{pair!r} is not name=value")
        body[name] = _number(value) if name != "level" else value
    return body


def parse_list(text: str, *, set_by: str) -> list[dict[str, Any]]:
    """Parse faults separated by semicolons, the format of ``LAB_FAULTS``.

    :raises FaultError: one of them is malformed.
    """
    return [parse(each.split(), set_by=set_by) for each in text.split(";") if each.strip()]


def _read(given: dict[str, Any], *, now: datetime) -> Fault:
    kind = kinds.find(given.get("target"), given.get("kind"))
    target: str = given["target"]
    level = kinds.level_of(kind, target, given.get("level"))
    ttl = fault_request.ttl_seconds(given.get("ttlSeconds"))
    if ttl is None:
        ttl = kinds.default_ttl_seconds(level)
    return Fault(
        id=new_id(),
        target=target,
        kind=kind.name,
        level=level,
        created_at=now,
        parameters=kind.read(
            {name: value for name, value in given.items() if name not in _NOT_PARAMETERS},
            kinds.optional_of(kind, target, level),
        ),
        expires_at=None if ttl is None else now + timedelta(seconds=ttl),
        set_by=fault_request.string(
            given.get("setBy", "http"), field="setBy", highest=_MAX_SETTER_LENGTH
        ),
        hidden=fault_request.boolean(given.get("hidden", False), field="hidden"),
    )


def _number(text: str) -> int | float | str:
    for read_number in (int, float):
        try:
            return read_number(text)
        except ValueError:
            continue
    return text
