"""What is kept comes back, and a sender's own names never act as the store's markers."""

from __future__ import annotations

import math
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st

from telemetry.store.coding import dumps, encoded, loads
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import TEXTS, VALUES

MARKED_NAMES = st.sampled_from(["\x00bytes", "\x00int", "\x00float", "\x00\x00bytes", "\x00"])
NAMES = st.one_of(TEXTS, MARKED_NAMES)


@for_all(
    st.dictionaries(NAMES, st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=2))),
    examples=50,
)
def test_any_attributes_come_back(attributes: dict[str, Any]) -> None:
    assert loads(dumps({"a": encoded(attributes)})) == {"a": attributes}


@pytest.mark.parametrize("value", [math.inf, -math.inf, 2**63, -(2**70), b"", b"\xff"])
def test_what_json_has_not_comes_back(value: float | bytes) -> None:
    assert loads(dumps({"a": encoded({"key": value})})) == {"a": {"key": value}}


def test_nan_comes_back() -> None:
    assert math.isnan(loads(dumps({"a": encoded({"key": math.nan})}))["a"]["key"])


@pytest.mark.parametrize("inner", ["not base64", 5, None, {"deep": 1}])
def test_what_an_older_version_kept_of_such_a_name_can_still_be_read(inner: object) -> None:
    kept = {"kv": {"\x00bytes": inner}}
    assert loads(orjson.dumps(kept).decode()) == kept
