from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.network.rig import Rig, rig

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    """One link for the tests of a file, each of which leaves it as it was."""
    with rig() as made:
        yield made


@pytest.fixture
def as_it_was(link: Rig) -> Iterator[None]:
    """Reset after a test."""
    yield
    assert link.call("POST", "/reset").status_code == 204
    for name in link.call("GET", "/proxies").json():
        if name != "one":
            link.call("DELETE", f"/proxies/{name}")
