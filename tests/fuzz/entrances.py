"""The entrances of a running lab: how each is called, judged and put right again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base.client import SECRET_HEADER, LabClient
from base.errors import LabError
from tests.fuzz import calls, judge, schemas
from tests.fuzz.by_schema import SchemaCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.fuzz.chance import Chance
    from tests.fuzz.judge import Shape
    from tests.fuzz.wire import Answer, Call
    from tests.support.processes import LabProcesses

OTLP = ["/v1/traces", "/v1/logs", "/v1/started", "/v1/metrics", "/v1/", "/v1/traces/", "/v1/<x>"]
PROXY = "/proxies/<name>"
TOXIPROXY = ["/proxies", PROXY, f"{PROXY}/toxics", f"{PROXY}/toxics/<toxic>", "/populate", "/reset"]
TOXIPROXY += ["/version", "/metrics", "/healthz", "/readyz", "/nowhere"]
CONTROL = ["/processes", "/processes/<name>/faults", "/processes/faults", "/processes/faults/<id>"]
CONTROL += ["/healthz", "/readyz", "/nowhere"]
IMPORT = "/api/import"


@dataclass(frozen=True, slots=True)
class Entrance:
    """One port's calls; ``restore`` takes back what calls that were answered may have done."""

    name: str
    port: int
    call: Callable[[Chance], Call]
    shape: Callable[[Call], Shape]
    restore: Callable[[], None] = lambda: None
    faults_of: Callable[[Call, Answer], Iterator[str]] = lambda _call, _answer: iter(())
    """What else is wrong with an answer."""


def entrances(lab: LabProcesses, secret: str) -> list[Entrance]:
    """List a lab's entrances, by its ports."""
    bodies, ports = calls.bodies(), lab.ports
    observer, toxiproxy, control = (
        LabClient(f"http://127.0.0.1:{ports[name]}", secret=secret)
        for name in ("OBSERVER", "TOXIPROXY", "CONTROL")
    )
    links = toxiproxy.call("GET", "/proxies")
    paths = {
        name: calls.routes(f"labsite.http.urls_{name}") for name in ("observer", "api", "worker")
    }
    paths["observer"].remove(IMPORT)

    def heal() -> None:
        observer.call("DELETE", "/api/faults")

    def leave_all() -> None:
        # What a run has crashed is not there until the run has ended.
        lab.end_run_and_mystery()
        heal()

    def heal_processes() -> None:
        control.call("DELETE", "/processes/faults")

    def http(
        name: str, port: str, listed: list[str], shape: Shape, restore: Callable[[], None]
    ) -> Entrance:
        usual = {SECRET_HEADER: secret}
        return Entrance(
            name,
            ports[port],
            lambda chance: calls.http_call(chance, listed, bodies, usual),
            lambda _call: shape,
            restore,
        )

    def by_schema(
        name: str, port: str, schema: dict[str, Any], shape: Shape, restore: Callable[[], None]
    ) -> Entrance:
        made = SchemaCalls(schema, {SECRET_HEADER: secret})
        listed = f"{name}, by its schema"
        return Entrance(listed, ports[port], made, lambda _call: shape, restore, made.faults_of)

    def of_routes(name: str) -> dict[str, Any]:
        port = ports[name.upper()]
        return schemas.schema_of_routes(paths[name], bodies, port, {SECRET_HEADER: secret})

    service, page = judge.service_error, judge.page_or_object
    return [
        by_schema("orders", "API", schemas.own_schema(ports["API"]), service, heal),
        by_schema("api", "API", of_routes("api"), service, heal),
        by_schema("worker", "WORKER", of_routes("worker"), service, heal),
        by_schema("observer", "OBSERVER", of_routes("observer"), page, leave_all),
        Entrance("OTLP", ports["OTLP"], lambda c: calls.otlp_call(c, OTLP), lambda _: judge.otlp),
        Entrance("import", ports["OBSERVER"], calls.import_call, lambda _: judge.error_object),
        Entrance(
            "observer",
            ports["OBSERVER"],
            lambda chance: calls.http_call(chance, paths["observer"], bodies, {}),
            _shape_of_observer,
            leave_all,
        ),
        http("api", "API", paths["api"], judge.service_error, heal),
        http("worker", "WORKER", paths["worker"], judge.service_error, heal),
        http(
            "toxiproxy",
            "TOXIPROXY",
            TOXIPROXY,
            judge.toxiproxy_error,
            lambda: _restore_links(toxiproxy, links),
        ),
        http("control", "CONTROL", CONTROL, judge.error_object, heal_processes),
    ]


def _shape_of_observer(call: Call) -> Shape:
    for_machines = call.target.startswith(("/api/", "/healthz", "/readyz"))
    return judge.error_object if for_machines else judge.page_or_object


def _restore_links(toxiproxy: LabClient, links: Mapping[str, Any]) -> None:
    """Give the lab's links their places back, without toxics, and remove all others."""
    for name in toxiproxy.call("GET", "/proxies"):
        if name not in links:
            # Its name may be one that no address can say.
            with suppress(LabError):
                toxiproxy.call("DELETE", f"/proxies/{name}")
    wanted = [
        {key: link[key] for key in ("name", "listen", "upstream", "enabled")}
        for link in links.values()
    ]
    toxiproxy.call("POST", "/populate", body=wanted)
    toxiproxy.call("POST", "/reset")
