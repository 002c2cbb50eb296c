"""The system that this lab runs: the file in ``LAB_SYSTEM``, by default the orders'."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from base.env import ENV
from systems.file import read
from systems.orders import FILE, ORDERS, POSTGRESQL_FILE, orders
from systems.system import port_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from base.env import LabEnv
    from systems.system import System


def current(env: LabEnv) -> System:
    """Read the system that ``env`` names.

    Ports of instances that need one are found here, once: the supervisor hands its choice on.

    :raises SystemFileError: the file is missing, or describes no system.
    """
    if env.system is None or env.system == FILE:
        return ORDERS
    if env.system == POSTGRESQL_FILE:
        return orders(env, POSTGRESQL_FILE)
    return _complete(read(env.system), ports=json.loads(env.system_ports or "{}"))


def _complete(system: System, *, ports: Mapping[str, int]) -> System:
    names = [name for each in system.services if each.needs_port for name in each.instance_names]
    found = {name: ports.get(name) or _free_port() for name in names}
    placed = replace(system, ports=found)
    links = (
        replace(each, upstream=each.upstream or _address_of(placed, each.receiver))
        for each in placed.links
    )
    return replace(placed, links=tuple(links))


def _address_of(system: System, service: str) -> str:
    url = system.instances(system.service(service))[0].url
    host = urlsplit(url).hostname or ""
    return f"[{host}]:{port_of(url)}" if ":" in host else f"{host}:{port_of(url)}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


SYSTEM: Final = current(ENV)
