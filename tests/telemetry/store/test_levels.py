"""Log levels have one name each, also where another program or an older lab wrote another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from telemetry.models import LogRow
from telemetry.reading import queries
from telemetry.records import LogRecord, Resource
from telemetry.store.rows import level_of
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.django_db(databases=["telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]
WARNED = LogRecord(
    time_unix_nano=1,
    severity_number=13,
    severity_text="WARNING",
    body="simulated slow worker",
    resource=Resource({"service.name": "worker"}),
)


@pytest.mark.parametrize(
    ("number", "text", "name"),
    [
        (9, "", "INFO"),
        (12, "", "INFO"),
        (13, "WARNING", "WARN"),
        (17, "", "ERROR"),
        (21, "CRITICAL", "FATAL"),
        (5, "", "DEBUG"),
        (0, "warning", "WARN"),
        (0, "Error", "ERROR"),
        (0, "", "INFO"),
    ],
)
def test_a_level_is_named_by_its_number_else_by_its_text(number: int, text: str, name: str) -> None:
    assert level_of(LogRecord(1, severity_number=number, severity_text=text)) == name


@pytest.fixture
def stored() -> Iterator[None]:
    """One line as this lab stores it, one as the version before did."""
    queries._interned.cache_clear()
    writer = Writer()
    writer.submit([], [WARNED]).result(10)
    old = LogRow.objects.get()
    old.seq, old.digest, old.level = None, "0" * 32, "WARNING"
    old.save(force_insert=True)
    yield
    writer.stop()
    queries._interned.cache_clear()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("level", ["WARN", "WARNING", "warn"])
def test_an_older_labs_lines_are_found_and_shown_by_the_same_name(level: str) -> None:
    answer: Any = Client(headers={"host": "localhost"}).get("/api/logs", {"level": level})
    assert [log["level"] for log in answer.json()["logs"]] == ["WARN", "WARN"]


@pytest.mark.usefixtures("stored")
def test_other_levels_are_not_found() -> None:
    answer: Any = Client(headers={"host": "localhost"}).get("/api/logs", {"level": "ERROR"})
    assert answer.json()["logs"] == []
