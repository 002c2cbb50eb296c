"""Using a running Toxiproxy server instead of the lab's own links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.client import LabClient
from base.errors import LabError, LabFailure
from supervision.errors import NoToxiproxyError

if TYPE_CHECKING:
    from base.env import LabEnv
    from systems.system import System

_TIMEOUT_SECONDS = 5


def populate(env: LabEnv, system: System) -> None:
    """Create the system's links in the Toxiproxy server at ``TOXIPROXY_URL``.

    :raises NoToxiproxyError: it can't be reached, or refuses.
    """
    proxies = [
        {
            "name": link.name,
            "listen": link.listen,
            "upstream": link.upstream,
            "enabled": True,
        }
        for link in system.links
    ]
    try:
        LabClient(env.toxiproxy_url, timeout_seconds=_TIMEOUT_SECONDS).call(
            "POST", "/populate", body=proxies
        )
    except LabError as error:
        if error.failure is LabFailure.REFUSED:
            raise NoToxiproxyError(f"Toxiproxy refused the lab's links: {error.detail}") from None
        raise NoToxiproxyError(
            f"No Toxiproxy answers ({error}): start it, or unset TOXIPROXY_URL to use the lab's own"
            " links."
        ) from None
