"""The lesson on a running lab: a prediction, a proof, and a mystery that keeps its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lesson import mystery
from lesson.suspects import SUSPECTS, Suspect
from tests.support.lab.manage import manage
from tests.support.long import long_but
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import requests

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def post(lab: LabProcesses, path: str, **body: Any) -> requests.Response:
    return lab.session.post(f"{lab.observer_url}/api/{path}", json=body, timeout=60)


def body_of(answer: requests.Response) -> dict[str, Any]:
    assert answer.ok, answer.text
    body: dict[str, Any] = answer.json()
    return body


def run(lab: LabProcesses, experiment: str) -> str:
    """Run an experiment to its end and return its order."""
    run_id = body_of(post(lab, f"experiments/{experiment}/runs"))["runId"]

    def ended() -> dict[str, Any] | None:
        state = lab.get(f"/api/runs/{run_id}")
        return None if state["status"] == "running" else state

    state = eventually(ended, seconds=60, every=0.2)
    assert state["status"] == "passed", state
    order_id: str = state["orders"][0]["order_id"]
    return order_id


def seed_of(name: str) -> str:
    return next(s for s in map(str, range(1_000)) if mystery.choose(s).name == name)


def test_a_prediction_is_compared_with_what_the_run_recorded(lab: LabProcesses) -> None:
    order_id = run(lab, "a-api-to-worker-cut")
    predictions = {"status": "PENDING", "stock": "reserved", "delivery": "connect_refused"}
    compared = body_of(
        post(lab, "lesson/exercises/a/results", orderId=order_id, predictions=predictions)
    )
    assert [each["right"] for each in compared["results"]] == [True, False, True]
    assert compared["results"][1]["seen"] == "nothing"
    assert lab.get(f"/api/traces/{compared['traceId']}")["spans"]


def test_a_paused_worker_goes_on_and_proves_the_api_wrong(lab: LabProcesses) -> None:
    order_id = run(lab, "paused-worker")
    compared = body_of(post(lab, "lesson/exercises/paused/results", orderId=order_id))
    seen = {each["question"]: each["seen"] for each in compared["results"]}
    assert seen == {"delivery": "read_timeout", "stock": "reserved", "status": "CONFIRMED"}


def test_an_answer_of_the_quiz_is_proved_by_a_run(lab: LabProcesses) -> None:
    order_id = run(lab, "response-lost")
    proved = body_of(post(lab, "lesson/quiz/crash/proof", orderId=order_id, answer="same"))
    assert (proved["right"], proved["rightAnswer"], proved["proved"]) == (False, "alive", True)


def test_an_order_that_nobody_knows_is_said_to_be_unknown(lab: LabProcesses) -> None:
    answer = post(lab, "lesson/exercises/a/results", orderId="nothing", predictions={})
    assert answer.status_code == 404


def test_a_mystery_hides_its_fault_until_it_is_answered(lab: LabProcesses) -> None:
    began = body_of(post(lab, "lesson/mystery", seed=seed_of("job_cut")))
    assert "job_cut" not in str({k: v for k, v in began.items() if k != "suspects"})
    placed = lab.place_order().json()
    assert placed["status"] == "PENDING"

    listed = lab.get("/api/faults")
    assert (listed["faults"], listed["hidden"]) == ([], 1)
    (hidden,) = lab.get("/api/faults", hidden="1")["faults"]
    assert (hidden["target"], hidden["kind"], hidden["setBy"]) == (
        "api-to-worker",
        "cut",
        "mystery",
    )
    assert 0 < hidden["remainingSeconds"] <= 300

    def windows() -> Any:
        trace = lab.get("/api/traces", orderId=placed["orderId"])["traces"][0]
        return lab.get(f"/api/traces/{trace['traceId']}/evidence")["windows"]

    eventually(lambda: lab.get("/api/lesson/mystery")["orders"][0]["look"])
    assert windows() == []

    state = body_of(post(lab, "lesson/mystery/answer", suspects=["job_cut", "worker_crash"]))
    assert (state["verdict"]["truth"]["name"], state["verdict"]["points"]) == ("job_cut", 3)
    assert lab.get("/api/faults", hidden="1")["faults"] == []
    assert [(each["target"], each["kind"]) for each in windows()] == [("api->worker", "cut")]
    assert lab.place_order().json()["status"] == "CONFIRMED"


@pytest.mark.parametrize(
    "suspect",
    long_but({"job_lost", "callback_cut"}, SUSPECTS),
    ids=lambda suspect: suspect.name,
)
def test_each_suspect_looks_to_the_api_as_the_list_says(
    lab: LabProcesses, suspect: Suspect
) -> None:
    body_of(post(lab, "lesson/mystery", seed=seed_of(suspect.name)))
    lab.place_order()
    final = {mystery.words(look) for look in suspect.looks if look.event != "not_yet"}

    def look() -> str | None:
        orders = lab.get("/api/lesson/mystery")["orders"]
        seen: str | None = orders[0]["look"] if orders else None
        return seen if seen in final else None

    eventually(look, seconds=12, every=0.2)
    state = body_of(post(lab, "lesson/mystery/answer", suspects=[suspect.name]))
    assert state["verdict"]["kind"] in ("exact", "lucky")


def test_the_same_seed_hides_the_same_fault_again(lab: LabProcesses) -> None:
    seed = seed_of("worker_error")
    found = []
    for _ in range(2):
        body_of(post(lab, "lesson/mystery", seed=seed))
        (hidden,) = lab.get("/api/faults", hidden="1")["faults"]
        found.append((hidden["target"], hidden["kind"], hidden["parameters"]))
    assert found[0] == found[1]


def test_leaving_heals_and_another_ones_leaving_does_not(lab: LabProcesses) -> None:
    began = body_of(post(lab, "lesson/mystery", seed=seed_of("job_cut")))
    assert body_of(post(lab, "lesson/mystery/leave", id="another")) == {"left": False}
    assert lab.get("/api/faults")["hidden"] == 1
    assert body_of(post(lab, "lesson/mystery/leave", id=began["id"])) == {"left": True}
    assert lab.get("/api/faults")["hidden"] == 0
    refused = post(lab, "lesson/mystery/answer", suspects=["job_cut"])
    assert refused.status_code == 409


def test_nothing_is_judged_before_an_order_was_seen(lab: LabProcesses) -> None:
    body_of(post(lab, "lesson/mystery", seed=seed_of("job_cut")))
    refused = post(lab, "lesson/mystery/answer", suspects=["job_cut"])
    assert refused.status_code == 409
    assert lab.get("/api/lesson/mystery")["status"] == "on"


def test_a_lab_that_is_not_whole_is_made_so_only_when_asked(lab: LabProcesses) -> None:
    lab.set_fault("client-to-api", "slow", ms=10)
    refused = post(lab, "lesson/mystery", seed="x")
    assert refused.status_code == 409
    assert len(lab.get("/api/faults")["faults"]) == 1
    body_of(post(lab, "lesson/mystery", seed="x", prepare=True))
    assert lab.get("/api/faults")["faults"] == []


def test_a_defence_that_would_cover_the_fault_up_is_turned_off_only_when_asked(
    lab: LabProcesses,
) -> None:
    url = f"{lab.observer_url}/api/defences"

    def on() -> list[str]:
        listed = lab.get("/api/defences")["defences"]
        return [each["name"] for each in listed if each["on"]]

    assert lab.session.patch(url, json={"retry": True}, timeout=10).ok
    refused = post(lab, "lesson/mystery", seed="x")
    assert (refused.status_code, on()) == (409, ["retry"])
    body_of(post(lab, "lesson/mystery", seed="x", prepare=True))
    assert on() == []


def test_an_experiment_does_not_run_into_a_mystery(lab: LabProcesses) -> None:
    body_of(post(lab, "lesson/mystery", seed=seed_of("worker_slow")))
    run_id = body_of(post(lab, "experiments/a-api-to-worker-cut/runs"))["runId"]
    ended = eventually(
        lambda: (s := lab.get(f"/api/runs/{run_id}"))["status"] != "running" and s, seconds=60
    )
    assert ended["status"] == "aborted"


def test_healing_all_heals_what_is_hidden(lab: LabProcesses) -> None:
    body_of(post(lab, "lesson/mystery", seed=seed_of("job_lost")))
    lab.heal_all()
    assert lab.get("/api/faults", hidden="1")["faults"] == []


def test_hidden_must_be_true_or_false(lab: LabProcesses) -> None:
    refused = post(lab, "faults", target="api-to-worker", kind="cut", hidden="yes")
    assert (refused.status_code, refused.json()["field"]) == (400, "hidden")


def test_answers_follow_the_readers_language(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut")
    order_id = lab.place_order().json()["orderId"]
    japanese = {"Accept-Language": "ja"}

    def headline() -> str | None:
        traces = lab.get("/api/traces", orderId=order_id)["traces"]
        if not traces:
            return None
        url = f"{lab.observer_url}/api/traces/{traces[0]['traceId']}/evidence"
        found = lab.session.get(url, headers=japanese, timeout=10).json()
        expected: str = found["diagnosis"]["headline"]
        return expected if "作業は終わっていますが" in expected else None

    assert eventually(headline).startswith("PENDING")
    listed = lab.session.get(f"{lab.observer_url}/api/faults", headers=japanese, timeout=10).json()
    assert "リンクが落ちています" in listed["faults"][0]["words"]
    experiments = lab.session.get(
        f"{lab.observer_url}/api/experiments", headers=japanese, timeout=10
    ).json()["experiments"]
    assert "A：APIからworkerに届かない" in [each["title"] for each in experiments]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ja_JP.UTF-8", "双方の認識が一致しています"), ("C", "both sides agree")],
)
def test_a_terminal_explains_in_its_own_language(
    lab: LabProcesses, language: str, expected: str
) -> None:
    order_id = lab.place_order().json()["orderId"]

    def explained() -> bool:
        environ = {**lab.environ, "LC_ALL": language, "PYTHONUTF8": "1"}
        return expected in manage(environ, "explain", order_id).stdout

    assert eventually(explained, seconds=20)
