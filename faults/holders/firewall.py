"""Faults of the operating system: rules on a link's port, with a watchdog that undoes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from faults.asked import FIREWALL_TTL_SECONDS
from faults.fault import FaultError
from faults.firewall import blocks, system
from faults.firewall.block import Block, FirewallError
from faults.holders.holder import HolderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from faults.fault import Fault

_PREFIX = "fault_"


class FirewallHolder:
    """Blocks of links on this host; ``links`` maps a link to the port that it listens on."""

    self_healing = True

    def __init__(self, directory: Path, *, links: Mapping[str, int], worker_netns: str) -> None:
        self._directory = directory
        self._links = links
        self._worker_netns = worker_netns

    def apply(self, fault: Fault) -> None:
        """Make the rules.

        :raises FaultError: this process may not, or this system's firewall can't.
        """
        reason = system.why_not_permitted()
        if reason:
            raise FaultError(
                _("%(reason)s: run “manage.py firewall block %(target)s” as someone who may")
                % {"reason": reason, "target": fault.target},
                field="level",
            )
        remaining = fault.remaining_seconds(timezone.now())
        try:
            netns = netns_of(fault.target, worker_netns=self._worker_netns)
            port = self._links[fault.target]
            # In the worker's own namespace the worker is the host, and its callbacks are calls.
            is_called = not netns or fault.target == "api-to-worker"
            block = Block(
                _PREFIX + fault.id,
                serves=(port,) if is_called else (),
                calls=() if is_called else (port,),
                loss=fault.parameters.get("rate", 1.0),
                seconds=FIREWALL_TTL_SECONDS if remaining is None else max(remaining, 0.001),
            )
            blocks.put(block, directory=self._directory, netns=netns)
        except FirewallError as error:
            raise FaultError(str(error), field="level") from None

    def heal(self, fault: Fault) -> None:
        """Undo the rules."""
        self._lift(_PREFIX + fault.id)

    def replaces(self, fault: Fault) -> bool:
        """Each has a table of its own."""
        del fault
        return False

    def heal_everything(self) -> None:
        """Undo every block that is kept, those made by ``manage.py firewall`` included."""
        for each in blocks.in_force(self._directory):
            self._lift(each.name)

    def held(self) -> set[str]:
        """Ids of the faults whose blocks are in force."""
        names = (each.name for each in blocks.in_force(self._directory))
        return {name[len(_PREFIX) :] for name in names if name.startswith(_PREFIX)}

    def found(self, ids: set[str]) -> list[Fault]:
        """Nothing is turned on here by the environment."""
        del ids
        return []

    def _lift(self, name: str) -> None:
        try:
            blocks.lift(name, directory=self._directory)
        except FirewallError as error:
            raise HolderError(str(error)) from None


def directory() -> Path:
    """Where the blocks in force are kept."""
    kept: Path = settings.LAB_VAR_DIR / "firewall"
    return kept


def netns_of(target: str, *, worker_netns: str) -> str:
    """Name the network namespace in which ``target`` is blocked; empty for the lab's own."""
    return worker_netns if target in ("worker", "api-to-worker", "worker-to-api") else ""


def link_ports() -> dict[str, int]:
    """Map each link to the port that it listens on, as the settings have it."""
    urls = {
        "client-to-api": settings.LAB_CLIENT_URL,
        "api-to-worker": settings.WORKER_URL,
        "worker-to-api": settings.API_CALLBACK_URL,
    }
    return {link: _port(url) for link, url in urls.items()}


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or {"https": 443}.get(parts.scheme, 80)
