"""``lab --hosts``: the worker as a host of its own, in a network namespace with its own address.

Jobs and callbacks then cross a wire between two addresses, on the ports of their links, and no link
is in between: a cut there is the firewall's. What steers and observes the worker uses other ports,
which no fault touches.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from faults.firewall import namespace, system
from faults.firewall.namespace import Namespace

if TYPE_CHECKING:
    from labsite.env import LabEnv

_NAME = "partition-lab-worker"
_MOST = 254


class NoHostsError(Exception):
    """This system can't give the worker a namespace; the text says why."""


def make() -> Namespace:
    """Make a namespace for the worker; those that a killed lab has left behind are removed.

    :raises NoHostsError: not on this system, or not by this user.
    :raises FirewallError: a command failed; nothing is left.
    """
    if not sys.platform.startswith("linux"):
        raise NoHostsError("only Linux has network namespaces: start the lab without --hosts")
    reason = system.why_not_permitted()
    if reason:
        raise NoHostsError(f"{reason}, which --hosts needs: start the lab without it")
    for number in range(1, _MOST):
        wanted = Namespace(f"{_NAME}-{number}", number)
        if not Path(f"/run/netns/{wanted.name}").exists():
            namespace.create(wanted)
            return wanted
        if not _is_in_use(wanted.name):
            namespace.create(wanted)
            return wanted
    raise NoHostsError(f"{_MOST} labs with hosts of their own run already")


def destroy(made: Namespace) -> None:
    """Remove a namespace."""
    namespace.destroy(made)


def environ_of(service: str, made: Namespace, env: LabEnv) -> dict[str, str]:
    """Say to a process where the others are, and where it is to listen."""
    ports = env.ports
    inner, outer = made.inner_address, made.outer_address
    shared = {
        "LAB_WORKER_NETNS": made.name,
        "LAB_WORKER_URL": f"http://{inner}:{ports.worker}",
        "WORKER_URL": f"http://{inner}:{ports.api_to_worker}",
        "API_CALLBACK_URL": f"http://{outer}:{ports.worker_to_api}",
        "LAB_ALLOWED_HOSTS": f"localhost 127.0.0.1 [::1] {inner} {outer}",
    }
    own = {
        "worker": {
            "LAB_BIND": inner,
            "LAB_ALSO_LISTEN": f"{inner}:{ports.api_to_worker}",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{outer}:{ports.observer}",
        },
        "api": {"LAB_ALSO_LISTEN": f"{outer}:{ports.worker_to_api}"},
        "observer": {"LAB_ALSO_LISTEN": f"{outer}:{ports.observer}"},
    }
    return shared | own.get(service, {})


def _is_in_use(name: str) -> bool:
    listed = subprocess.run(
        ["ip", "netns", "pids", name], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())
