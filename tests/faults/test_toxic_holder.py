"""A Toxiproxy that lacks one of the lab's own toxics: refused with a sentence, nothing is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests

from faults.fault import Fault, FaultError
from faults.holders.toxic import ToxicHolder
from tests.network.rig import rig

if TYPE_CHECKING:
    from collections.abc import Mapping


def fault(kind: str, target: str = "api-to-worker", **parameters: object) -> Fault:
    given: Mapping[str, object] = parameters
    return Fault("abcd", target, kind, "socket", datetime.now(UTC), given)


def test_a_toxic_that_the_server_does_not_know_is_said_to_need_the_labs_own_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from faults.holders import toxics

    # As a real Toxiproxy would be asked: for a type that it has never heard of.
    monkeypatch.setitem(
        toxics._MAKERS, "request_lost", ("no_such_toxic", "request", lambda _given: {})
    )
    monkeypatch.setattr("faults.holders.toxic.OURS", frozenset({"no_such_toxic"}))
    with rig() as link:
        body = {"name": "api-to-worker", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
        assert link.ask("POST", "/proxies", body).ok
        with pytest.raises(FaultError, match="unset TOXIPROXY_URL") as refused:
            ToxicHolder(link.control, own=False).apply(fault("request_lost"))
        assert refused.value.field == "kind"
        shown = requests.get(f"{link.control}/proxies/api-to-worker", timeout=5).json()
        assert shown["toxics"] == []


def test_a_link_that_is_not_there_is_refused() -> None:
    with rig() as link, pytest.raises(FaultError, match="level firewall"):
        ToxicHolder(link.control, own=True).apply(fault("cut"))
