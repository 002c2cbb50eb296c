"""Fixtures of this room's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Begin in English, and leave no other language behind: a test's request sets its own."""
    with override("en"):
        yield
