"""What can be ordered."""

from __future__ import annotations

SKUS = ("apple", "banana", "cherry", "sold-out")
DEFAULT_SKU = SKUS[0]
DEFAULT_QUANTITY = 1
MAX_QUANTITY = 1_000
