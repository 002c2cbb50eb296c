"""An entry that can't be sent delays no other, and is retried."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from base import loops
from orders.models import Order, OutboxEntry
from service.outbox.entry import lease_from
from service.outbox.relay import Relay, current_traceparent, wait_seconds
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(databases=["default"], transaction=True)


def entries(*request_ids: str) -> None:
    for request_id in request_ids:
        now = timezone.now()
        order = Order.objects.create(sku="a", quantity=1, request_id=request_id, created_at=now)
        OutboxEntry.objects.create(order=order, request_id=request_id)


def left() -> list[str]:
    return list(OutboxEntry.objects.values_list("request_id", flat=True))


class Sender:
    """Records what was sent; raises for entries called ``bad``."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failures = 0
        self.broken = True

    def __call__(self, entry: OutboxEntry) -> bool:
        if entry.request_id == "bad" and self.broken:
            self.failures += 1
            raise UnicodeEncodeError("latin-1", "あ", 0, 1, "ordinal not in range")
        self.sent.append(entry.request_id)
        return True


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Callable[[Sender], Relay[OutboxEntry]]:
    def started(sender: Sender) -> Relay[OutboxEntry]:
        relay = Relay(OutboxEntry, sender)
        request.addfinalizer(relay._loop.stop)
        relay.start()
        return relay

    return started


def test_an_entry_that_raises_delays_no_other_and_is_retried(
    start: Callable[[Sender], Relay[OutboxEntry]],
) -> None:
    entries("bad", "one", "two")
    sender = Sender()
    relay = start(sender)
    eventually(lambda: sorted(sender.sent) == ["one", "two"])
    eventually(lambda: sender.failures > 1)
    assert left() == ["bad"]
    assert OutboxEntry.objects.get().attempts > 0
    assert loops.errors()[relay._loop.name] > 0
    assert relay._loop.ok
    sender.broken = False
    eventually(lambda: not left())


def test_it_continues_after_the_database_was_unavailable(
    start: Callable[[Sender], Relay[OutboxEntry]], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OperationalError("unavailable"), OperationalError("unavailable")])
    claim = Relay._claim

    def flaky(relay: Relay[OutboxEntry]) -> Any:
        error = next(failures, None)
        if error is not None:
            raise error
        return claim(relay)

    monkeypatch.setattr(Relay, "_claim", flaky)
    entries("one")
    sender = Sender()
    relay = start(sender)
    eventually(lambda: sender.sent == ["one"])
    eventually(lambda: relay._loop.health.failures == 0)
    assert relay._loop.health.errors == 2


def test_of_two_relays_none_sends_what_the_other_has_in_hand() -> None:
    entries(*(f"entry-{number}" for number in range(5)))
    sent: list[str] = []

    def slow(entry: OutboxEntry) -> bool:
        # What it has in hand alone is leased: all others are free for the second relay.
        free = OutboxEntry.objects.filter(leased_until__lte=timezone.now())
        in_hand = 1 if len(sent) == 0 else 2
        assert free.count() == OutboxEntry.objects.count() - in_hand
        sent.append(entry.request_id)
        if len(sent) == 1:
            assert Relay(OutboxEntry, slow).once() == 4
        return True

    assert Relay(OutboxEntry, slow).once() == 1
    assert sorted(sent) == [f"entry-{number}" for number in range(5)]
    assert left() == []


def test_a_relay_whose_lease_is_over_does_not_take_an_entry_from_the_next() -> None:
    entries("one")

    def outlasting(entry: OutboxEntry) -> bool:
        # Meanwhile another relay has claimed it.
        OutboxEntry.objects.filter(pk=entry.pk).update(leased_until=later)
        return False

    later = lease_from(timezone.now()) + timedelta(seconds=1)
    assert Relay(OutboxEntry, outlasting).once() == 1
    entry = OutboxEntry.objects.get()
    assert (entry.leased_until, entry.attempts) == (later, 0)


