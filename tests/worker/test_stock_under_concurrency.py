"""Many who want the last pieces at once get no more than there are."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from worker.models import Reservation, Sku
from worker.stock import reserve
from worker.wire import Job

pytestmark = pytest.mark.django_db(databases=["default", "worker"], transaction=True)


def _reserve(number: int) -> str:
    try:
        job = Job(uuid.UUID(int=number, version=4), f"req-{number}", "test-pears", 1)
        return str(reserve(job).reservation.status)
    finally:
        connections.close_all()


def test_stock_never_falls_below_zero() -> None:
    Sku.objects.create(sku="test-pears", initial=5, available=5)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(_reserve, range(24)))
    assert statuses.count("RESERVED") == 5
    assert statuses.count("REJECTED") == 19
    assert Sku.objects.get(sku="test-pears").available == 0
    assert Reservation.objects.filter(status="RESERVED").count() == 5
