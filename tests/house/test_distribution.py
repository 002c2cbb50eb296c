"""Files of tests go out so that few browsers are started, and that all workers end together."""

from __future__ import annotations

import pytest

from tests.support.distribution import next_file

PAGE = "tests/page/test_log.py"
MORE_OF_THE_PAGE = "tests/page/test_keys.py"
FLOW = "tests/flow/test_order.py"
PURE = "tests/base/test_env.py"


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        ([], [[], []], PAGE),
        ([], [[PAGE], []], FLOW),
        ([FLOW], [[PAGE], []], FLOW),
        ([MORE_OF_THE_PAGE], [[FLOW]], PAGE),
        ([MORE_OF_THE_PAGE], [[FLOW, "tests/page/test_fits.py"]], PAGE),
    ],
)
def test_one_worker_has_the_page_while_there_are_other_files(
    own: list[str], others: list[list[str]], expected: str
) -> None:
    assert next_file([FLOW, PAGE, PURE], own=own, others=others) == expected


def test_at_the_end_each_worker_takes_what_is_left() -> None:
    assert next_file([PAGE], own=[FLOW], others=[[MORE_OF_THE_PAGE]]) == PAGE
    assert next_file([PURE], own=[PAGE], others=[[FLOW]]) == PURE
