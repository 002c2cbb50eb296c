"""A process accepts requests to its own names, from its own page or from no browser at all."""

from __future__ import annotations

import pytest

from service.origin import refused_host, refused_origin

HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ORIGINS = ["http://localhost:8000", "http://127.0.0.1:8000"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:4000", "[::1]:4000"])
def test_the_labs_own_names_are_served(host: str) -> None:
    assert not refused_host(host, HOSTS)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1:x", "::"]
)
def test_a_rebound_or_broken_name_is_refused(host: str) -> None:
    assert refused_host(host, HOSTS)


@pytest.mark.parametrize("origin", ["http://localhost:8000", "HTTP://LocalHost:8000"])
def test_the_labs_own_page_is_let_in_however_its_browser_spells_it(origin: str) -> None:
    assert not refused_origin(origin, "", ORIGINS)
    assert not refused_origin(origin, "cross-site", ORIGINS)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost",
        "https://localhost:8000",
        "http://localhost:80",
    ],
)
def test_any_other_page_is_refused(origin: str) -> None:
    assert refused_origin(origin, "", ORIGINS)
    assert refused_origin(origin, "same-origin", ORIGINS)


@pytest.mark.parametrize(
    ("fetch_site", "refused"),
    [
        ("", False),
        ("none", False),
        ("same-origin", False),
        ("same-site", True),
        ("cross-site", True),
        ("Cross-Site", True),
    ],
)
def test_without_an_origin_the_browser_says_how_near_the_page_is(
    fetch_site: str, *, refused: bool
) -> None:
    assert refused_origin("", fetch_site, ORIGINS) is refused
