"""Optional packages that a library loads where it finds them, and a process has no use for.

Python refuses to import what stands as None among its modules, and the library does without.
"""

from __future__ import annotations

import sys
from typing import Final

OF_OBSERVER: Final = ("OpenSSL", "h2")
"""It serves neither TLS nor HTTP/2: the one of gRPC is in its own server."""

OF_SERVICES: Final = ("psycopg",)
"""REST framework has fields of PostgreSQL; not for a service whose database that is."""


def leave_out(packages: tuple[str, ...]) -> None:
    """Have imports of ``packages`` that are not loaded yet fail from now on."""
    for package in packages:
        sys.modules.setdefault(package, None)  # type: ignore[arg-type] # Python documents None
