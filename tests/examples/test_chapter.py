"""The chapter's services in JavaScript: installed, started, and A, B, C explained rightly."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.examples.example import ExampleLab, copy_of, run_or_skip
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(240)]

HEALTHY = {
    "api": [
        "order accepted (pending)",
        "event received",
        "order confirmed",
        "job delivered to worker",
    ],
    "worker": ["job accepted", "stock reserved", "callback sent"],
}
GAVE_UP = (
    "api gave up its call “POST /jobs/reserve-stock” to worker after N ms: no complete response had"
    " come (23)."
)
ARRIVED = "The call arrived: worker has it on record."
STILL_AT_WORK = (
    "worker was still at work then and ended N ms later: an answer at its end came too late."
)
COULD_NOT_KNOW = (
    "At that moment api could not know whether the call had arrived: a lost request, a slow worker"
    " and a lost answer look the same."
)
TO_ITS_CALLER = (
    "Whether its answer to “POST /orders” came to its caller cannot be known from the side of api."
)


def refused(caller: str, callee: str, *, fault: bool = True) -> list[str]:
    """What is said of a call that a cut link refused, by who knows of the fault or does not."""
    path = {"api": "/internal/order-events", "worker": "/jobs/reserve-stock"}[callee]
    during = f"While it was under way, the fault cut was in force on {caller} → {callee}."
    return [
        f"{caller} did not reach {callee}",
        (
            f"The call “POST {path}” of {caller} to {callee} failed after N ms: the connection was"
            " refused (ECONNREFUSED)."
        ),
        f"The call did not reach {callee}: its connection was refused.",
        *([during] if fault else []),
        (
            f"Why cannot be known from the side of {caller}: not started, stopped and cut off by"
            " something in between look the same."
        ),
        f"Whether {callee} was running and listened there at that time would settle it.",
    ]


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's folder, installed as its page says."""
    copy = copy_of("chapter", tmp_path_factory.mktemp("chapter"))
    run_or_skip(["npm", "ci", "--no-audit", "--no-fund"], copy)
    return copy


@contextmanager
def broken(lab: ExampleLab, target: str, kind: str, **parameters: Any) -> Iterator[None]:
    lab.set_fault(target, kind, **parameters)
    yield
    lab.heal_all()


def by_service(lab: ExampleLab, trace_id: str) -> dict[str, list[str]]:
    """What each service logged, in order; lines of two may have the same millisecond."""
    logged = lab.logged(trace_id)
    return {name: [text for service, text in logged if service == name] for name in HEALTHY}


def order_id(lab: ExampleLab, trace_id: str) -> str:
    """The order's id, as the services print it."""

    def found() -> str | None:
        logs = lab.get(f"/api/traces/{trace_id}")["logs"]
        return next((each["orderId"] for each in logs if each.get("orderId")), None)

    return eventually(found)


def status(lab: ExampleLab, trace_id: str) -> str:
    return str(lab.order(order_id(lab, trace_id))["status"])


