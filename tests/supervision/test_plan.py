"""The processes of a system: what its file says, with what telemetry and supervision need."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from base.env import BASE_DIR, read
from supervision.errors import StartError
from supervision.plan import Plan, required_ports
from systems.file import parse
from systems.orders import orders
from tests.systems.five import five

if TYPE_CHECKING:
    from supervision.process import Process
    from systems.system import System

ENV = read({"LAB_SECRET": "s", "LAB_PORT_OBSERVER": "8100"})
SEVERAL = """
title = "x"
[[service]]
name = "a"
url = "http://127.0.0.1:{port}"
command = ["python", "a.py", "{n}"]
instances = 2
logs = "otlp"
env = { OTEL_SERVICE_NAME = "mine", PORT = "{port}" }
"""


def planned(system: System, **environ: str) -> dict[str, Process]:
    plan = Plan(ENV, system, environ={"PATH": os.defpath, **environ}, otlp_ports={})
    return {each.name: each for each in plan.processes()}


def test_the_observer_is_first_and_the_network_last() -> None:
    assert list(planned(orders(ENV))) == ["observer", "api", "worker", "network"]
    # West is somebody else's.
    assert list(planned(five())) == ["observer", "hub", "north", "east", "south", "network"]


def test_the_labs_own_services_run_as_their_file_says() -> None:
    api = planned(orders(ENV))["api"]
    assert api.argv == [sys.executable, "-m", "labsite.serving", "api"]
    assert (api.directory, api.ready_url) == (BASE_DIR, "http://127.0.0.1:4000/readyz")
    assert api.environ["DJANGO_SETTINGS_MODULE"] == "labsite.settings.api"
    assert "OTEL_LOGS_EXPORTER" not in api.environ


def test_a_service_is_told_where_its_telemetry_goes() -> None:
    hub = planned(five())["hub"]
    assert {name: value for name, value in hub.environ.items() if name.startswith("OTEL_")} == {
        "OTEL_SERVICE_NAME": "hub",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:8100",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
    }


def test_what_the_file_sets_goes_before_that() -> None:
    system = replace(parse(SEVERAL, path=Path(__file__)), ports={"a#1": 7001, "a#2": 7002})
    second = planned(system)["a#2"]
    assert second.environ["OTEL_SERVICE_NAME"] == "mine"
    assert second.environ["PORT"] == "7002"
    assert list(second.argv[1:]) == ["a.py", "2"]
    assert second.ready_url == "tcp://127.0.0.1:7002"


def test_a_service_and_what_it_starts_are_one() -> None:
    processes = planned(five())
    assert [each.name for each in processes.values() if each.whole_tree] == [
        "hub",
        "north",
        "east",
        "south",
    ]


def test_a_program_that_is_not_there_is_named() -> None:
    text = SEVERAL.replace('"python"', '"no-such-program"')
    with pytest.raises(StartError, match="a#1: there is no program 'no-such-program' here"):
        planned(replace(parse(text, path=Path(__file__)), ports={"a#1": 7001, "a#2": 7002}))


def test_a_path_to_a_program_is_one_from_the_services_folder(tmp_path: Path) -> None:
    program = tmp_path / "own" / "front"
    program.parent.mkdir()
    program.touch(mode=0o755)
    text = SEVERAL.replace('"python", "a.py"', '"./front"')
    text = text.replace("instances = 2", 'directory = "own"')
    planned_there = planned(parse(text, path=tmp_path / "my.toml"))
    assert Path(planned_there["a"].argv[0]) == program


def test_every_link_is_a_proxy() -> None:
    argv = list(planned(five())["network"].argv)
    proxies = [after for word, after in pairwise(argv) if word == "--proxy"]
    assert len(proxies) == 9
    assert proxies[0] == "client-to-hub=127.0.0.1:21010,127.0.0.1:21000"


def test_a_port_that_is_taken_is_looked_for_where_it_is_set() -> None:
    assert required_ports(ENV, orders(ENV))["the link api-to-worker"] == (
        4100,
        "LAB_PORT_API_TO_WORKER",
    )
    port, where = required_ports(ENV, five())["the service hub"]
    assert (port, where) == (21_000, f"its url in {five().path}")
