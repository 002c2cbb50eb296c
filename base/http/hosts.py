"""Which names of hosts a process answers to: pure, and without Django."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", re.ASCII)


def served_host(header: str, served: Collection[str]) -> bool:
    """Whether a ``Host`` header names one of ``served``, whatever its port.

    ``*`` serves all, ``.example`` that domain and all below it.
    """
    found = _HOST.fullmatch(header.lower())
    if found is None:
        return False
    host = found[1].removesuffix(".")
    return any(
        each in ("*", host) or (each.startswith(".") and f".{host}".endswith(each))
        for each in map(str.lower, served)
    )


def foreign_origin(origin: str, served: Collection[str]) -> bool:
    """Whether an ``Origin`` header is that of a page of another host; a script sends none."""
    scheme, _, host = origin.partition("://")
    return bool(origin) and not (scheme in ("http", "https") and served_host(host, served))
