"""A Toxiproxy that lacks one of the lab's own toxics: refused with a sentence, nothing is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests

from faults.errors import FaultError
from faults.fault import Fault
from faults.holders.toxic import ToxicHolder
from tests.network.rig import rig

if TYPE_CHECKING:
    from collections.abc import Mapping


def fault(kind: str, target: str = "api-to-worker", **parameters: object) -> Fault:
    given: Mapping[str, object] = parameters
    return Fault("abcd", target, kind, "socket", datetime.now(UTC), given)


def test_the_error_for_an_unsupported_toxic_names_toxiproxy_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from faults.holders import toxics

    # A request as to a released Toxiproxy, for a type that it lacks.
    monkeypatch.setitem(
        toxics._MAKERS, "request_lost", ("no_such_toxic", "request", lambda _given: {})
    )
    monkeypatch.setattr("faults.holders.toxic.OURS", frozenset({"no_such_toxic"}))
    with rig() as link:
        body = {"name": "api-to-worker", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
        assert link.call("POST", "/proxies", body).ok
        with pytest.raises(FaultError, match="unset TOXIPROXY_URL") as refused:
            ToxicHolder(link.control, own=False).apply(fault("request_lost"))
        assert refused.value.field == "kind"
        shown = requests.get(f"{link.control}/proxies/api-to-worker", timeout=5).json()
        assert shown["toxics"] == []


def test_an_unknown_link_is_refused() -> None:
    with rig() as link, pytest.raises(FaultError, match="level firewall"):
        ToxicHolder(link.control, own=True).apply(fault("cut"))


def test_a_cut_of_a_link_that_somebody_has_removed_is_healed() -> None:
    with rig() as link:
        body = {"name": "theirs", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
        assert link.call("POST", "/proxies", body).ok
        holder = ToxicHolder(link.control, own=True)
        cut = fault("cut", "theirs")
        holder.apply(cut)
        assert link.call("DELETE", "/proxies/theirs").ok
        holder.heal(cut)
        assert not holder.holds(cut)
