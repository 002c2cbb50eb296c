"""The lab's own system: an API that takes orders, and a worker that reserves stock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from base.env import BASE_DIR, ENV
from systems.errors import SystemFileError
from systems.file import read

if TYPE_CHECKING:
    from pathlib import Path
    from urllib.parse import SplitResult

    from base.env import LabEnv
    from systems.system import Service, System, SystemLink

API: Final = "api"
WORKER: Final = "worker"
DATABASE: Final = "database"

HOSTED: Final = WORKER
"""The service that can be given a host of its own."""

CLIENT_TO_API: Final = "client-to-api"
API_TO_WORKER: Final = "api-to-worker"
WORKER_TO_API: Final = "worker-to-api"
API_TO_DATABASE: Final = "api-to-database"

URL_SETTINGS: Final = {API: "LAB_API_URL", WORKER: "LAB_WORKER_URL"}
"""The settings with the services' addresses out of band."""

FILE: Final = BASE_DIR / "systems" / "orders.toml"
POSTGRESQL_FILE: Final = BASE_DIR / "systems" / "orders-postgresql.toml"

FILES: Final = (FILE, POSTGRESQL_FILE)
"""The files whose ports and addresses the environment moves."""

_USUAL_PORT: Final = 5432


def orders(env: LabEnv, file: Path = FILE) -> System:
    """Read one of `FILES`, with the ports and addresses of the environment for its own.

    :raises SystemFileError: it has a link to PostgreSQL, and ``DATABASE_URL`` names none.
    """
    system = _placed(env, read(file))
    return system if file == FILE else _on_postgresql(env, system)


def _placed(env: LabEnv, system: System) -> System:
    addresses = {API: env.api_url, WORKER: env.direct_worker_url}
    ports = {API: env.ports.api, WORKER: env.ports.worker}
    links = {
        CLIENT_TO_API: (env.ports.client_to_api, env.client_url),
        API_TO_WORKER: (env.ports.api_to_worker, env.worker_url),
        WORKER_TO_API: (env.ports.worker_to_api, env.api_callback_url),
        API_TO_DATABASE: (env.ports.api_to_database, ""),
    }

    def placed(link: SystemLink) -> SystemLink:
        port, url = links[link.name]
        upstream = f"127.0.0.1:{ports[link.receiver]}" if link.receiver in ports else ""
        return replace(link, listen=f"{env.bind}:{port}", upstream=upstream, url=url)

    return replace(
        system,
        services=tuple(
            replace(each, url=addresses.get(each.name, each.url)) for each in system.services
        ),
        links=tuple(placed(each) for each in system.links),
        actions=tuple(replace(each, url=f"{env.client_url}/orders") for each in system.actions),
    )


def _on_postgresql(env: LabEnv, system: System) -> System:
    """Put the link between the API and the database that ``DATABASE_URL`` names."""
    url = urlsplit(env.database_url)
    if url.scheme not in ("postgres", "postgresql") or not url.hostname:
        raise SystemFileError(
            f"{system.path}: DATABASE_URL must name the orders' PostgreSQL, such as"
            " postgresql://me@127.0.0.1:5432/orders"
        )
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    address = f"{host}:{url.port or _USUAL_PORT}"
    through = {"DATABASE_URL": _through(system.link(API_TO_DATABASE), url)}
    changes: dict[str, dict[str, Any]] = {
        API: {"env": {**system.service(API).env, **through}},
        DATABASE: {"url": f"tcp://{address}"},
    }
    return replace(
        system,
        services=tuple(replace(each, **changes.get(each.name, {})) for each in system.services),
        links=tuple(
            replace(each, upstream=address) if each.name == API_TO_DATABASE else each
            for each in system.links
        ),
    )


def _through(link: SystemLink, url: SplitResult) -> str:
    """Return ``url`` with the link's address in the place of the database's."""
    user, at, _ = url.netloc.rpartition("@")
    through = f"{user}{at}127.0.0.1:{link.port}"
    return urlunsplit((url.scheme, through, url.path, url.query, url.fragment))


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
