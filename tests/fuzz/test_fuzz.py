"""Whatever is sent to any entrance, it is answered in time and shape, and harms nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.fuzzing import PAGE, Fuzz
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(180)]

SECONDS = 30


def test_no_entrance_fails_at_what_it_is_sent(tmp_path: Path) -> None:
    # A lab of its own: what is sent stays in it.
    with LabProcesses(tmp_path) as lab:
        findings = Fuzz(lab, seed=1).run(SECONDS)
        entrances = {"OTLP", "import", "observer", "api", "worker", "toxiproxy", "control", PAGE}
        by_schema = {f"{name}, by its schema" for name in ("orders", "observer", "api", "worker")}
        assert findings.wrong == [], str(findings)
        assert set(findings.called) == entrances | by_schema
        assert findings.called.total() > 50
