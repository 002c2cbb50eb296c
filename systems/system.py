"""The parts of a system, shaped as the tables of a system file. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

from systems.errors import NoSuchPartError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLIENT = "client"
"""The sender of what a person requests: always there, and no service."""

UNKNOWN = "?"
"""The sender of a link of which nobody has said who calls it."""

Protocol: TypeAlias = Literal["http", "tcp"]

PORT, NUMBER = "{port}", "{n}"
"""What stands for an instance's own port, and for its number, in a service's tables."""

_OWN_MODULE = ("-m", "labsite.serving")
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Instance:
    """One process of a service: what runs it, and where it answers."""

    name: str
    url: str
    command: tuple[str, ...]
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Service:
    """A service: ``name`` is its `service.name` in telemetry.

    ``url`` is its address out of band, for health and control; empty when nobody knows it.
    ``command`` is empty for one that somebody else starts.
    """

    name: str
    title: str
    url: str = ""
    ready: str = ""
    command: tuple[str, ...] = ()
    directory: Path = field(default_factory=Path)
    instances: int = 1
    logs: Literal["stdout", "otlp"] = "stdout"
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_switches(self) -> bool:
        """Whether it runs the lab's own code, whose switches can be set while it runs."""
        return self.command[1:3] == _OWN_MODULE

    @property
    def needs_port(self) -> bool:
        """Whether a free port is to be found for each of its instances."""
        return any(PORT in each for each in (self.url, *self.command, *self.env.values()))

    @property
    def instance_names(self) -> tuple[str, ...]:
        """Its own name, or of several instances ``name#1``, ``name#2``, …."""
        if self.instances == 1:
            return (self.name,)
        return tuple(f"{self.name}#{number + 1}" for number in range(self.instances))

    def instances_on(self, ports: Mapping[str, int]) -> Iterator[Instance]:
        """Yield its instances, with ``ports`` for those that need one."""
        for number, name in enumerate(self.instance_names, start=1):
            words = {NUMBER: str(number), PORT: str(ports.get(name, ""))}
            yield Instance(
                name,
                url=_filled(self.url, words),
                command=tuple(_filled(each, words) for each in self.command),
                env={key: _filled(value, words) for key, value in self.env.items()},
            )


@dataclass(frozen=True, slots=True)
class SystemLink:
    """Calls in one direction; ``name`` is also the proxy's name in Toxiproxy's API.

    ``listen`` and ``upstream`` are ``host:port``. ``url`` is its address as its sender knows it,
    where that is not ``listen``. An ``attached`` link is none of the system's file.
    """

    name: str
    sender: str
    receiver: str
    listen: str
    upstream: str
    protocol: Protocol = "http"
    url: str = ""
    attached: bool = False

    @property
    def boundary(self) -> str:
        """Sender and receiver, as log lines and spans have them."""
        return f"{self.sender}->{self.receiver}"

    @property
    def port(self) -> int:
        """The port at which its sender calls it."""
        return port_of(self.url) if self.url else port_of(self.listen)


@dataclass(frozen=True, slots=True)
class Action:
    """A request that a button sends; ``per_second`` is its rate while it goes on by itself."""

    name: str
    title: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    sent_by: Literal["browser", "lab"] = "lab"
    per_second: float = 1.0


@dataclass(frozen=True, slots=True)
class System:
    """Services, the links between them and from the client, and what can be sent.

    ``ports`` has those that were found for instances, by their names; ``path`` is the file.
    """

    title: str
    services: tuple[Service, ...]
    links: tuple[SystemLink, ...] = ()
    actions: tuple[Action, ...] = ()
    ports: Mapping[str, int] = field(default_factory=dict)
    path: Path = field(default_factory=Path)
    calls: frozenset[tuple[str, str]] = frozenset()
    """Who has been seen to call whom without a link, by their names."""
    broken_by_others: frozenset[tuple[str, str]] = frozenset()
    """Links with the types of the toxics that somebody else put there, or ``disabled``."""

    @property
    def service_names(self) -> tuple[str, ...]:
        """The names of the services."""
        return tuple(each.name for each in self.services)

    @property
    def link_names(self) -> tuple[str, ...]:
        """The names of the links."""
        return tuple(each.name for each in self.links)

    @property
    def others(self) -> tuple[str, ...]:
        """The names of those that are no services of the file: ends of links, callers, callees."""
        ends = [end for each in self.links for end in (each.sender, each.receiver)]
        ends += [end for each in sorted(self.calls) for end in each]
        known = {CLIENT, *self.service_names}
        return tuple(dict.fromkeys(end for end in ends if end not in known))

    @property
    def targets(self) -> tuple[str, ...]:
        """What a fault can be set on: each link, each service, and each of several instances."""
        instances = (each.instance_names for each in self.services if each.instances > 1)
        return (
            *self.link_names,
            *self.service_names,
            *(name for names in instances for name in names),
        )

    def service(self, name: str) -> Service:
        """Return the service ``name``, also of one of its instances.

        :raises NoSuchPartError: there is none.
        """
        return _named(name.partition("#")[0], self.services)

    def link(self, name: str) -> SystemLink:
        """Return the link ``name``.

        :raises NoSuchPartError: there is none.
        """
        return _named(name, self.links)

    def links_to(self, service: str) -> tuple[SystemLink, ...]:
        """List the links on which ``service`` is called."""
        return tuple(each for each in self.links if each.receiver == service)

    def links_from(self, service: str) -> tuple[SystemLink, ...]:
        """List the links over which ``service`` calls."""
        return tuple(each for each in self.links if each.sender == service)

    def instances_of(self, target: str) -> tuple[str, ...]:
        """Name the processes that a fault of ``target`` affects: one, or all of a service."""
        service = self.service(target)
        return (target,) if target in service.instance_names else service.instance_names

    def instances(self, service: Service) -> tuple[Instance, ...]:
        """List the instances of ``service``, on the ports that were found for them."""
        return tuple(service.instances_on(self.ports))

    def as_json(self) -> dict[str, Any]:
        """Describe the system for a page."""
        return {
            "title": self.title,
            "services": [
                {
                    "name": each.name,
                    "title": each.title,
                    "port": port_of(self.instances(each)[0].url) if each.url else None,
                    "instances": list(each.instance_names) if each.instances > 1 else [],
                }
                for each in self.services
            ],
            "others": list(self.others),
            "calls": [list(each) for each in sorted(self.calls)],
            "links": [
                {
                    "name": each.name,
                    "from": each.sender,
                    "to": each.receiver,
                    "protocol": each.protocol,
                    "attached": each.attached,
                    "brokenByOthers": sorted(
                        toxic for name, toxic in self.broken_by_others if name == each.name
                    ),
                }
                for each in self.links
            ],
        }


Part = TypeVar("Part", Service, SystemLink)


def port_of(address: str) -> int:
    """Return the port of a URL or of ``host:port``; of a URL without one, the usual one."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    return parts.port or _USUAL_PORTS.get(parts.scheme, 0)


def protocol_of(url: str) -> Protocol:
    """Return what a link to ``url`` carries: only of HTTP without TLS can messages be seen."""
    return "http" if url.partition("://")[0] in ("", "http") else "tcp"


def _named(name: str, parts: tuple[Part, ...]) -> Part:
    for part in parts:
        if part.name == name:
            return part
    raise NoSuchPartError(name, [part.name for part in parts])


def _filled(text: str, words: Mapping[str, str]) -> str:
    for placeholder, value in words.items():
        text = text.replace(placeholder, value)
    return text
