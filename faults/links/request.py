"""Reading the request for a link. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from faults.errors import LinkError
from faults.links.attached import MOST_NAME, receiver_of
from systems.file import ADDRESS, PROTOCOLS
from systems.running import RUNNING
from systems.system import SystemLink

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS = ("name", "from", "to", "listen", "upstream", "protocol")
_HIGHEST_PORT = 65_535


def read(given: Mapping[str, Any]) -> SystemLink:
    """Read ``{name, from, to, listen, upstream, protocol?}``; ``listen`` may be a port alone.

    :raises LinkError: a field is unknown, missing, or no name or address.
    """
    for name in given:
        if name not in _FIELDS:
            known = ", ".join(_FIELDS)
            raise LinkError(_("the fields of a link are %(known)s") % {"known": known}, field=name)
    name, sender, receiver = (_name(given, field) for field in _FIELDS[:3])
    system = RUNNING.system
    if name in (*system.targets, *system.others) or "/" in name:
        raise LinkError(_("%(name)s is taken, or no name") % {"name": name}, field="name")
    if sender == receiver:
        raise LinkError(_("a link leads from one to another"), field="to")
    upstream = _address(str(given.get("upstream", "")), field="upstream")
    protocol = given.get("protocol") or receiver_of(upstream)[1]
    if protocol not in PROTOCOLS:
        raise LinkError(
            _("protocol must be one of %(known)s") % {"known": ", ".join(PROTOCOLS)},
            field="protocol",
        )
    listen = str(given.get("listen", ""))
    listen = _address(f"127.0.0.1:{listen}" if listen.isdigit() else listen, field="listen")
    return SystemLink(name, sender, receiver, listen, upstream, protocol, attached=True)


def _name(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MOST_NAME:
        message = _("%(field)s must be a name of 1 to %(most)s characters")
        raise LinkError(message % {"field": field, "most": MOST_NAME}, field=field)
    return value.strip()


def _address(value: str, *, field: str) -> str:
    found = ADDRESS.fullmatch(value)
    if not found or not 0 < int(found[1]) <= _HIGHEST_PORT:
        message = _("%(field)s must be host:port such as 127.0.0.1:4100")
        raise LinkError(message % {"field": field}, field=field)
    return value
