"""Addresses as Toxiproxy writes them: ``host:port``, ``[::1]:port``, ``:port``."""

from __future__ import annotations

from typing import NamedTuple


class Address(NamedTuple):
    """A host and a port; an empty host means every address of the machine."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Return the address that ``text`` names.

    Raises ValueError, whose message says what is wrong with it.
    """
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError(f"address {text}: missing port in address")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f"address {text}: too many colons in address")
    if not (port.isascii() and port.isdigit() and int(port) <= 65_535):
        raise ValueError(f"address {text}: invalid port")
    return Address(host, int(port))
