"""Is a known vulnerability in what is pinned? ``.ci/run`` asks ``pip-audit``.

``python -m tests.house.audit`` ends with 0 when none is known, 1 when one is, and 3 when the data
can't be reached: ``pip-audit`` alone would end with 0 then, having looked at nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.house.wheels import REQUIREMENTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOT_REACHED = 3
_TOOL = "pip-audit==2.10.1"
_OPTIONS = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")
_SECONDS = 300


def vulnerable(report: Mapping[str, Any]) -> Iterator[str]:
    """Name each package with a known vulnerability, and the versions without it."""
    for each in report["dependencies"]:
        for found in each.get("vulns", ()):
            mended = ", ".join(found["fix_versions"]) or "no version"
            yield f"{each['name']} {each['version']}: {found['id']}, mended in {mended}"


def skipped(report: Mapping[str, Any]) -> list[str]:
    """List the packages of which nothing could be learned."""
    return [each["name"] for each in report["dependencies"] if "skip_reason" in each]


def _report() -> dict[str, Any] | None:
    """Return what ``pip-audit`` has to say; None when it could not say anything."""
    command = [sys.executable, "-m", "uv", "--quiet", "tool", "run", "--python", sys.executable]
    command += [_TOOL, "--requirement", REQUIREMENTS, *_OPTIONS]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        report: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return report


def main() -> int:
    """Print what is vulnerable, or was not looked at; return the exit code."""
    report = _report()
    unknown = [] if report is None else skipped(report)
    if report is None or len(unknown) == len(report["dependencies"]):
        print("Known vulnerabilities were NOT looked for: their data can't be reached.")
        return NOT_REACHED
    found = list(vulnerable(report))
    for each in found:
        print(f"vulnerable: {each}")
    if unknown:
        print(f"not looked at: {', '.join(unknown)}")
    if not found:
        print("No known vulnerability in what is pinned.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
