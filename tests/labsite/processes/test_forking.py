"""What is imported before processes are forked is nobody's own; what is left out is not missed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from labsite import forking
from tests.support.processes import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_SHOW = "\nimport json, sys, threading\nprint(json.dumps(shown))"


def shown(script: str, **environ: str) -> Any:
    """Run a script of a Python of its own; return its variable ``shown``."""
    ran = subprocess.run(
        [sys.executable, "-c", script + _SHOW],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def test_what_is_imported_ahead_starts_nothing_and_reads_nothing() -> None:
    names = [*forking.SHARED, *forking.PAGE]
    # An optional package that is missing is no error there: here each is installed.
    script = f"""
import sys, threading
from labsite import forking
for name in {names}:
    __import__(name)
from django.conf import settings
ours = [name for name in sys.modules if name.partition(".")[0] in ("base", "labsite", "systems")]
shown = [ours, threading.active_count(), settings.configured]
"""
    ours, threads, configured = shown(script)
    assert set(ours) <= {
        "base",
        "base.process",
        "base.process.listening",
        "base.process.prefork",
        "labsite",
        "labsite.forking",
        "labsite.left_out",
    }
    assert threads == 1
    assert not configured


def test_the_page_needs_nothing_of_tls(tmp_path: Path) -> None:
    script = """
import django, sys
from labsite.left_out import OF_OBSERVER, leave_out
leave_out(OF_OBSERVER)
django.setup()
import labsite.http.asgi
import labsite.http.page_server
shown = [name for name in ("OpenSSL", "cryptography.x509", "h2") if sys.modules.get(name)]
"""
    settings = "labsite.settings.observer"
    assert shown(script, DJANGO_SETTINGS_MODULE=settings, LAB_VAR_DIR=str(tmp_path)) == []


def test_the_api_needs_no_driver_of_postgresql_and_nothing_that_describes_it(
    tmp_path: Path,
) -> None:
    script = """
import django, sys
from labsite.left_out import OF_SERVICES, leave_out
leave_out(OF_SERVICES)
django.setup()
import labsite.http.urls_api
names = ("psycopg", "drf_spectacular.openapi", "orders.http.schema")
shown = [name for name in names if sys.modules.get(name)]
"""
    environ = {"LAB_SERVICE": "api", "DJANGO_SETTINGS_MODULE": "labsite.settings.api"}
    assert shown(script, **environ, LAB_VAR_DIR=str(tmp_path)) == []
