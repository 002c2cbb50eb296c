"""Whom the links lead to, by the addresses at which they are called; attached ones too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from systems.system import SystemLink

# This machine, by whatever name: where a link listens, and where it is called.
_HERE = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 (compared with)


def service_behind(address: str) -> str:
    """The service to which the link at an address leads; empty where none listens there."""
    return _leads_to(RUNNING.system.links).get(_place(address), "")


@lru_cache(maxsize=4)
def _leads_to(links: tuple[SystemLink, ...]) -> Mapping[tuple[str, str], str]:
    own = {_place(each.url.partition("://")[2]): each.receiver for each in links if each.url}
    return {**own, **{_place(each.listen): each.receiver for each in links}}


def _place(address: str) -> tuple[str, str]:
    host, _, port = address.partition("/")[0].rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    return "" if host in _HERE else host, port
