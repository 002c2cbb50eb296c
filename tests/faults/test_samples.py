"""A delay as recorded: from a file by the command line and the form, from a list by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from faults import kinds, request
from faults.errors import FaultError
from faults.holders.toxics import toxics_of
from faults.management.commands import fault as command
from faults.samples import MOST_GIVEN, MOST_KEPT, quantiles
from faults.serializers import as_json

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOW: dict[str, Any] = {"target": "api-to-worker", "kind": "slow"}
TEXT = "# of a mobile network\n12.5, 80\n\n40;41\t300  # a tail\n"


def attributes(**given: Any) -> dict[str, Any]:
    (toxic,) = toxics_of(request.read({**SLOW, **given}, now=NOW))
    return dict(toxic.attributes)


def test_the_text_of_a_file_is_a_delay_as_recorded() -> None:
    found = attributes(samples=TEXT)
    assert found == {
        "latency": 0,
        "jitter": 0,
        "distribution": "recorded",
        "samples": [12.5, 40.0, 41.0, 80.0, 300.0],
    }
    assert attributes(samples=[12.5, 40, 41, 80, 300]) == found


def test_a_delay_that_is_given_is_added() -> None:
    assert attributes(samples="1 2", ms=50, distribution="recorded")["latency"] == 50


def test_its_words_tell_its_bounds_and_its_middle() -> None:
    fault = request.read({**SLOW, "samples": TEXT, "ms": 5}, now=NOW)
    assert as_json(fault, now=NOW)["words"] == (
        "Every packet of calls from the API to the worker (requests) is late by 5 ms and a delay as"
        " recorded: 12.5 to 300.0 ms, half of them up to 41.0."
    )


def test_of_many_numbers_as_many_quantiles_are_kept() -> None:
    kept = quantiles(range(10_001), most=5)
    assert kept == [0, 2_500, 5_000, 7_500, 10_000]
    assert len(attributes(samples=list(range(5_000)))["samples"]) == MOST_KEPT


@pytest.mark.parametrize(
    ("samples", "error"),
    [
        ("latency_ms\n12\n", "samples, line 1: “latency_ms” is no number of milliseconds from 0"),
        ("12\n13, -4\n", "samples, line 2: “-4” is no number"),
        ("12 nan", "line 1: “nan” is no number"),
        ("1e9", "line 1: “1e9” is no number of milliseconds from 0 to 600000"),
        ("# nothing\n\n", "samples has no numbers"),
        ([1, "x"], r"samples, \[1\]: “x” is no number"),
        ([True], r"samples, \[0\]: “True” is no number"),
        ({"a": 1}, "samples must be the text of a file, or a list"),
        ("1 " * (MOST_GIVEN + 1), "samples has more than 100000 numbers"),
    ],
)
def test_a_file_of_something_else_is_refused_by_its_line(samples: Any, error: str) -> None:
    with pytest.raises(FaultError, match=error):
        request.read({**SLOW, "samples": samples}, now=NOW)


def test_without_a_file_there_is_nothing_to_draw_from() -> None:
    with pytest.raises(FaultError, match="samples is missing"):
        request.read({**SLOW, "distribution": "recorded"}, now=NOW)


def test_a_form_asks_for_a_file() -> None:
    described = kinds.find("api-to-worker", "slow").as_json("api-to-worker")["parameters"]
    (samples,) = [each for each in described if each["name"] == "samples"]
    assert samples["type"] == "file"


def test_the_command_line_reads_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def observer(_method: str, _path: str, *, body: Any) -> dict[str, str]:
        sent.append(body)
        return {"id": "f1", "words": "late"}

    monkeypatch.setattr(command, "call_observer", observer)
    (tmp_path / "delays.txt").write_text(TEXT, encoding="utf-8")
    where = f"samples={tmp_path / 'delays.txt'}"
    call_command("fault", "set", "api-to-worker", "slow", where, stdout=StringIO())
    assert sent[0]["samples"] == TEXT
    (tmp_path / "delays.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match=r"delays.txt is no text"):
        call_command("fault", "set", "api-to-worker", "slow", where)
    with pytest.raises(CommandError, match=r"missing.txt can't be read \(No such file"):
        call_command("fault", "set", "api-to-worker", "slow", f"samples={tmp_path}/missing.txt")
