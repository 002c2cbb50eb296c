"""Using a Toxiproxy server that runs already instead of the lab's own links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from labsite.supervision.plan import links

if TYPE_CHECKING:
    from labsite.env import LabEnv

_TIMEOUT_SECONDS = 5


class NoToxiproxyError(Exception):
    """The Toxiproxy server does not answer, or refused the lab's links."""


def populate(env: LabEnv) -> None:
    """Make the lab's three links in the Toxiproxy server at ``TOXIPROXY_URL``.

    :raises NoToxiproxyError: it does not answer, or refuses.
    """
    wanted = [
        {
            "name": name,
            "listen": f"{env.bind}:{listen}",
            "upstream": f"127.0.0.1:{to}",
            "enabled": True,
        }
        for name, (listen, to) in links(env).items()
    ]
    try:
        answer = requests.post(
            f"{env.toxiproxy_url}/populate", json=wanted, timeout=_TIMEOUT_SECONDS
        )
    except requests.RequestException as error:
        raise NoToxiproxyError(
            f"No Toxiproxy answers at {env.toxiproxy_url} ({type(error).__name__}): start it, or"
            " unset TOXIPROXY_URL to use the lab's own links."
        ) from None
    if not answer.ok:
        raise NoToxiproxyError(f"Toxiproxy refused the lab's links: {answer.text.strip()}")
