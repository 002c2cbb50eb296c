from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from telemetry.reading import queries
from telemetry.store.writer import Writer
from tests.evidence import build
from tests.evidence.calls.run import TRACE, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]
URL = f"/api/traces/{build.TRACE_ID}/evidence"


@pytest.fixture
def client() -> Client:
    """A caller that names the observer's own host: no other is served."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def stored() -> Iterator[build.Story]:
    """Experiment B, in the store."""
    # Numbers of resources start again with an emptied database.
    queries._interned.cache_clear()
    story, writer = build.b_socket(), Writer()
    writer.submit(story.spans, story.logs).result(timeout=10)
    yield story
    writer.stop()
    queries._interned.cache_clear()


def test_it_explains_a_stored_trace(client: Client, stored: build.Story) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    found = response.json()
    assert found["traceId"] == build.TRACE_ID
    assert (found["requestId"], found["orderId"]) == (build.REQUEST_ID, build.ORDER_ID)
    assert found["perspective"] == "all"
    assert found["hidden"] == {"spans": 0, "logs": 0}
    headline = "PENDING: the work is done, and the API never heard"
    assert found["diagnosis"]["headline"] == headline
    assert found["truths"]["moments"][-1] == {
        "timeUnixNano": str(build.at(14)),
        "caller": {
            "belief": "PENDING",
            "text": "accepted, waits for the worker",
            "code": "belief.pending",
            "params": {},
        },
        "callee": {
            "fact": "reserved",
            "text": "has reserved the stock",
            "code": "fact.reserved",
            "params": {},
        },
        "differ": True,
        "proofs": found["truths"]["moments"][-1]["proofs"],
    }
    lost = next(one for one in found["messages"] if one["outcome"] == "refused")
    assert (lost["from"], lost["to"], lost["kind"]) == ("worker", "api", "request")
    assert lost["receivedUnixNano"] is None
    assert headline in found["prompt"]


def test_a_perspective_hides_the_other_side(client: Client, stored: build.Story) -> None:
    found = client.get(URL, {"perspective": "api"}).json()
    assert found["perspective"] == "api"
    assert found["hidden"]["spans"] > 0
    assert found["diagnosis"]["headline"] == (
        "PENDING: the worker has answered, but no event has come"
    )
    services = {
        proof["service"] for each in found["diagnosis"]["sentences"] for proof in each["proofs"]
    }
    assert services == {"api"}


def test_a_proof_names_a_log_by_its_place_in_the_store(client: Client, stored: build.Story) -> None:
    found = client.get(URL).json()
    _, logs, _ = queries.trace_records(build.TRACE_ID)
    named = {str(log.seq) for log in logs}
    proofs = [proof for each in found["diagnosis"]["sentences"] for proof in each["proofs"]]
    assert {proof["id"] for proof in proofs if proof["type"] == "log"} <= named


def test_an_unknown_perspective_is_refused(client: Client, stored: build.Story) -> None:
    response = client.get(URL, {"perspective": "network"})
    assert response.status_code == 400
    assert response.json() == {
        "error": "perspective must be one of all, api, worker",
        "field": "perspective",
    }


def test_another_applications_trace_is_looked_at_from_its_own_services(client: Client) -> None:
    queries._interned.cache_clear()
    run, writer = Run(), Writer()
    root = run.span("cart", "GET /cart", 0, 20, kind="SERVER")
    run.span("cart", "GET", 2, 4, parent=root, kind="CLIENT", error__type="ECONNREFUSED")
    writer.submit(run.spans, []).result(timeout=10)
    writer.stop()
    url = f"/api/traces/{TRACE}/evidence"
    found = client.get(url, {"perspective": "cart"}).json()
    assert (found["of"], found["perspectives"]) == ("calls", ["all", "cart"])
    assert "order" not in found["prompt"].replace("orderId", "")
    assert "in this trace of the services cart" in found["prompt"]
    refused = client.get(url, {"perspective": "api"})
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "perspective must be one of all, cart", "field": "perspective"},
    )


def test_what_is_no_trace_id_is_refused(client: Client) -> None:
    response = client.get("/api/traces/nonsense/evidence")
    assert response.status_code == 400
    assert response.json()["field"] == "traceId"


def test_an_unknown_trace_is_not_found(client: Client) -> None:
    response = client.get(f"/api/traces/{'0' * 31}1/evidence")
    assert response.status_code == 404
    assert response.json() == {"error": "no record of this trace is stored"}


def test_it_only_reads(client: Client) -> None:
    assert client.post(URL).status_code == 405


def test_a_clock_is_moved_in_what_is_read_alone(client: Client, stored: build.Story) -> None:
    as_written = client.get(URL).json()
    moved = client.get(f"{URL}?clock=worker:5000000000").json()
    sent = {one["id"]: one for one in as_written["messages"]}
    for one in moved["messages"]:
        gap = int(one["sentUnixNano"]) - int(sent[one["id"]]["sentUnixNano"])
        assert gap == (5_000_000_000 if one["from"] == "worker" else 0)
    assert any(one["from"] == "worker" for one in moved["messages"])
    assert client.get(URL).json() == as_written


@pytest.mark.parametrize("query", ["clock=worker", "clock=worker:fast", "clock=a:1&clock=a:2"])
def test_a_clock_that_is_none_is_refused(client: Client, stored: build.Story, query: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json()["field"] == "clock"


def test_a_moment_is_explained_by_the_records_known_by_then(
    client: Client, stored: build.Story
) -> None:
    found = client.get(URL, {"at": str(build.at(7))}).json()
    assert found["atUnixNano"] == str(build.at(7))
    assert found["diagnosis"]["headline"] == "PENDING: still under way"
    assert [one["caller"]["belief"] for one in found["truths"]["moments"]] == ["unknown", "PENDING"]
    assert client.get(URL).json()["atUnixNano"] is None


@pytest.mark.parametrize("at", ["now", "-5", "1.5", "9" * 20])
def test_a_moment_that_is_none_is_refused(client: Client, stored: build.Story, at: str) -> None:
    response = client.get(URL, {"at": at})
    assert (response.status_code, response.json()["field"]) == (400, "at")
