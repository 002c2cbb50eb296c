"""The processes of the lab, with their arguments and environment. Pure."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from base.env import BASE_DIR
from base.process.listening import LOOPBACK, loopback_addresses
from supervision import hosts
from supervision.errors import StartError
from supervision.output.following import Output
from supervision.process import Process
from systems.orders import FILES
from systems.system import port_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.env import LabEnv
    from supervision.namespace import Namespace
    from supervision.output.sender import Sender
    from systems.system import Instance, Service, System

_PYTHON = "python"
"""In a system file the lab's own interpreter, which has its packages."""


def port_variable(name: str) -> str:
    """Name the environment variable that moves a port of the lab or of its own system."""
    return f"LAB_PORT_{name.upper().replace('-', '_')}"


def required_ports(env: LabEnv, system: System) -> dict[str, tuple[int, str]]:
    """Map each listener to its port and to what sets it."""
    where = "" if system.path in FILES else f"its url in {system.path}"
    ports = {"the observer and its page": (env.ports.observer, port_variable("observer"))}
    for service in system.services:
        if service.command and not service.needs_port:
            for instance in system.instances(service):
                variable = where or port_variable(service.name)
                ports[f"the service {instance.name}"] = (port_of(instance.url), variable)
    ports["the supervisor"] = (env.ports.control, port_variable("control"))
    if env.own_network:
        for link in system.links:
            variable = where and f"its listen in {system.path}"
            variable = variable or port_variable(link.name)
            ports[f"the link {link.name}"] = (port_of(link.listen), variable)
        ports["the links' control API"] = (env.ports.toxiproxy, port_variable("toxiproxy"))
    return ports


class Plan:
    """The processes of ``system`` in an environment.

    ``otlp_ports`` has OTLP's usual ports by their fields in `Ports`, 0 for one that can't be had.
    With ``worker_host`` the worker runs in that namespace. ``sender`` takes what services print.
    """

    def __init__(
        self,
        env: LabEnv,
        system: System,
        *,
        environ: Mapping[str, str],
        otlp_ports: Mapping[str, int],
        worker_host: Namespace | None = None,
        sender: Sender | None = None,
    ) -> None:
        self._env = env
        self._system = system
        self._host = worker_host
        self._sender = sender
        self._shared = {
            **environ,
            "LAB_SECRET": env.secret,
            "LAB_VAR_DIR": str(env.var_dir),
            "LAB_SYSTEM": str(env.system or ""),
            "LAB_SYSTEM_PORTS": json.dumps(system.ports),
            **{port_variable(field): str(port) for field, port in otlp_ports.items()},
            "PYTHONUNBUFFERED": "1",
        }

    def processes(self) -> list[Process]:
        """List the processes in their start order.

        :raises StartError: there is no such program as a service's command names.
        """
        listed = [self._observer()]
        for service in self._system.services:
            if service.command:
                listed += (
                    self._instance(service, each) for each in self._system.instances(service)
                )
        if self._env.own_network:
            listed.append(self._network())
        return listed

    def _observer(self) -> Process:
        return Process(
            name="observer",
            argv=[sys.executable, "-m", "labsite.serving", "observer"],
            ready_url=f"http://{LOOPBACK[0]}:{self._env.ports.observer}/readyz",
            environ={
                **self._shared,
                **self._moved("observer"),
                "LAB_SERVICE": "observer",
                "DJANGO_SETTINGS_MODULE": "labsite.settings.observer",
            },
            directory=BASE_DIR,
            one_core=self._env.one_core,
        )

    def _instance(self, service: Service, instance: Instance) -> Process:
        environ = {
            **self._shared,
            **self._telemetry(service),
            **self._moved(service.name),
            **instance.env,
        }
        argv, url = self._argv(service, instance, environ), instance.url
        if self._host is not None and hosts.is_moved(service.name):
            argv = self._host.inside(argv)
            url = f"http://{self._host.inner_address}:{port_of(url)}"
        return Process(
            name=instance.name,
            argv=argv,
            ready_url=f"{url}{service.ready}" if service.ready else _listening(url),
            environ=environ,
            directory=service.directory,
            one_core=self._env.one_core,
            whole_tree=True,
            output=self._output(service, instance),
        )

    def _output(self, service: Service, instance: Instance) -> Output | None:
        if self._sender is None or service.logs != "stdout":
            return None
        return Output(service.name, instance.name, self._sender)

    def _argv(self, service: Service, instance: Instance, environ: Mapping[str, str]) -> list[str]:
        program, *arguments = instance.command
        if program == _PYTHON:
            return [sys.executable, *arguments]
        if Path(program).name != program:
            # A path is one from the service's folder, as a shell there would take it.
            program = str(service.directory / program)
        # Windows finds `npm.cmd` for `npm` only when it is asked in this way.
        found = shutil.which(program, path=environ.get("PATH"))
        if found is None:
            raise StartError(f"{instance.name}: there is no program {program!r} here")
        return [found, *arguments]

    def _telemetry(self, service: Service) -> dict[str, str]:
        """Return the variables by which an OpenTelemetry SDK sends what the lab can show."""
        variables = {
            "OTEL_SERVICE_NAME": service.name,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._env.otlp_endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_METRICS_EXPORTER": "none",
        }
        if service.logs == "stdout":
            variables["OTEL_LOGS_EXPORTER"] = "none"
        return variables

    def _moved(self, name: str) -> dict[str, str]:
        return {} if self._host is None else hosts.environ_of(name, self._host, self._env)

    def _carried(self) -> Iterator[str]:
        for link in self._system.links:
            # Calls to and from a worker on a host of its own bypass the proxies.
            if self._host is None or not hosts.bypasses(link):
                yield f"{link.name}={link.listen},{link.upstream}"

    def _network(self) -> Process:
        env = self._env
        argv = [sys.executable, "-m", "network", "--seed", str(env.proxy_seed)]
        argv += ["--listen-control", f"127.0.0.1:{env.ports.toxiproxy}"]
        if env.link_journal and env.telemetry:
            argv += ["--journal", env.otlp_endpoint]
        for host in env.allowed_hosts:
            argv += ["--allow-host", host]
        for proxy in self._carried():
            argv += ["--proxy", proxy]
        if LOOPBACK[1] in loopback_addresses(env.bind):
            argv.append("--also-ipv6-loopback")
        return Process(
            name="network",
            argv=argv,
            ready_url=f"http://127.0.0.1:{env.ports.toxiproxy}/version",
            environ=self._shared,
            directory=BASE_DIR,
            one_core=env.one_core,
        )


def _listening(url: str) -> str:
    """Return what is ready as soon as its port answers."""
    return f"tcp://{url.partition('://')[2]}"
