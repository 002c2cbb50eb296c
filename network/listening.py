"""Where a proxy listens: sockets on an address whose name is resolved."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from typing import TYPE_CHECKING, Final

from network.address import Address
from network.errors import ListenFailed

if TYPE_CHECKING:
    from collections.abc import Callable

BACKLOG: Final = 2048


async def listen(
    address: Address, accept: Callable[[], asyncio.Protocol], *, ipv6: bool
) -> tuple[list[asyncio.Server], Address]:
    """Listen on ``address``; return the servers and the address with its port.

    With ``ipv6`` a listener on 127.0.0.1 has one on ::1 beside it, where there is one.

    :raises ListenFailed: the address can't be listened on.
    """
    server = await _serve(address, accept)
    host, port = server.sockets[0].getsockname()[:2]
    servers = [server]
    if ipv6 and address.host == "127.0.0.1":
        try:
            servers.append(await _serve(Address("::1", port), accept))
        except ListenFailed as error:
            # Where the machine has no ::1, callers by name fall back to 127.0.0.1. Another
            # program there would be what they reach.
            if error.taken and address.port:
                server.close()
                raise
    return servers, Address(host, port)


async def _serve(address: Address, accept: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(
            accept, sock=_socket(address), backlog=BACKLOG
        )
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        raise ListenFailed(f"{address}: bind: {reason}", taken=taken) from error


def _socket(address: Address) -> socket.socket:
    """Bind; ``::`` takes both families, as Go's does."""
    every = address.host == "::"
    both = every and socket.has_dualstack_ipv6()
    host = "0.0.0.0" if every and not both else address.host  # noqa: S104 - it was asked for
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server(
        (host, address.port), family=family, dualstack_ipv6=both, backlog=BACKLOG
    )
