"""The process: ``python -m network --listen-control HOST:PORT --proxy name=listen,upstream``."""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from base.http.hosts import LOOPBACK_HOSTS
from base.process.listening import allow_many_descriptors
from base.process.signals import on_stop_in
from network.address import Address, parse_address
from network.control.collection import Collection
from network.control.http_server import HttpServer
from network.control.server import ControlApi
from network.errors import ControlError
from network.journal.sender import Sender
from network.stream.fate import Fate
from network.stream.link import MOST_READ_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence


_LARGER_THAN_A_READ = 2 * MOST_READ_BYTES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal asks to stop; return the exit status."""
    options = _parser().parse_args(arguments)
    _keep_memory_mapped()
    allow_many_descriptors()
    try:
        asyncio.run(_run(options))
    except (ControlError, OSError) as error:
        _log("ERROR", f"network can't start: {error}")
        return 1
    return 0


def _keep_memory_mapped() -> None:
    """Have reads take their memory from the heap: else each costs three calls of the system.

    Each reads into a block of `MOST_READ_BYTES` and gives back what it did not need. The C library
    maps and unmaps so large a block each time, until it has once freed a larger one.
    """
    bytearray(_LARGER_THAN_A_READ)


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    on_stop_in(asyncio.get_running_loop(), stopped.set)
    collection = Collection(fate=Fate(options.seed), ipv6=options.also_ipv6_loopback)
    hosts = [*options.allow_host, _host_of(options.listen_control)]
    sender = Sender(collection.journal, options.journal) if options.journal else None
    server = HttpServer(ControlApi(collection, hosts=hosts).handle)
    try:
        for body in options.proxy:
            await collection.create(body)
        control = await _listen(server, options)
        listening = {name: proxy.listen for name, proxy in collection.proxies.items()}
        if sender is not None:
            sender.task.start()
        _log("INFO", "network listening", control=str(control), proxies=listening)
        await stopped.wait()
    finally:
        collection.close()
        await server.close()
        if sender is not None:
            await sender.task.stop()


async def _listen(server: HttpServer, options: argparse.Namespace) -> Address:
    host, port = options.listen_control
    port = await server.listen(host, port)
    if options.also_ipv6_loopback and host == "127.0.0.1":
        try:
            await server.listen("::1", port)
        except OSError as error:
            # Where the machine has no ::1, callers by name fall back to 127.0.0.1.
            if error.errno == errno.EADDRINUSE:
                raise
    return Address(host, port)


def _log(level: str, message: str, **fields: object) -> None:
    moment = datetime.fromtimestamp(time.time_ns() / 1e9, tz=UTC).isoformat(timespec="milliseconds")
    line = {"ts": moment, "service": "network", "level": level, "msg": message, **fields}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="network", description="Carry links, and break them.")
    parser.add_argument("--listen-control", type=_address, default=Address("127.0.0.1", 8474))
    parser.add_argument(
        "--proxy", type=_proxy, action="append", default=[], metavar="NAME=LISTEN,UPSTREAM"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=list(LOOPBACK_HOSTS),
        help="a name by which the control API may be called, beside loopback and its own address",
    )
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same fates")
    parser.add_argument("--journal", help="where what toxics did is sent, by OTLP/HTTP")
    parser.add_argument("--also-ipv6-loopback", action="store_true")
    return parser


def _host_of(address: Address) -> str:
    return f"[{address.host}]" if ":" in address.host else address.host


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _proxy(text: str) -> dict[str, str]:
    name, equals, addresses = text.partition("=")
    listen, comma, upstream = addresses.partition(",")
    if not (name and equals and comma):
        raise argparse.ArgumentTypeError(f"{text}: must be NAME=LISTEN,UPSTREAM")
    return {"name": name, "listen": str(_address(listen)), "upstream": str(_address(upstream))}


if __name__ == "__main__":
    sys.exit(main())
