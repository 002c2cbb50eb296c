"""What an audit of the requirements finds is named, and one that saw nothing is no clean one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.house import audit

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1", "3"]}]}
UNSEEN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        ([CLEAN], 0, "No known vulnerability"),
        ([CLEAN, BAD], 1, "vulnerable: b 2: CVE-1, mended in 2.1, 3"),
        ([CLEAN, UNSEEN], 0, "not looked at: c"),
        ([UNSEEN], audit.NOT_REACHED, "NOT looked for"),
        (None, audit.NOT_REACHED, "NOT looked for"),
    ],
)
def test_an_audit_ends_with_what_it_found(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    dependencies: list[dict[str, Any]] | None,
    code: int,
    said: str,
) -> None:
    report = None if dependencies is None else {"dependencies": dependencies}
    monkeypatch.setattr(audit, "_report", lambda: report)
    assert audit.main() == code
    assert said in capsys.readouterr().out
