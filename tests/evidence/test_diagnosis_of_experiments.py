"""The diagnoses of the three experiments, word for word, from every side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.perspective import Perspective

NOTHING_AT_THE_WORKER = (
    "Nothing is on record on this side",
    "fact: Here the worker has no record of this request.",
    (
        "unknown: Whether it was lost on its way or never sent cannot be known from the side of the"
        " worker alone."
    ),
    "settles: The records of the other services would settle it.",
)

EXPECTED: dict[tuple[str, Perspective], tuple[str, ...]] = {
    ("a_socket", "all"): (
        "PENDING: the job never reached the worker",
        "fact: At API → worker the connection was refused after 3 ms (connect_refused).",
        (
            "certain: A refused connection carries no request, so the worker never received this"
            " job and reserved nothing for it. The order stays PENDING until a job is delivered."
        ),
        (
            "unknown: Why it was refused cannot be known from these records: a stopped worker and"
            " a cut link refuse in the same way."
        ),
        (
            "settles: GET /healthz at the worker's own address, past the link, would tell a"
            " stopped worker from a broken link."
        ),
    ),
    ("a_socket", "api"): (
        "PENDING: the job never reached the worker",
        "fact: At API → worker the connection was refused after 3 ms (connect_refused).",
        (
            "certain: A refused connection carries no request, so the worker never received this"
            " job and reserved nothing for it. The order stays PENDING until a job is delivered."
        ),
        (
            "unknown: Why it was refused cannot be known from the API's side alone: a stopped"
            " worker and a cut link refuse in the same way."
        ),
        (
            "settles: GET /healthz at the worker's own address, past the link, would tell a"
            " stopped worker from a broken link."
        ),
    ),
    ("a_socket", "worker"): NOTHING_AT_THE_WORKER,
    ("a_switch", "all"): (
        "PENDING: the job never reached the worker",
        (
            "fact: At API → worker nothing was sent: a switch in the code of the API cut the call"
            " (simulated_partition)."
        ),
        (
            "certain: Nothing left the API, so the worker never received this job and reserved"
            " nothing for it. The order stays PENDING until a job is delivered."
        ),
        "unknown: Whether the worker is well cannot be known from these records: nobody asked it.",
        "settles: GET /healthz on the worker would tell whether it is well.",
    ),
    ("a_switch", "api"): (
        "PENDING: the job never reached the worker",
        (
            "fact: At API → worker nothing was sent: a switch in the code of the API cut the call"
            " (simulated_partition)."
        ),
        (
            "certain: Nothing left the API, so the worker never received this job and reserved"
            " nothing for it. The order stays PENDING until a job is delivered."
        ),
        (
            "unknown: Whether the worker is well cannot be known from the API's side alone:"
            " nobody asked it."
        ),
        "settles: GET /healthz on the worker would tell whether it is well.",
    ),
    ("a_switch", "worker"): NOTHING_AT_THE_WORKER,
    ("b_socket", "all"): (
        "PENDING: the work is done, and the API never heard",
        "fact: At worker → API the connection was refused after 4 ms (connect_refused).",
        (
            "certain: The worker has reserved the stock. Even so, the order is still PENDING at"
            " the API."
        ),
        (
            "unknown: The API cannot know this by itself: it waits for an event, and cannot tell"
            " one that was lost from one that is late or was never sent."
        ),
        f"settles: GET /reservations/{build.ORDER_ID} on the worker would tell the API.",
    ),
    ("b_socket", "api"): (
        "PENDING: the worker has answered, but no event has come",
        "fact: At API → worker the job was delivered and answered in 19 ms.",
        "certain: The answer shows that the worker received the job.",
        (
            "unknown: Whether it reserved the stock, and why no event has come, cannot be known"
            " from the API's side alone: the event may be lost, late or never sent."
        ),
        (
            f"settles: GET /reservations/{build.ORDER_ID} on the worker, or the worker's log,"
            " would settle it."
        ),
    ),
    ("b_socket", "worker"): (
        "The worker has done its part, and holds its callback for failed",
        "fact: At worker → API the connection was refused after 4 ms (connect_refused).",
        "certain: The worker has done its part, and this event never reached the API.",
        (
            "unknown: Why it was refused cannot be known from the worker's side alone: a stopped"
            " API and a cut link refuse in the same way."
        ),
        f"settles: GET /orders/{build.ORDER_ID} on the API, or the API's log, would settle it.",
    ),
    ("b_switch", "all"): (
        "PENDING: the work is done, and the API never heard",
        (
            "fact: At worker → API nothing was sent: a switch in the code of the worker cut the"
            " call (simulated_partition)."
        ),
        (
            "certain: The worker has reserved the stock. Even so, the order is still PENDING at"
            " the API."
        ),
        (
            "unknown: The API cannot know this by itself: it waits for an event, and cannot tell"
            " one that was lost from one that is late or was never sent."
        ),
        f"settles: GET /reservations/{build.ORDER_ID} on the worker would tell the API.",
    ),
    ("b_switch", "api"): (
        "PENDING: the worker has answered, but no event has come",
        "fact: At API → worker the job was delivered and answered in 15 ms.",
        "certain: The answer shows that the worker received the job.",
        (
            "unknown: Whether it reserved the stock, and why no event has come, cannot be known"
            " from the API's side alone: the event may be lost, late or never sent."
        ),
        (
            f"settles: GET /reservations/{build.ORDER_ID} on the worker, or the worker's log,"
            " would settle it."
        ),
    ),
    ("b_switch", "worker"): (
        "The worker has done its part, and holds its callback for failed",
        (
            "fact: At worker → API nothing was sent: a switch in the code of the worker cut the"
            " call (simulated_partition)."
        ),
        "certain: The worker has done its part, and this event never reached the API.",
        "unknown: What the API believes meanwhile cannot be known from the worker's side alone.",
        f"settles: GET /orders/{build.ORDER_ID} on the API, or the API's log, would settle it.",
    ),
    ("c_slow", "all"): (
        "CONFIRMED: the worker was slow, not dead",
        (
            "fact: At API → worker the API allowed 800 ms and gave up after 801 ms without a"
            " complete response (read_timeout)."
        ),
        (
            "certain: The job had arrived: the worker reserved the stock 5,006 ms later. The"
            " order became CONFIRMED by the callback."
        ),
        (
            "unknown: When it gave up, the API could not know this: a lost request, a lost"
            " answer, a slow worker and a crashed worker look the same."
        ),
        "settles: The callback settled it: it came 4,214 ms after the API had given up.",
    ),
    ("c_slow", "api"): (
        "CONFIRMED: the API had given up, but the worker had not",
        (
            "fact: At API → worker the API allowed 800 ms and gave up after 801 ms without a"
            " complete response (read_timeout)."
        ),
        (
            "certain: The event shows that the worker had received the job and processed it: the"
            " timeout was not a failure."
        ),
        (
            "unknown: Why the answer did not come in time cannot be known from the API's side"
            " alone: a slow worker, a slow link and a lost answer look the same."
        ),
        "settles: The callback settled it: it came 4,214 ms after the API had given up.",
    ),
    ("c_slow", "worker"): (
        "The worker has done its part, and the API was told",
        "fact: The worker reserved the stock.",
        "certain: The API answered the callback after 14 ms, so the event arrived.",
        (
            "unknown: Whether the API was still waiting for the answer to its job cannot be known"
            " from the worker's side alone."
        ),
        f"settles: GET /orders/{build.ORDER_ID} on the API, or the API's log, would settle it.",
    ),
}


@pytest.mark.parametrize(("name", "perspective"), EXPECTED)
def test_it_says_what_these_records_prove_and_no_more(name: str, perspective: Perspective) -> None:
    story = build.STORIES[name]()
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)[
        "diagnosis"
    ]
    sentences = tuple(f"{one['kind']}: {one['text']}" for one in found["sentences"])
    assert (found["headline"], *sentences) == EXPECTED[name, perspective]
