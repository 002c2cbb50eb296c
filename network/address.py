"""Addresses as Toxiproxy writes them: ``host:port``, ``[::1]:port``, ``:port``, ``host:http``."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import Final, NamedTuple

RESOLVE_SECONDS: Final = 10
HIGHEST_PORT: Final = 65_535
_NUMBER: Final = re.compile("[+-]?[0-9]+")
_ANY: Final = ("", "0.0.0.0", "::")  # noqa: S104 - read, not bound


class AddressError(ValueError):
    """A text is no address, or its name has none; in the words of Go's ``net`` package."""


class Address(NamedTuple):
    """A host and a port; an empty host means every address of the machine."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Return the address that ``text`` names.

    :raises AddressError: it is none; the message says why.
    """
    host, colon, port = text.rpartition(":")
    wrong = "" if colon else "missing port"
    if colon and text.startswith("["):
        host, bracket, between = text[1:].partition("]")
        port = between[1:]
        if not bracket:
            wrong = "missing ']'"
        elif not between.startswith(":"):
            wrong = "missing port"
        elif ":" in port:
            wrong = "too many colons"
    elif ":" in host:
        wrong = "too many colons"
    unexpected = next((each for each in "[]" if each in host + port), None)
    if not wrong and unexpected:
        wrong = f"unexpected '{unexpected}'"
    if wrong:
        raise AddressError(f"address {text}: {wrong} in address")
    return Address(host, _port(port))


async def resolve(text: str) -> Address:
    """Return ``text`` with its name looked up, IPv4 first; ``::`` for every address.

    :raises AddressError: it is no address, or its name has none within `RESOLVE_SECONDS`.
    """
    host, port = parse_address(text)
    if host in _ANY:
        return Address("::", port)
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except TimeoutError:
        raise AddressError(f"lookup {host}: i/o timeout") from None
    except (OSError, UnicodeError):
        # A label over 63 characters has no encoding: Python says so with a UnicodeError.
        raise AddressError(f"lookup {host}: no such host") from None
    addresses = sorted(found, key=lambda each: each[0] != socket.AF_INET)
    return Address(str(addresses[0][4][0]), port)


def _port(text: str) -> int:
    if _NUMBER.fullmatch(text):
        digits = text.lstrip("+-0")
        if len(digits) > len(str(HIGHEST_PORT)) or not 0 <= int(text) <= HIGHEST_PORT:
            raise AddressError(f"address {text}: invalid port")
        return int(text)
    if not text:
        return 0
    try:
        return socket.getservbyname(text, "tcp")
    except (OSError, UnicodeError):
        raise AddressError(f"lookup tcp/{text}: unknown port") from None
