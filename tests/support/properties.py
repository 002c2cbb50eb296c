"""Properties that hold for all values: a few tried by ``lab.py test``, many more by ``.ci/run``.

The values are the same in every run, unless ``--hypothesis-seed`` asks for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.long import long

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

_TIMES_AS_MANY = 10


def for_all(
    *strategies: SearchStrategy[Any], examples: int
) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """Make a test of a check that takes values of ``strategies``."""

    def decorate(check: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.timeout(300)
        @pytest.mark.parametrize("tried", [examples, long(examples * _TIMES_AS_MANY)])
        def test(tried: int) -> None:
            # How long a draw or a check takes says how busy the machine is.
            settings(max_examples=tried, suppress_health_check=[HealthCheck.too_slow])(
                given(*strategies)(check)
            )()

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        test.__module__, test.__qualname__ = check.__module__, check.__qualname__
        return test

    return decorate
