"""The lab's order path beside the chapter's two services in Express.

``python -m benchmarks.express [--seconds 6] [--rounds 3]``: wrk calls each API directly, in turns.
Express keeps orders in memory, the lab commits each three times; both deliver the job and wait for
the callback before they answer. Needs Node, npm and wrk. Medians of all rounds; the ratios stand
beside what is aimed at.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from tests.support.ports import free_ports
from tests.support.processes import ROOT, LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHAPTER = ROOT / "examples" / "chapter"
_POST = """
wrk.method = "POST"
wrk.body = "{}"
wrk.headers["Content-Type"] = "application/json"
"""
NOT_HERE = 3
"""How it ends where something that it needs is not on the machine."""

_UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


@dataclass(frozen=True)
class Figures:
    """Of one server in one round: orders and reads a second, and an order's p50 in ms."""

    orders_16: float
    orders_1: float
    p50_ms: float
    reads_16: float


def main() -> None:
    """Run all rounds and print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=6, help="for each figure")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lacking = [each for each in ("node", "npm", "wrk") if shutil.which(each) is None]
    if lacking:
        print(f"needed, and not here: {', '.join(lacking)}")
        sys.exit(NOT_HERE)
    rounds: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        servers = dict(_servers(Path(directory), stack))
        for number in range(options.rounds + 1):
            for name, url in servers.items():
                # The first round warms everything up.
                taken = _measure(url, Path(directory), 1.0 if number == 0 else options.seconds)
                if number:
                    rounds.setdefault(name, []).append(taken)
    medians = {name: _median(taken) for name, taken in rounds.items()}
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, Node {_version()}")
    print(f"{'':<22}{'orders/s, 16':>14}{'orders/s, 1':>13}{'p50 ms, 1':>11}{'reads/s, 16':>13}")
    for name, each in medians.items():
        print(
            f"{name:<22}{each.orders_16:>14.0f}{each.orders_1:>13.0f}{each.p50_ms:>11.1f}"
            f"{each.reads_16:>13.0f}"
        )
    express, on, off = medians["Express"], medians["lab"], medians["lab, no telemetry"]
    print(f"orders at 16 clients, of Express   {on.orders_16 / express.orders_16:.2f}  (aim 0.40)")
    print(f"p50 of an order, times Express'    {on.p50_ms / express.p50_ms:.1f}  (aim 2.5)")
    print(f"reads, of Express                  {on.reads_16 / express.reads_16:.2f}  (aim 0.25)")
    print(f"orders that telemetry costs        {1 - on.orders_16 / off.orders_16:.0%}  (aim 25%)")


def _servers(directory: Path, stack: ExitStack) -> Iterator[tuple[str, str]]:
    """Start all, which wait side by side, and yield the address of each one's API."""
    yield "Express", _express(directory, stack)
    for name, disabled in (("lab", ""), ("lab, no telemetry", "1")):
        lab = LabProcesses(directory / name.replace(", ", "-"), OTEL_SDK_DISABLED=disabled)
        lab.directory.mkdir()
        lab.environ["WORKER_URL"] = lab.worker_url
        lab.environ["API_CALLBACK_URL"] = lab.api_url
        stack.enter_context(lab)
        yield name, lab.api_url


def _express(directory: Path, stack: ExitStack) -> str:
    pair = directory / "express"
    shutil.copytree(_CHAPTER, pair, ignore=shutil.ignore_patterns("node_modules"))
    express = re.search(r'"express": "([^"]+)"', (pair / "package.json").read_text("utf-8"))
    assert express is not None
    # Its telemetry is left out: what is compared is the bare pair.
    (pair / "package.json").unlink()
    (pair / "package-lock.json").unlink()
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", f"express@{express[1]}"],
        cwd=pair,
        check=True,
        capture_output=True,
    )
    api, worker = free_ports(2)
    own = {
        "api": {"PORT": str(api), "WORKER_URL": f"http://127.0.0.1:{worker}"},
        "worker": {"PORT": str(worker), "API_CALLBACK_URL": f"http://127.0.0.1:{api}"},
    }
    for name, environ in own.items():
        process = subprocess.Popen(
            ["node", f"{name}.js"],
            cwd=pair,
            env={**os.environ, **environ, "NODE_ENV": "production"},
            stdout=subprocess.DEVNULL,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
    for port in (api, worker):
        eventually(partial(_answers, f"http://127.0.0.1:{port}/healthz"), seconds=30)
    return f"http://127.0.0.1:{api}"


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def _measure(url: str, directory: Path, seconds: float) -> Figures:
    post = directory / "post.lua"
    post.write_text(_POST, encoding="utf-8")
    orders_16, _ = _wrk(f"{url}/orders", seconds, 16, script=post)
    orders_1, p50_ms = _wrk(f"{url}/orders", seconds, 1, script=post)
    placed = requests.post(f"{url}/orders", json={}, timeout=10).json()
    reads_16, _ = _wrk(f"{url}/orders/{placed['orderId']}", seconds, 16)
    return Figures(orders_16, orders_1, p50_ms, reads_16)


def _wrk(
    url: str, seconds: float, clients: int, *, script: Path | None = None
) -> tuple[float, float]:
    """Return calls a second and their p50 in ms; whatever is refused ends the benchmark."""
    command = [
        "wrk",
        "--latency",
        "--timeout=10s",
        "-t1",
        f"-c{clients}",
        f"-d{max(1, round(seconds))}s",
    ]
    if script is not None:
        command += ["-s", str(script)]
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(said)
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p50 = re.search(r"50%\s+([\d.]+)(us|ms|s)", said)
    assert per_second is not None
    assert p50 is not None
    return float(per_second[1]), float(p50[1]) * _UNITS_MS[p50[2]]


def _median(taken: list[Figures]) -> Figures:
    names = Figures.__dataclass_fields__
    return Figures(*(statistics.median(getattr(each, name) for each in taken) for name in names))


def _version() -> str:
    return subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
