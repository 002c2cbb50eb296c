"""What no table of a system file can be judged for alone: names and ports are used once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from systems.errors import SystemFileError
from systems.system import CLIENT, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from systems.system import Service, System, SystemLink

RESERVED = (CLIENT, "observer", "network", "supervisor")
"""The lab's own processes, and the client."""

MOST_SERVICES = 11
"""What the map has room for, beside the client."""


def place(key: str, number: int, name: object) -> str:
    """Name a table as errors do: by its number, and by its name where it has one."""
    return f"[[{key}]] {number} ({name})" if isinstance(name, str) else f"[[{key}]] {number}"


def check(system: System) -> None:
    """Check the tables against one another.

    :raises SystemFileError: two have one name or one port, a name is reserved, there are no
        services or too many.
    """
    if not system.services:
        raise SystemFileError("there is no [[service]]")
    if len(system.services) > MOST_SERVICES:
        raise SystemFileError(f"there are more than {MOST_SERVICES} of [[service]]")
    _check_names(system)
    _check_ports(system)


def _check_names(system: System) -> None:
    seen: dict[str, str] = {}
    for where, part in _parts(system):
        if part.name in RESERVED:
            _fail(where, f"the name {part.name!r} is the lab's own")
        if part.name in seen:
            _fail(where, f"the name is that of {seen[part.name]} already")
        seen[part.name] = where
    actions: set[str] = set()
    for number, action in enumerate(system.actions, start=1):
        if action.name in actions:
            _fail(place("action", number, action.name), "the name is used already")
        actions.add(action.name)


def _check_ports(system: System) -> None:
    listeners: dict[int, str] = {}
    for where, port in _listeners(system):
        if port in listeners:
            _fail(where, f"port {port} is that of {listeners[port]} already")
        listeners[port] = where


def _parts(system: System) -> Iterator[tuple[str, Service | SystemLink]]:
    for number, service in enumerate(system.services, start=1):
        yield place("service", number, service.name), service
    for number, link in enumerate(system.links, start=1):
        yield place("link", number, link.name), link


def _listeners(system: System) -> Iterator[tuple[str, int]]:
    """Yield who is to listen where on this machine, as far as the file says."""
    for where, part in _parts(system):
        if hasattr(part, "listen"):
            yield where, port_of(part.listen)
        elif part.command and not part.needs_port:
            for instance in part.instances_on({}):
                yield where, port_of(instance.url)


def _fail(where: str, message: str) -> NoReturn:
    raise SystemFileError(f"{where}: {message}")
