"""Orders and reads a second through the whole lab, with telemetry on and off.

``python -m benchmarks.orders [--seconds 8] [--clients 1,4,16,64] [--direct] [--profile PROCESS]``

Every order is committed by the API, delivered to the worker, reserved there, called back and
confirmed before the client has its answer: three commits in two databases and two more HTTP calls.
The load runs in a process of its own on the same machine, as a fair part of the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import requests

from benchmarks import http_load
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

_WARM_SECONDS = 2.0
_READERS = 16


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--clients", default="1,4,16,64")
    parser.add_argument("--telemetry", choices=["on", "off", "both"], default="both")
    parser.add_argument("--direct", action="store_true", help="no links: services meet directly")
    parser.add_argument("--no-reference", action="store_true", help="leave the naive ones out")
    parser.add_argument("--profile", choices=["api", "worker", "observer", "network"])
    options = parser.parse_args()
    clients = [int(each) for each in options.clients.split(",")]
    way = "directly" if options.direct else "through the links"
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {way}")
    print(
        f"{'telemetry':<10}{'clients':>8}{'orders/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
        "  CPU ms an order or a read, by process"
    )
    if not options.no_reference:
        measure_naive(clients, seconds=options.seconds)
    for telemetry in ["on", "off"] if options.telemetry == "both" else [options.telemetry]:
        measure(
            clients,
            seconds=options.seconds,
            telemetry=telemetry == "on",
            direct=options.direct,
            profile=options.profile,
        )


def measure(
    clients: Iterable[int],
    *,
    seconds: float,
    telemetry: bool,
    direct: bool = False,
    profile: str | None = None,
) -> None:
    """Start a lab and print one line for each number of clients."""
    with tempfile.TemporaryDirectory() as directory:
        lab = LabProcesses(Path(directory), OTEL_SDK_DISABLED="" if telemetry else "1")
        if direct:
            lab.environ["WORKER_URL"] = lab.worker_url
            lab.environ["API_CALLBACK_URL"] = lab.api_url
        with lab:
            url = f"{lab.api_url if direct else lab.client_url}/orders"
            load(url, clients=16, seconds=_WARM_SECONDS)
            label = "on" if telemetry else "off"
            for count in clients:
                if profile:
                    start_profile(lab, profile, seconds)
                _measure_row(lab, label, url, clients=count, seconds=seconds)
            placed = requests.post(url, json={}, timeout=10).json()
            reads = f"{url}/{placed['orderId']}"
            _measure_row(
                lab, f"{label}, reads", reads, clients=_READERS, seconds=seconds, post=False
            )
            check(lab)


def _measure_row(
    lab: LabProcesses, label: str, url: str, *, clients: int, seconds: float, post: bool = True
) -> None:
    before = cpu_ms(lab)
    taken = load(url, clients=clients, seconds=seconds, post=post)
    spent = {name: ms - before[name] for name, ms in cpu_ms(lab).items()}
    calls = max(1, len(taken.latencies_ms))
    told = " ".join(f"{name} {ms / calls:.2f}" for name, ms in spent.items())
    print_row(label, clients, taken, note=f"  {told}")


def measure_naive(clients: Iterable[int], *, seconds: float) -> None:
    """Measure `benchmarks.naive_django` in the same way: the machine's baseline."""
    api, worker = free_ports(2)
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        for role, port, other in (("api", api, worker), ("worker", worker, api)):
            command = [sys.executable, "-m", "benchmarks.naive_django", role, str(port), str(other)]
            process = subprocess.Popen(
                [*command, f"{directory}/{role}.sqlite3"], stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
        url = f"http://127.0.0.1:{api}/orders"
        eventually(lambda: _answers(url), seconds=30)
        for count in clients:
            taken = load(url, clients=count, seconds=seconds)
            print_row("naive", count, taken)


def print_row(label: str, clients: int, taken: http_load.Load, note: str = "") -> None:
    """Print one line of figures."""
    failed = f"  {taken.failed} failed" if taken.failed else ""
    print(
        f"{label:<10}{clients:>8}{taken.per_second:>10.0f}{taken.percentile(0.5):>9.1f}"
        f"{taken.percentile(0.95):>9.1f}{taken.percentile(0.99):>9.1f}{note}{failed}",
        flush=True,
    )


def load(url: str, *, clients: int, seconds: float, post: bool = True) -> http_load.Load:
    """Run the load in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_load, args=(sender, url, clients, seconds, post))
    process.start()
    # Or else the end of the process would not end the wait for what it sends.
    sender.close()
    taken: http_load.Load = receiver.recv()
    process.join()
    return taken


def cpu_ms(lab: LabProcesses) -> dict[str, float]:
    """Return the time in ms that each process has computed."""
    times = {
        name: psutil.Process(lab.pid_of(name)).cpu_times()
        for name in ("api", "worker", "network", "observer")
    }
    return {name: (used.user + used.system) * 1_000 for name, used in times.items()}


def check(lab: LabProcesses) -> None:
    """Warn when orders were not confirmed or telemetry was lost: the figures are then wrong."""
    pending = requests.get(f"{lab.api_url}/orders?status=PENDING&limit=500", timeout=30).json()
    if pending["orders"]:
        print(f"  {len(pending['orders'])} orders or more are PENDING")
    lost = lab.get("/api/telemetry")["droppedByServices"]
    if any(lost.values()):
        print(f"  telemetry lost: {json.dumps(lost)}")


def start_profile(lab: LabProcesses, service: str, seconds: float) -> None:
    """Record a flame graph of one process beside the load; needs py-spy."""
    pid = lab.pid_of(service)
    output = Path(f"profile-{service}.txt").resolve()
    subprocess.Popen(
        [
            "py-spy",
            "record",
            "--gil",
            "--rate=500",
            "-p",
            str(pid),
            "-d",
            str(int(seconds)),
            "-f",
            "raw",
            "-o",
            str(output),
        ],
        stdout=subprocess.DEVNULL,
    )
    print(f"  profile of {service} in {output}")


def _answers(url: str) -> bool:
    try:
        return requests.post(url, json={}, timeout=5).ok
    except requests.RequestException:
        return False


def _load(sender: Connection, url: str, clients: int, seconds: float, post: bool) -> None:  # noqa: FBT001 (Process takes no names)
    if post:
        taken = http_load.post(url, b"{}", clients=clients, seconds=seconds)
    else:
        taken = http_load.get(url, clients=clients, seconds=seconds)
    sender.send(asyncio.run(taken))


if __name__ == "__main__":
    main()
