"""Defences are stored once every service has them, and set again where one has lost them."""

from __future__ import annotations

from typing import Any

import pytest

from base.errors import LabError, LabFailure
from defences import switchboard
from defences.errors import InvalidDefencesError, ServiceFailedError
from defences.switchboard import Switchboard

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


class FakeServices:
    """The states of every service's defences, in place of `LabClient`."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, bool]] = {}
        self.failing = False
        self.down = ""

    def __call__(self, url: str, **_options: Any) -> FakeServices:
        self.url = url
        return self

    def call(self, method: str, _path: str, *, body: Any = None) -> dict[str, bool]:
        if self.failing or self.url == self.down:
            raise LabError(LabFailure.UNREACHABLE, url=self.url)
        if method == "PATCH":
            self.states[self.url] = body
        return self.states.get(self.url, {})

    def on(self) -> set[str]:
        return {name for states in self.states.values() for name, on in states.items() if on}


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    fake = FakeServices()
    monkeypatch.setattr(switchboard, "LabClient", fake)
    return fake


def enabled(board: Switchboard) -> set[str]:
    return {each["name"] for each in board.as_json()["defences"] if each["on"]}


def test_named_defences_are_switched_and_the_others_stay(services: FakeServices) -> None:
    board = Switchboard()
    board.switch({"retry": True, "mode": "consistency"})
    board.switch({"retry": False, "callback_outbox": True})
    assert enabled(board) == services.on() == {"consistency", "callback_outbox"}
    assert board.as_json()["mode"] == "consistency"


@pytest.mark.parametrize(
    "body",
    [{}, {"moon": True}, {"retry": 1}, {"mode": 1}, {"mode": "availability", "consistency": True}],
)
def test_an_invalid_request_changes_nothing(services: FakeServices, body: dict[str, Any]) -> None:
    with pytest.raises(InvalidDefencesError):
        Switchboard().switch(body)
    assert services.states == {}


def test_a_failing_service_leaves_what_is_stored(services: FakeServices) -> None:
    board = Switchboard()
    board.switch({"retry": True})
    services.failing = True
    with pytest.raises(ServiceFailedError):
        board.switch({"retry": False})
    assert enabled(board) == {"retry"}


def test_a_restarted_service_gets_its_defences_back(services: FakeServices) -> None:
    board = Switchboard()
    board.switch({"retry": True})
    services.states.clear()
    board.renew()
    assert services.on() == {"retry"}


def test_a_set_of_defences_is_switched_whole_or_not_at_all(services: FakeServices) -> None:
    board = Switchboard()
    board.switch({"retry": True, "callback_outbox": True})
    api, services.down = services.states
    with pytest.raises(ServiceFailedError):
        board.switch({"outbox": True, "callback_outbox": False})
    assert enabled(board) == services.on() == {"retry", "callback_outbox"}
    assert services.states[api]["retry"]


def test_what_can_not_be_switched_back_is_once_the_service_is_there_again(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Switchboard()
    board.switch({"retry": True})
    [api] = services.states
    set_both = switchboard._set

    def set_and_lose(side: str, *given: Any) -> None:
        set_both(side, *given)
        services.failing = True

    monkeypatch.setattr(switchboard, "_set", set_and_lose)
    with pytest.raises(ServiceFailedError):
        board.switch({"retry": False, "callback_outbox": True})
    assert (enabled(board), services.on()) == ({"retry"}, set())
    monkeypatch.undo()
    monkeypatch.setattr(switchboard, "LabClient", services)
    services.failing = False
    board.renew()
    assert services.states[api]["retry"]
    assert services.on() == {"retry"}
