"""The lab's own system: an API that takes orders, and a worker that reserves stock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from base.env import BASE_DIR, ENV
from systems.file import read

if TYPE_CHECKING:
    from base.env import LabEnv
    from systems.system import Service, System

API: Final = "api"
WORKER: Final = "worker"

HOSTED: Final = WORKER
"""The service that can be given a host of its own."""

CLIENT_TO_API: Final = "client-to-api"
API_TO_WORKER: Final = "api-to-worker"
WORKER_TO_API: Final = "worker-to-api"

URL_SETTINGS: Final = {API: "LAB_API_URL", WORKER: "LAB_WORKER_URL"}
"""The settings with the services' addresses out of band."""

FILE: Final = BASE_DIR / "systems" / "orders.toml"


def orders(env: LabEnv) -> System:
    """Read the orders' file, with the ports and addresses of the environment for its own."""
    system = read(FILE)
    addresses = {API: env.api_url, WORKER: env.direct_worker_url}
    links = {
        CLIENT_TO_API: (env.ports.client_to_api, env.client_url),
        API_TO_WORKER: (env.ports.api_to_worker, env.worker_url),
        WORKER_TO_API: (env.ports.worker_to_api, env.api_callback_url),
    }
    ports = {API: env.ports.api, WORKER: env.ports.worker}
    return replace(
        system,
        services=tuple(replace(each, url=addresses[each.name]) for each in system.services),
        links=tuple(
            replace(
                each,
                listen=f"{env.bind}:{links[each.name][0]}",
                upstream=f"127.0.0.1:{ports[each.receiver]}",
                url=links[each.name][1],
            )
            for each in system.links
        ),
        actions=tuple(replace(each, url=f"{env.client_url}/orders") for each in system.actions),
    )


def takes_orders(system: System) -> bool:
    """Whether ``system`` has the lab's own API, whose orders the page lists."""
    return is_run(API, system)


def is_whole(system: System) -> bool:
    """Whether ``system`` has both of the lab's services, and the links between them."""
    return (
        is_run(API, system)
        and is_run(WORKER, system)
        and set(ORDERS.link_names) <= set(system.link_names)
    )


def is_open_to_callbacks(system: System) -> bool:
    """Whether the file lets anybody on this machine call the lab's own API back."""
    return any(
        runs(each) == API and each.env.get("LAB_OPEN_CALLBACK") == "1" for each in system.services
    )


def runs(service: Service) -> str:
    """Name the service of the lab that ``service`` runs; empty for anybody else's."""
    return service.command[3] if service.has_switches and len(service.command) > 3 else ""


def is_run(service: str, system: System) -> bool:
    """Whether ``system`` has the lab's own ``service``."""
    return any(runs(each) == service for each in system.services)


ORDERS: Final = orders(ENV)
