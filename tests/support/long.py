"""Values of a test that take long, left by ``lab.py test`` to ``.ci/run``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from _pytest.mark import ParameterSet

T = TypeVar("T")


def long(*values: object) -> ParameterSet:
    """Mark one set of a test's parameters as long."""
    return pytest.param(*values, marks=pytest.mark.long)


def long_but(names: Collection[str], values: Iterable[T]) -> list[T | ParameterSet]:
    """Mark all ``values`` as long whose ``name`` is not one of ``names``."""
    return [each if getattr(each, "name", each) in names else long(each) for each in values]
