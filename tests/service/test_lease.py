"""A lease outlasts the longest call that is made under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.outbox.entry import lease_seconds

if TYPE_CHECKING:
    from django.conf import LazySettings


@pytest.mark.parametrize(
    ("delivery_ms", "callback_ms", "least"), [(1, 1, 6.0), (800, 2_000, 7.0), (60_000, 1, 65.0)]
)
def test_it_is_longer_than_a_call_with_its_retries(
    settings: LazySettings, delivery_ms: int, callback_ms: int, least: float
) -> None:
    settings.DELIVERY_TIMEOUT_MS, settings.CALLBACK_TIMEOUT_MS = delivery_ms, callback_ms
    assert lease_seconds() == least
