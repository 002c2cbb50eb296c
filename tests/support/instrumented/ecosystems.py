"""How each ecosystem's applications are started with its zero-code instrumentation."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_HERE = Path(__file__).resolve().parent

NODE_PACKAGES = (
    "@opentelemetry/api@1.9.0",
    # The last that Node 20 runs.
    "@opentelemetry/auto-instrumentations-node@0.75.0",
    "@grpc/grpc-js@1.14.7",
)


class NotHereError(Exception):
    """What an ecosystem needs is not on this machine."""


@dataclass(frozen=True)
class Ecosystem:
    """A program with its instrumentation: its ``clients``, and the signal that lets it flush.

    One that can't ask OpenTelemetry for its trace is sent one.
    """

    name: str
    command: tuple[str, ...]
    clients: tuple[str, ...]
    stopped_by: signal.Signals
    environ: dict[str, str] = field(default_factory=dict)
    is_sent_its_trace: bool = False


def ecosystem(name: str) -> Ecosystem:
    """Return the ecosystem of this name.

    :raises NotHereError: it can't be run here.
    """
    return {"python": _python, "node": _node, "java": _java}[name]()


def _python() -> Ecosystem:
    instrument = Path(sys.executable).parent / "opentelemetry-instrument"
    command = (str(instrument), sys.executable, str(_HERE / "shop.py"))
    return Ecosystem("python", command, ("httpx", "requests", "grpc"), signal.SIGINT)


def _node() -> Ecosystem:
    modules = node_modules()
    command = (
        "node",
        "--require",
        "@opentelemetry/auto-instrumentations-node/register",
        str(_HERE / "shop.cjs"),
    )
    environ = {"MODULES": str(modules.parent), "NODE_PATH": str(modules)}
    return Ecosystem("node", command, ("http", "fetch", "grpc"), signal.SIGTERM, environ)


def _java() -> Ecosystem:
    agent = os.environ.get("OTEL_JAVA_AGENT", "")
    if shutil.which("java") is None or shutil.which("javac") is None:
        raise NotHereError("there is no JDK here")
    if not Path(agent).is_file():
        raise NotHereError(
            "OTEL_JAVA_AGENT names no file of the agent, opentelemetry-javaagent.jar"
        )
    command = ("java", f"-javaagent:{agent}", str(_HERE / "Shop.java"))
    return Ecosystem("java", command, ("http",), signal.SIGTERM, is_sent_its_trace=True)


@cache
def node_modules() -> Path:
    """Where Node's packages lie: installed once by npm, and kept for later runs.

    :raises NotHereError: there is no Node or npm, or nothing to install from.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotHereError("node and npm are not here")
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "partition-lab"
    place = kept / "-".join(each.rpartition("@")[2] for each in NODE_PACKAGES)
    if (place / "node_modules").is_dir():
        return place / "node_modules"
    kept.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept) as directory:
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", directory, *NODE_PACKAGES],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            raise NotHereError(f"npm could not install: {done.stderr.strip()[-200:]}")
        if not place.exists():
            shutil.copytree(directory, place)
    return place / "node_modules"
