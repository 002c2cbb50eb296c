"""What people do most works in Firefox too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.page.flows import FLOWS
from tests.support.bidi import firefox, firefox_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.page.flows import Driven
    from tests.support.bidi import Firefox
    from tests.support.processes import LabProcesses

_PATH = firefox_path()

pytestmark = [
    pytest.mark.page,
    pytest.mark.long,
    pytest.mark.timeout(180),
    pytest.mark.skipif(_PATH is None, reason="there is no Firefox: apt-get install firefox-esr"),
]


@pytest.fixture(scope="module")
def opened() -> Iterator[Firefox]:
    """One Firefox for all of them."""
    assert _PATH is not None
    with firefox(_PATH) as running:
        running.resize(1280, 800)
        yield running


@pytest.mark.parametrize("flow", FLOWS)
def test_in_firefox(
    opened: Firefox, lab: LabProcesses, flow: Callable[[Driven, LabProcesses], None]
) -> None:
    opened.complaints.clear()
    flow(opened, lab)
    assert opened.complaints == []
