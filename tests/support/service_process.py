"""One service of the lab as a process of its own, without the rest of the lab."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import requests

from tests.support.lab import last_resort
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "a secret of tests"


class ServiceProcess:
    """``python -m labsite.serving SERVICE``; a context manager."""

    def __init__(self, service: str, directory: Path, **environ: str) -> None:
        self.directory = directory
        names = ("API", "WORKER", "API_TO_WORKER", "WORKER_TO_API", "OBSERVER", "CONTROL")
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.port = ports[service.upper()]
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", "labsite.serving", service]
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SIM_", "LAB_PORT_"))},
            **{f"LAB_PORT_{name}": str(port) for name, port in ports.items()},
            # Of others that run on this machine.
            "LAB_PORT_OTLP": "0",
            "LAB_PORT_OTLP_GRPC": "0",
            "LAB_VAR_DIR": str(directory),
            "LAB_SECRET": SECRET,
            "LAB_SERVICE": service,
            "OTEL_SDK_DISABLED": "1",
            **environ,
        }
        self.log_path = directory / f"{service}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it has printed."""
        return self.log_path.read_text(encoding="utf-8")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process, once it was started."""
        assert self._process is not None
        return self._process

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Call it."""
        return requests.request(method, self.url + path, timeout=15, **more)

    def __enter__(self) -> Self:
        with self.log_path.open("wb") as log:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        last_resort.watch(self._process.pid)
        eventually(self._answers, seconds=60)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            last_resort.forget(self.process.pid)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log
        try:
            return self.call("GET", "/healthz").ok
        except requests.ConnectionError:
            return False
