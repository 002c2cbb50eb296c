"""The proxies that the links' control API has beside the system's own: found, made, removed.

Whoever makes a proxy there, by any client of Toxiproxy, has made a link of the system. Between
whom it runs, its maker may have said (`LinkEnds`); else it leads to the service that its upstream
belongs to, and is called by whoever was seen to call it.
"""

from __future__ import annotations

import logging
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import Error, connections

from base.client import LabClient
from base.errors import LabError, LabFailure
from base.loops import Loop
from faults import signals
from faults.errors import LinkError, LinkNotFoundError
from faults.holders.holder import TIMEOUT_SECONDS
from faults.holders.toxics import PREFIX
from faults.ledger.ledger import LEDGER
from faults.models import LinkEnds
from service import lab_errors
from systems.current import SYSTEM
from systems.running import RUNNING
from systems.system import UNKNOWN, Protocol, SystemLink, port_of, protocol_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from systems.system import Service

log = logging.getLogger("faults")

_LOOK_SECONDS = 1.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 (compared with)
MOST_NAME = 100
MOST_ATTACHED = 100
"""Of more proxies beside the system's own the others are no links of the system."""


class AttachedLinks:
    """Keeps `RUNNING` in step with the proxies that there are."""

    def __init__(self) -> None:
        self._loop = Loop("links", self._step, every=_LOOK_SECONDS)
        self._lock = threading.Lock()
        self._names: Collection[str] = ()
        self._run = ""
        self._left_out = 0

    def start(self) -> None:
        """Look once a second."""
        self._loop.start()

    def stop(self) -> None:
        """Look no more."""
        self._loop.stop(seconds=1)

    def refresh(self) -> None:
        """Look now; without an answer the links stay as they were.

        What a restart of the links' process has taken is made again. Announces a change to the
        pages.
        """
        try:
            with self._lock:
                proxies: dict[str, Any] = _control().call("GET", "/proxies")
                if proxies.keys() != self._names:
                    proxies |= self._made_again(proxies)
                    self._names = proxies.keys()
        except LabError:
            return
        ends = {each.name: each for each in LinkEnds.objects.all()}
        links = list(_links(proxies, ends))
        # Those whose ends were said come first: the lab has made them.
        links.sort(key=lambda each: each.name not in ends)
        self._say_left_out(len(links) - MOST_ATTACHED)
        links = sorted(links[:MOST_ATTACHED], key=lambda each: each.name)
        known = {*SYSTEM.link_names, *(each.name for each in links)}
        broken = _broken_by_others({k: v for k, v in proxies.items() if k in known})
        if RUNNING.attach(links, broken):
            signals.links_changed.send_robust(type(self), frame={"type": "system"})

    def add(self, link: SystemLink) -> None:
        """Make a proxy for ``link``.

        :raises LinkError: the control API refuses it, or does not answer.
        """
        if sum(each.attached for each in RUNNING.system.links) >= MOST_ATTACHED:
            raise LinkError(f"{MOST_ATTACHED} links are attached already, and no more may be")
        fields = {"name": link.name, "listen": link.listen, "upstream": link.upstream}
        try:
            _control().call("POST", "/proxies", body={**fields, "enabled": True})
        except LabError as error:
            raise _refusal(error) from None
        LinkEnds.objects.update_or_create(
            name=link.name,
            defaults={
                "sender": link.sender,
                "receiver": link.receiver,
                "protocol": link.protocol,
            },
        )
        self.refresh()

    def remove(self, name: str) -> None:
        """Remove the proxy of an attached link.

        :raises LinkNotFoundError: there is no such link, or it is the system's own.
        :raises LinkError: the control API does not answer.
        """
        if name in SYSTEM.link_names:
            raise LinkNotFoundError
        try:
            _control().call("DELETE", f"/proxies/{quote(name, safe='')}")
        except LabError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise LinkNotFoundError from None
            raise _refusal(error) from None
        LinkEnds.objects.filter(name=name).delete()
        self.refresh()

    def _say_left_out(self, count: int) -> None:
        if count > 0 and count != self._left_out:
            log.warning("%d proxies are no links: %d is the most", count, MOST_ATTACHED)
        self._left_out = count

    def _made_again(self, proxies: Mapping[str, Any]) -> dict[str, Any]:
        """Make again the links that are gone with the run that had them, and return them.

        What somebody removed in the same run stays away. A Toxiproxy server names no run.
        """
        before, self._run = self._run, _run_of_links()
        if not before or not self._run or self._run == before:
            return {}
        made: dict[str, Any] = {}
        for link in RUNNING.system.links:
            if link.attached and link.name not in proxies:
                fields = {"name": link.name, "listen": link.listen, "upstream": link.upstream}
                try:
                    made[link.name] = _control().call("POST", "/proxies", body=fields)
                except LabError as error:
                    log.warning("the link %s could not be made again: %s", link.name, error)
        return made

    def _step(self) -> None:
        try:
            self.refresh()
        except Error:
            connections.close_all()
            raise


LINKS = AttachedLinks()


def receiver_of(upstream: str) -> tuple[str, Protocol]:
    """Return whom a proxy leads to, a service or its bare address, and what is spoken there."""
    service = next((each for each in SYSTEM.services if _answers_at(each, upstream)), None)
    if service is None:
        return upstream, "tcp"
    return service.name, protocol_of(service.url)


def _links(
    proxies: Mapping[str, Mapping[str, Any]], ends: Mapping[str, LinkEnds]
) -> Iterator[SystemLink]:
    for name, proxy in sorted(proxies.items()):
        if name in SYSTEM.targets or len(name) > MOST_NAME:
            continue
        listen, upstream = str(proxy["listen"]), str(proxy["upstream"])
        receiver, protocol = receiver_of(upstream)
        sender = RUNNING.callers.get(_port(listen), UNKNOWN)
        if (said := ends.get(name)) is not None:
            sender, receiver = said.sender, said.receiver
            protocol = "tcp" if said.protocol == "tcp" else "http"
        yield SystemLink(name, sender, receiver, listen, upstream, protocol, attached=True)


def _broken_by_others(
    proxies: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, str]]:
    for name, proxy in proxies.items():
        for toxic in proxy["toxics"]:
            if not toxic["name"].startswith(PREFIX):
                yield name, toxic["type"]
        if not proxy["enabled"] and not LEDGER.is_active(target=name, kind="cut"):
            yield name, "disabled"


def _answers_at(service: Service, address: str) -> bool:
    try:
        parts = urlsplit(f"//{address}")
        is_here = (parts.hostname or "") in _LOOPBACK
        return is_here and any(
            port_of(each.url) == parts.port for each in SYSTEM.instances(service) if each.url
        )
    except ValueError:
        return False


def _port(address: str) -> int:
    try:
        return port_of(address)
    except ValueError:
        return 0


def _run_of_links() -> str:
    """Return what tells one run of the links' process from the next; empty where nothing does."""
    try:
        return str(_control().call("GET", "/healthz").get("run", ""))
    except LabError as error:
        if error.status is None:
            raise
        return ""


def _control() -> LabClient:
    return LabClient(settings.TOXIPROXY_URL, timeout_seconds=TIMEOUT_SECONDS)


def _refusal(error: LabError) -> LinkError:
    if error.failure is LabFailure.REFUSED:
        return LinkError(error.detail)
    return LinkError(lab_errors.sentence(error))
