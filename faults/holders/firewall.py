"""Faults by the operating system's firewall: rules on a link's port, removed by a watchdog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from faults.errors import FaultError, FirewallError, HolderError
from faults.firewall import blocks, system
from faults.firewall.block import Block
from faults.holders.holder import Holder
from faults.kinds import FIREWALL_TTL_SECONDS
from systems.orders import HOSTED
from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from faults.fault import Fault

_PREFIX = "fault_"


class FirewallHolder(Holder):
    """Blocks of links on this host; ``links`` maps each link to the port that it listens on."""

    def __init__(
        self, directory: Path, *, links: Callable[[], Mapping[str, int]], worker_netns: str
    ) -> None:
        self._directory = directory
        self._links = links
        self._worker_netns = worker_netns

    @property
    def self_healing(self) -> bool:
        """False: its watchdog gives up after some failures, and may have been killed."""
        return False

    def apply(self, fault: Fault) -> None:
        """Add the rules.

        :raises FaultError: this process lacks the permission, or the firewall the feature.
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
            port = self._links()[fault.target]
            # In a namespace of its own the service is the host, and calls out for its callbacks.
            is_called = not netns or RUNNING.system.link(fault.target).receiver == HOSTED
            block = Block(
                _PREFIX + fault.id,
                serves=(port,) if is_called else (),
                calls=() if is_called else (port,),
                loss=fault.parameters.get("rate", 1.0),
                seconds=FIREWALL_TTL_SECONDS if remaining is None else max(remaining, 0.001),
            )
            blocks.add(block, directory=self._directory, netns=netns)
        except FirewallError as error:
            raise FaultError(str(error), field="level") from None

    def heal(self, fault: Fault) -> None:
        """Remove the rules."""
        self._remove(_PREFIX + fault.id)

    def heal_all(self) -> None:
        """Remove every active block, those made by ``manage.py firewall`` included."""
        for each in blocks.active_blocks(self._directory):
            self._remove(each.name)

    def held(self) -> set[str]:
        """Return the ids of the faults whose blocks are active."""
        names = (each.name for each in blocks.active_blocks(self._directory))
        return {name[len(_PREFIX) :] for name in names if name.startswith(_PREFIX)}

    def _remove(self, name: str) -> None:
        try:
            blocks.remove(name, directory=self._directory)
        except FirewallError as error:
            raise HolderError(str(error)) from None


def directory() -> Path:
    """Return where the active blocks are recorded."""
    path: Path = settings.LAB_VAR_DIR / "firewall"
    return path


def netns_of(target: str, *, worker_netns: str) -> str:
    """Name the network namespace in which ``target`` is blocked; empty for the lab's own."""
    system = RUNNING.system
    touching = (*system.links_to(HOSTED), *system.links_from(HOSTED))
    return worker_netns if target in (HOSTED, *(each.name for each in touching)) else ""


def link_ports() -> dict[str, int]:
    """Map each link to the port at which it is called."""
    return {each.name: each.port for each in RUNNING.system.links}
