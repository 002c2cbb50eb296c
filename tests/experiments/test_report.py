"""A report shows what was expected and what happened, escapes it all, and needs nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from experiments.checker.history import Operation
from experiments.report.page import page
from experiments.report.record import RunRecord

EVIL = "<script>alert('x')</script> & \"q\""
_SHAPES = {"rect", "line", "path"}


class Reader(HTMLParser):
    """Checks that what is opened is closed, and gathers what could reach outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self._look(tag, attrs)

    def _look(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object"}:
            self.outside.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in {"src", "href"} and (value or "#")[0] != "#"):
                self.outside.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _SHAPES
        self._look(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        """All texts, with single spaces between words."""
        return " ".join(" ".join(self.parts).split())


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    assert reader.open == []
    return reader


def operation(number: int, **changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "index": number,
        "request_id": f"r{number}",
        "started_ms": number * 100.0,
        "ended_ms": number * 100.0 + 40,
        "outcome": "ok",
        "http_status": 201,
        "order_id": f"o{number}",
    }
    return Operation(**(made | changed)).as_json()


def record(**changed: Any) -> RunRecord:
    state = {
        "runId": "20260101T000000000-0001",
        "name": "a",
        "title": f"A {EVIL}",
        "status": "deviated",
        "reason": "",
        "startedAt": "2026-01-01T00:00:00.000Z",
        "endedAt": "2026-01-01T00:00:02.500Z",
        "steps": [
            step("no fault is in force", "hypothesis"),
            step("cut", "action"),
            step("it is 201", "probe", status="deviated", text="503"),
            step("heal", "rollback"),
        ],
        "observed": [
            {"name": "it is 201", "text": EVIL, "expected": "201", "actual": "503", "ok": False}
        ],
        "windows": [{"fromMs": 10.0, "toMs": None, "words": f"cut {EVIL}"}],
    }
    journal = {"experiment": {"description": EVIL, "tags": ["cut", EVIL]}}
    return RunRecord(state | changed, journal)


def step(name: str, kind: str, *, status: str = "succeeded", text: str = "") -> dict[str, Any]:
    started = "2026-01-01T00:00:01.250Z"
    return {"name": name, "kind": kind, "status": status, "startedAt": started, "text": text}


def with_orders() -> RunRecord:
    base = record()
    history = [
        operation(0),
        operation(1),
        operation(2, outcome="fail", http_status=None, order_id=None, error="ConnectionError"),
        operation(3, outcome="info", http_status=None, order_id=None, error=EVIL),
    ]
    evidence = {
        "traceId": "f" * 32,
        "requestId": "r0",
        "orderId": EVIL,
        "diagnosis": {
            "headline": f"PENDING {EVIL}",
            "sentences": [{"kind": "unknown", "text": EVIL, "proofs": []}],
        },
        "checklist": [],
        "truths": {"moments": []},
        "messages": [
            {
                "kind": "request",
                "from": "api",
                "to": "worker",
                "sentUnixNano": "1500000",
                "outcome": "lost",
                "label": EVIL,
                "errorKind": "read_timeout",
            }
        ],
    }
    spans = [
        {
            "name": EVIL,
            "service": "api",
            "startTimeUnixNano": "1000000",
            "endTimeUnixNano": None,
            "errorKind": "read_timeout",
            "status": {"code": "ERROR"},
        }
    ]
    gathered = {
        "verdict": {
            "ok": False,
            "operations": 4,
            "outcomes": {"ok": 2, "fail": 1, "info": 1},
            "orders": 2,
            "reservations": 1,
            "anomalies": {
                "stuck": {
                    "count": 7,
                    "means": "PENDING in the end",
                    "first": [{"orderId": EVIL, "requestId": "r1"}] * 7,
                },
                "lost": {"count": 0, "means": "", "first": []},
            },
            "stockNotConserved": [{"sku": EVIL}],
        },
        "final": {
            "r0": {"status": "CONFIRMED", "reservations": 1},
            "r1": {"status": "PENDING", "reservations": 0},
        },
        "traces": [{"spans": spans, "evidence": evidence}],
    }
    return RunRecord(base.state, base.journal, history, gathered)


def test_it_shows_what_was_expected_and_what_happened() -> None:
    text = read(page([with_orders()])).text
    for expected in ("✕ not as expected", "Expected 201", "Observed 503", "1.25 s", "2.5 s"):
        assert expected in text, expected
    for title in ("Steady state, before", "Method", "Rollbacks"):
        assert title in text, title


def test_every_text_is_escaped_and_nothing_is_fetched() -> None:
    markup = page([with_orders(), record(status="aborted")])
    reader = read(markup)
    assert reader.outside == []
    assert "<script" not in markup
    assert "url(" not in markup.replace('fill="url(#hatch-20260101T000000000-0001)"', "")
    assert "@import" not in markup
    assert reader.text.count("alert(") > 10


def test_each_outcome_has_a_shape_of_its_own() -> None:
    markup = page([with_orders()])
    drawn = dict(re.findall(r'class="dot (\w+)" viewBox[^>]*><path d="([^"]+)"', markup))
    assert set(drawn) == {"decided", "pending", "fail", "info"}
    assert len(set(drawn.values())) == len(drawn)
    assert markup.count('class="window"') == 1


def test_offenders_are_named_and_the_rest_counted() -> None:
    text = read(page([with_orders()])).text
    assert "8 anomalies" not in text
    assert "7 anomalies" in text
    assert "+ 2" in text
    assert "stock and reservations do not add up" in text


def test_a_run_without_orders_has_a_report_too() -> None:
    skipped = record(status="skipped", reason="only root may", steps=[], observed=[], windows=[])
    text = read(page([skipped])).text
    assert "↷ skipped" in text
    assert "only root may" in text
    assert "No step was taken." in text
    assert "Every order" not in text


def test_requests_of_actions_have_a_table_of_their_own() -> None:
    base = record()
    more = {"order_id": None, "action": EVIL}
    history = [
        operation(0, trace_id="a" * 32, http_status=200, **more),
        operation(1, trace_id="b" * 32, outcome="fail", http_status=None, error="reset", **more),
    ]
    shown = read(page([RunRecord(base.state, base.journal, history, {"traces": []})]))
    for words in ("Every request", f"{EVIL} aaaaaaaa", "answered", "not done", "reset"):
        assert " ".join(words.split()) in shown.text
    for words in ("Every order", "API, in the end", "Reservations", "acknowledged"):
        assert words not in shown.text
    assert shown.outside == []


def test_it_says_what_could_not_be_gathered() -> None:
    base = with_orders()
    lost = RunRecord(base.state, base.journal, base.history, {"problem": "the lab is gone"})
    text = read(page([lost])).text
    assert "the lab is gone" in text
    assert "acknowledged and decided" not in text


def test_several_runs_stand_in_one_file_with_a_list_of_them() -> None:
    markup = page([record(status="passed"), record(runId="20260101T000000001-0002")])
    assert "1 of 2 passed" in markup
    assert 'href="#20260101T000000001-0002"' in markup
    assert 'id="20260101T000000001-0002"' in markup
