"""A store of the test's own, for the tests of what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telemetry.reading import queries
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer of the test's own, whose shared records have numbers of their own."""
    queries._interned.cache_clear()
    made = Writer()
    yield made
    made.stop()
    queries._interned.cache_clear()
