"""The holders of the lab that the settings describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from faults.holders.firewall import FirewallHolder, directory, link_ports
from faults.holders.process import ProcessHolder
from faults.holders.switch import SwitchHolder
from faults.holders.toxic import ToxicHolder
from systems.current import SYSTEM

if TYPE_CHECKING:
    from faults.fault import Level
    from faults.holders.holder import Holder


def lab_holders() -> dict[Level, Holder]:
    """Make one holder a level, in the order in which all faults are healed."""
    services = {each.name: each.url for each in SYSTEM.services if each.has_switches}
    return {
        # First: the switches of a process that is down can't be reached.
        "process": ProcessHolder(settings.LAB_CONTROL_URL, secret=settings.LAB_SECRET),
        "socket": ToxicHolder(settings.TOXIPROXY_URL, own=settings.LAB_OWN_NETWORK),
        "switch": SwitchHolder(services, secret=settings.LAB_SECRET),
        "firewall": FirewallHolder(
            directory(), links=link_ports, worker_netns=settings.LAB_WORKER_NETNS
        ),
    }
