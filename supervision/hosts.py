"""``lab --hosts``: the worker as a host of its own, in a network namespace with its own address.

Jobs and callbacks then travel directly between two addresses, on the ports of their links, without
a proxy: a cut there is the firewall's. Control and telemetry of the worker use other ports, which
no fault affects.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from supervision import namespace
from supervision.errors import NoHostsError
from supervision.namespace import Namespace
from systems.orders import API, HOSTED, orders
from systems.system import port_of

if TYPE_CHECKING:
    from base.env import LabEnv
    from systems.system import SystemLink

_NAME = "partition-lab-worker"
_MOST = 254


def make() -> Namespace:
    """Create a namespace for the worker; one that a killed lab has left behind is reused.

    :raises NoHostsError: not supported by this system, or not permitted to this user.
    :raises CommandFailedError: a command failed; nothing is left.
    """
    problem = _why_not()
    if problem:
        raise NoHostsError(f"{problem}: start the lab without --hosts")
    for number in range(1, _MOST):
        candidate = Namespace(f"{_NAME}-{number}", number)
        if not _is_in_use(candidate.name):
            namespace.create(candidate)
            return candidate
    raise NoHostsError(f"{_MOST} labs with hosts of their own run already")


def environ_of(service: str, made: Namespace, env: LabEnv) -> dict[str, str]:
    """Return the variables with the addresses of the others, and where a process is to listen."""
    system = orders(env)
    # To the worker, where it is called itself, and back.
    [there], [back] = system.links_to(HOSTED), system.links_from(HOSTED)
    inner, outer = made.inner_address, made.outer_address
    jobs = f"{inner}:{port_of(there.listen)}"
    callbacks = f"{outer}:{port_of(back.listen)}"
    shared = {
        "LAB_WORKER_NETNS": made.name,
        "LAB_WORKER_URL": f"http://{inner}:{port_of(there.upstream)}",
        "WORKER_URL": f"http://{jobs}",
        "API_CALLBACK_URL": f"http://{callbacks}",
        "LAB_ALLOWED_HOSTS": f"localhost 127.0.0.1 [::1] {inner} {outer}",
    }
    own = {
        HOSTED: {
            "LAB_BIND": inner,
            "LAB_ALSO_LISTEN": jobs,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{outer}:{env.ports.observer}",
        },
        API: {"LAB_ALSO_LISTEN": callbacks},
        "observer": {"LAB_ALSO_LISTEN": f"{outer}:{env.ports.observer}"},
    }
    return shared | own.get(service, {})


def is_moved(service: str) -> bool:
    """Whether it is ``service`` that runs in the namespace."""
    return service == HOSTED


def bypasses(link: SystemLink) -> bool:
    """Whether the calls of ``link`` travel directly from host to host."""
    return HOSTED in (link.sender, link.receiver)


def _why_not() -> str:
    """Return why no namespace can be made here; empty when one can."""
    if sys.platform == "linux":
        if shutil.which("ip") is None:
            return "there is no `ip` here, which the package iproute2 brings"
        problem = "" if os.geteuid() == 0 else "only root may make a network namespace"
    else:
        problem = "only Linux has network namespaces"
    return problem


def _is_in_use(name: str) -> bool:
    listed = subprocess.run(
        ["ip", "netns", "pids", name], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())
