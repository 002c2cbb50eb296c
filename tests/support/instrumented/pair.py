"""Two applications that call each other over a link of the lab, and a third that is quiet."""

from __future__ import annotations

import os
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import requests

from tests.support.instrumented.scenarios import TIMEOUT_MS
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from tests.support.instrumented.ecosystems import Ecosystem
    from tests.support.instrumented.scenarios import Scenario

CALLER, CALLEE, QUIET = "cart", "price", "quiet"
_ROLES = (CALLER, CALLEE, QUIET)


@dataclass(frozen=True)
class Called:
    """What became of one call: as its caller saw it, and as it came in at its callee."""

    scenario: str
    trace_id: str
    saw: str
    came: int


class Pair:
    """The applications as processes; a context manager.

    ``links`` is the address of the links' API, ``telemetry`` where they send to, ``conventions``
    what ``OTEL_SEMCONV_STABILITY_OPT_IN`` says.
    """

    def __init__(
        self,
        ecosystem: Ecosystem,
        directory: Path,
        *,
        links: str,
        telemetry: str,
        conventions: str,
    ) -> None:
        self._ecosystem = ecosystem
        self._directory = directory
        self._links = links
        self._telemetry = telemetry
        self._conventions = conventions
        self._made: list[str] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        ports = iter(free_ports(2 * len(_ROLES)))
        self._ports = {role: (next(ports), next(ports)) for role in _ROLES}

    def __enter__(self) -> Self:
        try:
            for role in _ROLES:
                self._start(role)
            for role in _ROLES:
                eventually(partial(self._is_up, role), seconds=90)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the applications, which send first what they have recorded; remove the links."""
        for name in self._made:
            requests.delete(f"{self._links}/proxies/{name}", timeout=10)
        self._made.clear()
        for process in self._processes:
            process.send_signal(self._ecosystem.stopped_by)
        for process in self._processes:
            process.wait(20)
        self._processes.clear()

    def call_all(self, scenarios: Iterable[Scenario], *, by: str) -> list[Called]:
        """Make a call of each scenario, some at a time."""
        listed = list(scenarios)
        with ThreadPoolExecutor(6) as pool:
            calls = list(pool.map(lambda each: self._call(each, by), listed))
        # What came late has come by now.
        return [self._counted(call, each, by) for call, each in zip(calls, listed, strict=True)]

    def _start(self, role: str) -> None:
        port, grpc_port = self._ports[role]
        environ = {
            **os.environ,
            "OTEL_SERVICE_NAME": role,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._telemetry,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_LOGS_EXPORTER": "none",
            "OTEL_METRICS_EXPORTER": "none",
            "OTEL_SDK_DISABLED": str(role == QUIET).lower(),
            "PORT": str(port),
            "GRPC_PORT": str(grpc_port),
            "NO_PROXY": "*",
            "OTEL_SEMCONV_STABILITY_OPT_IN": self._conventions,
            **self._ecosystem.environ,
        }
        with (self._directory / f"{role}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    self._ecosystem.command,
                    env=environ,
                    cwd=self._directory,
                    stdout=log,
                    stderr=log,
                )
            )

    def _is_up(self, role: str) -> bool:
        code = self._processes[_ROLES.index(role)].poll()
        assert code is None, (self._directory / f"{role}.log").read_text(errors="replace")
        return self._seen(role, "none") is not None

    def _seen(self, role: str, call_id: str) -> dict[str, int] | None:
        try:
            answer = requests.get(
                f"http://127.0.0.1:{self._ports[role][0]}/seen", {"id": call_id}, timeout=5
            )
        except requests.RequestException:
            return None
        found: dict[str, int] = answer.json()
        return found

    def _call(self, scenario: Scenario, by: str) -> Called:
        name = _name(scenario, by)
        with requests.Session() as session:
            port = self._link(session, name, scenario, by)
            asked: dict[str, str | int] = {"id": name, "by": by, "port": port}
            if scenario.is_cut_at_work:
                Thread(target=self._cut, args=[name]).start()
            answer = session.get(
                f"http://127.0.0.1:{self._ports[CALLER][0]}/call",
                params={**asked, "timeout": TIMEOUT_MS, **scenario.asked},
                headers=self._parent(),
                timeout=30,
            ).json()
        return Called(scenario.name, answer["traceId"], answer["saw"], 0)

    def _counted(self, call: Called, scenario: Scenario, by: str) -> Called:
        """A call with how often it came in, once its callee works at it no longer."""
        role = CALLEE if scenario.upstream == "nobody" else scenario.upstream
        name = _name(scenario, by)

        def settled() -> dict[str, int] | None:
            seen = self._seen(role, name)
            is_late = scenario.comes_late and not (seen or {}).get("came")
            return seen if seen and seen["came"] == seen["ended"] and not is_late else None

        try:
            return replace(call, came=eventually(settled)["came"])
        except AssertionError as error:
            seen = self._seen(role, name)
            if seen and not seen["came"]:
                # What has not come by now does not.
                return call
            raise AssertionError(f"{scenario.name}, by {by}: {seen}") from error

    def _parent(self) -> dict[str, str]:
        if not self._ecosystem.is_sent_its_trace:
            return {}
        return {"traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"}

    def _cut(self, name: str) -> None:
        """Take a call's link down as soon as its callee is at work."""
        eventually(lambda: (self._seen(CALLEE, name) or {}).get("came"))
        requests.post(f"{self._links}/proxies/{name}", json={"enabled": False}, timeout=10)

    def _link(self, session: requests.Session, name: str, scenario: Scenario, by: str) -> int:
        """Make the link of one call; returns the port at which it listens."""
        port = eventually(lambda: self._listen(session, name, scenario, by))
        for each in scenario.toxics:
            toxics = f"{self._links}/proxies/{name}/toxics"
            session.post(toxics, json=each, timeout=10).raise_for_status()
        return port

    def _listen(
        self, session: requests.Session, name: str, scenario: Scenario, by: str
    ) -> int | None:
        """Listen at a free port; None where somebody else was faster."""
        [port] = free_ports(1)
        upstream = 9
        if scenario.upstream != "nobody":
            upstream = self._ports[scenario.upstream][by == "grpc"]
        proxy: dict[str, Any] = {
            "name": name,
            "listen": f"127.0.0.1:{port}",
            "upstream": f"127.0.0.1:{upstream}",
            "enabled": scenario.is_up,
        }
        answer = session.post(f"{self._links}/proxies", json=proxy, timeout=10)
        if not answer.ok:
            return None
        self._made.append(name)
        return port


def _name(scenario: Scenario, by: str) -> str:
    return f"{by}-{scenario.name}".replace(" ", "-").replace(",", "")