def test_the_chapters_services_their_logs_and_its_three_experiments(
    chapter: Path, tmp_path: Path
) -> None:
    with ExampleLab(chapter / "system.toml", tmp_path / "lab") as lab:
        sent = lab.act("place-order")["traceId"]
        eventually(lambda: by_service(lab, sent) == HEALTHY, seconds=30)
        logs = lab.get(f"/api/traces/{sent}")["logs"]
        assert {each["attributes"]["lab.joined_by"] for each in logs} == {"answer"}
        lab.expect_headline(sent, "No error on record")

        with broken(lab, "api-to-worker", "cut"):  # A
            sent = lab.act("place-order")["traceId"]
        lab.expect(sent, refused("api", "worker"))
        lab.expect(sent, [*refused("api", "worker", fault=False), TO_ITS_CALLER], "api")
        assert status(lab, sent) == "PENDING"

        with broken(lab, "worker-to-api", "cut"):  # B
            sent = lab.act("place-order")["traceId"]
        lab.expect(sent, refused("worker", "api"))
        assert lab.explained(sent, "api")[0] == "No error on record"
        assert ("worker", "stock reserved") in lab.logged(sent)
        assert status(lab, sent) == "PENDING"

        with broken(lab, "api-to-worker", "slow", ms=2_000):  # C, by a slow link
            sent = lab.act("place-order")["traceId"]
            late = [
                "The call reached worker after api had given up",
                GAVE_UP,
                "While it was under way, the fault slow was in force on api → worker.",
                ARRIVED,
                "It reached worker N ms after it was over for api, by the clocks of both.",
                (
                    "worker worked at it all the same and ended N ms after it was over for api: an"
                    " answer at its end came too late."
                ),
                COULD_NOT_KNOW,
            ]
            lab.expect(sent, late)
        side = [
            "api got no answer from worker",
            GAVE_UP,
            "No answer came to api in time: that does not show that nothing was done.",
            (
                "“POST /internal/order-events” came to api afterwards. If worker sent it because of"
                " this call, the call had arrived; these records do not show who sent it."
            ),
            "The records of worker would settle it.",
            TO_ITS_CALLER,
        ]
        lab.expect(sent, side, "api")
        assert status(lab, sent) == "CONFIRMED"

        with broken(lab, "worker-to-api", "slow", ms=2_000):  # C, by slow work
            sent = lab.act("place-order")["traceId"]
            late = [
                "api gave up while worker was at work",
                GAVE_UP,
                ARRIVED,
                STILL_AT_WORK,
                COULD_NOT_KNOW,
            ]
            lab.expect(sent, late)
        assert status(lab, sent) == "CONFIRMED"


def test_our_api_with_the_chapters_worker(chapter: Path, tmp_path: Path) -> None:
    with ExampleLab(chapter / "our_api.toml", tmp_path / "lab") as lab:
        assert "Callbacks are taken without the secret." in lab.session.get(lab.observer_url).text

        placed = lab.place_order().json()
        assert placed["status"] == "CONFIRMED"
        eventually(lambda: by_service(lab, trace_id(lab, placed)) == HEALTHY, seconds=30)
        lab.expect_headline(trace_id(lab, placed), "No error on record")

        with broken(lab, "api-to-worker", "cut"):  # A
            placed = lab.place_order().json()
        assert placed["status"] == "PENDING"
        assert headline(lab, placed) == "PENDING: the job never reached the worker"

        with broken(lab, "worker-to-api", "cut"):  # B
            placed = lab.place_order().json()
        lab.expect(trace_id(lab, placed), refused("worker", "api"))
        assert lab.order(placed["orderId"])["status"] == "PENDING"

        with broken(lab, "api-to-worker", "slow", ms=2_000):  # C
            placed = lab.place_order().json()
            assert placed["status"] == "PENDING"
            late = "The call reached worker after api had given up"
            lab.expect_headline(trace_id(lab, placed), late)
        assert lab.order(placed["orderId"])["status"] == "CONFIRMED"


def trace_id(lab: ExampleLab, placed: dict[str, str]) -> str:
    found = eventually(lambda: lab.get("/api/traces", requestId=placed["requestId"])["traces"])
    return str(found[0]["traceId"])


def headline(lab: ExampleLab, placed: dict[str, str]) -> str:
    return lab.explained(trace_id(lab, placed))[0]


def test_the_chapters_api_with_our_worker(chapter: Path, tmp_path: Path) -> None:
    with ExampleLab(chapter / "our_worker.toml", tmp_path / "lab") as lab:
        sent = lab.act("place-order")["traceId"]
        eventually(lambda: by_service(lab, sent) == HEALTHY, seconds=30)
        lab.expect_headline(sent, "No error on record")

        with broken(lab, "api-to-worker", "cut"):  # A
            sent = lab.act("place-order")["traceId"]
        lab.expect(sent, refused("api", "worker"))

        with broken(lab, "worker-to-api", "cut"):  # B
            sent = lab.act("place-order")["traceId"]
        lab.expect_headline(sent, "worker did not reach api")
        assert status(lab, sent) == "PENDING"
        reservation = lab.reservation(order_id(lab, sent))
        assert reservation is not None
        assert reservation["status"] == "RESERVED"

        with broken(lab, "api-to-worker", "slow", ms=2_000):  # C
            sent = lab.act("place-order")["traceId"]
            late = "The call reached worker after api had given up"
            lab.expect_headline(sent, late)
        assert status(lab, sent) == "CONFIRMED"