def test_a_clock_that_was_put_back_holds_no_entry_up() -> None:
    entries("due", "leased")
    ahead = timezone.now() + timedelta(hours=1)
    OutboxEntry.objects.filter(request_id="due").update(due_at=ahead)
    OutboxEntry.objects.filter(request_id="leased").update(leased_until=lease_from(ahead))
    sender = Sender()
    assert Relay(OutboxEntry, sender).once() == 2
    assert (sorted(sender.sent), left()) == (["due", "leased"], [])


def test_it_pauses_only_when_nothing_is_due() -> None:
    relay = Relay(OutboxEntry, Sender())
    entries("one")
    assert relay._step() == 0
    assert relay._step() > 0


def test_a_batch_is_bounded() -> None:
    entries(*(f"entry-{number}" for number in range(6)))
    relay = Relay(OutboxEntry, Sender())
    assert [relay.once(), relay.once(), relay.once()] == [5, 1, 0]


def test_it_stops_after_the_entry_in_hand_and_leaves_the_others_free() -> None:
    entries("one", "two")
    sent: list[str] = []

    def stopping(entry: OutboxEntry) -> bool:
        sent.append(entry.request_id)
        relay.stop()
        return True

    relay = Relay(OutboxEntry, stopping)
    assert [relay.once(), relay.once()] == [1, 0]
    assert sent == ["one"]
    assert left() == ["two"]
    assert OutboxEntry.objects.filter(leased_until__lte=timezone.now()).exists()


def test_what_was_due_first_is_sent_first_and_what_is_not_due_is_not_sent() -> None:
    entries("later", "second", "first")
    now = timezone.now()
    for request_id, seconds in (("later", 60), ("second", -1), ("first", -2)):
        due_at = now + timedelta(seconds=seconds)
        OutboxEntry.objects.filter(request_id=request_id).update(due_at=due_at)
    sender = Sender()
    assert Relay(OutboxEntry, sender).once() == 2
    assert sender.sent == ["first", "second"]


def test_what_was_not_acknowledged_is_due_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A pause of nearly nothing would be over before the relay looks again.
    monkeypatch.setattr(random, "uniform", lambda _least, most: most)
    entries("one")
    assert Relay(OutboxEntry, lambda _entry: False).once() == 1
    entry = OutboxEntry.objects.get()
    assert entry.attempts == 1
    assert entry.leased_until < entry.due_at <= entry.leased_until + timedelta(seconds=0.1)


def test_a_first_attempt_of_the_entrys_creator_is_settled_the_same_way() -> None:
    entries("one", "two")
    relay = Relay(OutboxEntry, Sender())
    for entry in OutboxEntry.objects.all():
        relay.settle_first(entry, acknowledged=entry.request_id == "one")
    assert [(each.request_id, each.attempts) for each in OutboxEntry.objects.all()] == [("two", 1)]


@pytest.mark.parametrize(
    ("attempts", "most"), [(0, 0.1), (1, 0.2), (4, 1.6), (5, 3.0), (100_000, 3.0)]
)
def test_the_pause_is_random_and_its_bound_doubles_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch, attempts: int, most: float
) -> None:
    bounds: list[tuple[float, float]] = []

    def uniform(*asked: float) -> float:
        bounds.append((asked[0], asked[1]))
        return 0.05

    monkeypatch.setattr("random.uniform", uniform)
    assert wait_seconds(attempts) == 0.05
    assert bounds == [(0, most)]


def test_what_is_sent_belongs_to_the_trace_in_which_it_was_stored() -> None:
    entries("one")
    stored = f"00-{'a' * 32}-{'b' * 16}-01"
    OutboxEntry.objects.update(traceparent=stored)
    seen: list[str] = []

    def send(_entry: OutboxEntry) -> bool:
        seen.append(current_traceparent())
        return True

    Relay(OutboxEntry, send).once()
    assert seen == [stored]
    assert current_traceparent() == ""
