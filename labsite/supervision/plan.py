"""Which processes make up the lab, with their arguments and their environment: pure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from labsite.env import BASE_DIR
from labsite.supervision import hosts
from labsite.supervision.listening import LOOPBACK, loopback_addresses
from labsite.supervision.process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from faults.firewall.namespace import Namespace
    from labsite.env import LabEnv

LINKS = ("client-to-api", "api-to-worker", "worker-to-api")


def wanted_ports(env: LabEnv) -> dict[str, tuple[int, str]]:
    """Map what needs a port to its number and to the variable that moves it."""
    ports = env.ports
    wanted = {
        "the observer and its page": (ports.observer, "LAB_PORT_OBSERVER"),
        "the order API": (ports.api, "LAB_PORT_API"),
        "the worker": (ports.worker, "LAB_PORT_WORKER"),
        "the supervisor": (ports.control, "LAB_PORT_CONTROL"),
    }
    if env.own_network:
        wanted |= {
            "the link client-to-api": (ports.client_to_api, "LAB_PORT_CLIENT_TO_API"),
            "the link api-to-worker": (ports.api_to_worker, "LAB_PORT_API_TO_WORKER"),
            "the link worker-to-api": (ports.worker_to_api, "LAB_PORT_WORKER_TO_API"),
            "the links' control API": (ports.toxiproxy, "LAB_PORT_TOXIPROXY"),
        }
    return wanted


def links(env: LabEnv) -> dict[str, tuple[int, int]]:
    """Map each link's name to the port that it listens on and the port that it leads to."""
    ports = env.ports
    listens = (ports.client_to_api, ports.api_to_worker, ports.worker_to_api)
    leads_to = (ports.api, ports.worker, ports.api)
    return dict(zip(LINKS, zip(listens, leads_to, strict=True), strict=True))


def processes(
    env: LabEnv,
    *,
    environ: Mapping[str, str],
    otlp_port: int,
    worker_host: Namespace | None = None,
) -> list[Process]:
    """List the lab's processes in the order of their start.

    ``otlp_port`` is 0 where OTLP's usual port is taken by another program. With ``worker_host`` the
    worker runs in that namespace.
    """
    shared = {
        **environ,
        "LAB_SECRET": env.secret,
        "LAB_VAR_DIR": str(env.var_dir),
        "LAB_PORT_OTLP": str(otlp_port),
        "PYTHONUNBUFFERED": "1",
    }

    def service(name: str, port: int) -> Process:
        argv = [sys.executable, "-m", "labsite.serving", name]
        address, moved = LOOPBACK[0], {}
        if worker_host is not None:
            moved = hosts.environ_of(name, worker_host, env)
            if name == "worker":
                argv, address = worker_host.inside(argv), worker_host.inner_address
        return Process(
            name=name,
            argv=argv,
            ready_url=f"http://{address}:{port}/readyz",
            environ={
                **shared,
                **moved,
                "LAB_SERVICE": name,
                "DJANGO_SETTINGS_MODULE": f"labsite.settings.{name}",
            },
            directory=BASE_DIR,
            one_core=env.one_core,
        )

    listed = [
        service("observer", env.ports.observer),
        service("api", env.ports.api),
        service("worker", env.ports.worker),
    ]
    if env.own_network:
        carried = LINKS if worker_host is None else LINKS[:1]
        listed.append(_network(env, environ=shared, carried=carried))
    return listed


def _network(env: LabEnv, *, environ: Mapping[str, str], carried: Sequence[str]) -> Process:
    argv = [sys.executable, "-m", "network", "--seed", str(env.proxy_seed)]
    argv += ["--listen-control", f"127.0.0.1:{env.ports.toxiproxy}"]
    for name, (listen, upstream) in links(env).items():
        if name not in carried:
            continue
        argv += ["--proxy", f"{name}={env.bind}:{listen},127.0.0.1:{upstream}"]
    if LOOPBACK[1] in loopback_addresses(env.bind):
        argv.append("--also-ipv6-loopback")
    return Process(
        name="network",
        argv=argv,
        ready_url=f"http://127.0.0.1:{env.ports.toxiproxy}/version",
        environ=environ,
        directory=BASE_DIR,
        one_core=env.one_core,
    )
