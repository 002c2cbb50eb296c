"""Which Host and Origin headers name this machine."""

from __future__ import annotations

import pytest

from base.http.hosts import foreign_origin, served_host

SERVED = ["localhost", "127.0.0.1", "[::1]", ".lab.example"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1:80", "[::1]:4000", "a.lab.example"],
)
def test_a_served_host(host: str) -> None:
    assert served_host(host, SERVED)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "localhost:x", "localhost/", "[::2]", "lab,x"],
)
def test_any_other_host(host: str) -> None:
    assert not served_host(host, SERVED)


def test_all_hosts_are_served_where_the_setting_says_so() -> None:
    assert served_host("evil.example", ["*"])


@pytest.mark.parametrize("origin", ["", "http://localhost:8000", "https://127.0.0.1"])
def test_a_script_and_a_page_of_this_machine(origin: str) -> None:
    assert not foreign_origin(origin, SERVED)


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "file://", "chrome-x://localhost"]
)
def test_a_page_of_elsewhere(origin: str) -> None:
    assert foreign_origin(origin, SERVED)
