"""The process: ``python -m network --listen-control HOST:PORT --proxy name=listen,upstream``."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from network.address import Address, parse_address
from network.collection import Collection
from network.control import ControlApi
from network.errors import ControlError
from network.events import Events
from network.fate import Fate
from network.http_server import HttpServer

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(options))
    except (ControlError, OSError) as error:
        _log("ERROR", f"network can't start: {error}")
        return 1
    return 0


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    _stop_on_signals(stopped)
    events = Events(asyncio.get_running_loop())
    collection = Collection(fate=Fate(options.seed), events=events, ipv6=options.also_ipv6_loopback)
    server = HttpServer(ControlApi(collection).handle)
    try:
        for body in options.proxy:
            await collection.create(body)
        control = await _listen(server, options)
        listening = {name: proxy.listen for name, proxy in collection.proxies.items()}
        _log("INFO", "network listening", control=str(control), proxies=listening)
        await stopped.wait()
    finally:
        collection.close()
        await server.close()


async def _listen(server: HttpServer, options: argparse.Namespace) -> Address:
    host, port = options.listen_control
    port = await server.listen(host, port)
    if options.also_ipv6_loopback and host == "127.0.0.1":
        # Where the machine has no ::1, callers by name fall back to 127.0.0.1.
        with suppress(OSError):
            await server.listen("::1", port)
    return Address(host, port)


def _stop_on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
        else:
            loop.add_signal_handler(number, stopped.set)


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
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same fates")
    parser.add_argument("--also-ipv6-loopback", action="store_true")
    return parser


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _proxy(text: str) -> dict[str, str]:
    name, equals, addresses = text.partition("=")
    listen, comma, upstream = addresses.partition(",")
    if not (name and equals and comma):
        raise argparse.ArgumentTypeError(f"{text}: NAME=LISTEN,UPSTREAM is wanted")
    return {"name": name, "listen": str(_address(listen)), "upstream": str(_address(upstream))}


if __name__ == "__main__":
    sys.exit(main())
