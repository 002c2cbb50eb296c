"""Where the lab's links listen, and whom they lead to: the roof knows, and sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN = ("localhost:", "[::1]:", "::1:")


class _Seam:
    leads_to: Mapping[str, str] = {}


def set_links(leads_to: Mapping[str, str]) -> None:
    """Set the service that is called at each address, such as ``127.0.0.1:4100``."""
    _Seam.leads_to = dict(leads_to)


def service_behind(address: str) -> str:
    """The service to which the link at an address leads; empty where none listens there."""
    for own in _OWN:
        if address.startswith(own):
            address = f"127.0.0.1:{address.removeprefix(own)}"
    return _Seam.leads_to.get(address, "")
