"""Django's own checks pass: commands leave them out, since they load every route at each start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.processes import ROOT


@pytest.mark.parametrize("service", ["observer", "api", "worker"])
def test_each_process_passes_djangos_checks(service: str) -> None:
    settings = f"labsite.settings.{service}"
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**os.environ, "LAB_SERVICE": service, "DJANGO_SETTINGS_MODULE": settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
