"""Settings that are wrong stop the start with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base import env
from base.errors import BadSettingError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return {"LAB_VAR_DIR": str(tmp_path)}


def test_origins_are_read_as_browsers_send_them(variables: dict[str, str]) -> None:
    variables["LAB_OTLP_ORIGINS"] = (
        "https://App.example/, capacitor://localhost http://[fd00::1]:80"
    )
    assert env.read(variables).otlp_origins == [
        "https://app.example",
        "capacitor://localhost",
        "http://[fd00::1]:80",
    ]
    assert env.read({"LAB_VAR_DIR": variables["LAB_VAR_DIR"]}).otlp_origins == []


@pytest.mark.parametrize(
    "value",
    ["*", "app.example", "https://*.example", "https://a/path", "http://[::1", "http://a:x"],
)
def test_what_is_no_origin_is_refused(variables: dict[str, str], value: str) -> None:
    with pytest.raises(BadSettingError, match="LAB_OTLP_ORIGINS must be origins"):
        env.read({**variables, "LAB_OTLP_ORIGINS": value})


@pytest.mark.parametrize("name", ["OTEL_TRACES_EXPORTER", "OTEL_LOGS_EXPORTER"])
def test_an_exporter_that_the_lab_lacks_is_named_with_those_it_has(
    variables: dict[str, str], name: str
) -> None:
    with pytest.raises(BadSettingError, match=f"{name} must be otlp or none, not 'console'"):
        env.read({**variables, name: "console"})


def test_exporters_are_read_as_opentelemetry_writes_them(variables: dict[str, str]) -> None:
    read = env.read({**variables, "OTEL_TRACES_EXPORTER": "None", "OTEL_LOGS_EXPORTER": "otlp"})
    assert (read.exports_spans, read.exports_logs) == (False, True)
