"""Printing never raises, whatever the encoding, and never controls a terminal."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from base.process.streams import make_output_safe, one_line, visible

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.mark.parametrize(
    ("encoding", "text", "printed"),
    [
        ("cp932", "· 分断", "? 分断"),
        ("cp1252", "· 分断 …", "· ?? …"),
        ("utf-8", "· 分断", "· 分断"),
    ],
)
def test_what_an_encoding_lacks_is_replaced(encoding: str, text: str, printed: str) -> None:
    script = f"from base.process.streams import *\nmake_output_safe()\nprint({text!r}, end='')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode(encoding) == printed


def test_who_gets_the_output_back_can_still_write_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = io.BytesIO()
    before = io.TextIOWrapper(output, encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", before)
    make_output_safe()
    sys.stdout.write("\x07")
    monkeypatch.undo()
    gc.collect()
    before.write("after")
    before.flush()
    assert output.getvalue() == b"\\u0007after"


@pytest.mark.parametrize("command", [["lab.py", "--help"], ["manage.py", "check"]])
def test_both_commands_see_to_it(command: list[str]) -> None:
    hook = (
        "import runpy, sys, atexit\n"
        "atexit.register(lambda: print('·', sys.stdout.errors))\n"
        f"sys.argv = {command!r}\n"
        f"runpy.run_path({command[0]!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", hook],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "cp932", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("cp932").splitlines()[-1] == "? replace"


# Escape sequences, a bell, a title set by OSC, NUL, C1's CSI, a line overwritten, text turned
# round, an invisible tag and half a character.
HOSTILE = "\x1b[2J\x07\x1b]0;title\x07\x00\x9b31m\rover\u202eright\u2066\U000e0041\ud800"


def test_what_a_terminal_would_obey_is_written_as_escapes_that_json_reads_back() -> None:
    shown = visible(f"a\tb\nあ👩‍💻{HOSTILE}")
    assert shown == (
        "a\tb\nあ👩‍💻\\u001b[2J\\u0007\\u001b]0;title\\u0007\\u0000\\u009b31m\\u000dover"
        "\\u202eright\\u2066\\udb40\\udc41\\ud800"
    )
    quoted = json.dumps(HOSTILE, ensure_ascii=False)
    assert json.loads(visible(quoted)) == HOSTILE


def test_a_line_stays_one_line() -> None:
    assert one_line("certain\n  Certain: all is well") == "certain\\n  Certain: all is well"


if sys.platform != "win32":

    def test_no_command_prints_them_raw_to_a_terminal() -> None:
        name = "\x1b[2J\x07\u202enone\x9b"
        terminal, inner = os.openpty()
        done = subprocess.run(
            [sys.executable, "manage.py", "experiment", "run", name],
            cwd=ROOT,
            stdout=inner,
            stderr=inner,
            check=False,
        )
        os.close(inner)
        printed = os.read(terminal, 65_536).decode()
        os.close(terminal)
        assert done.returncode != 0
        assert "\\u001b[2J\\u0007\\u202enone\\u009b" in printed
        assert not set(printed) & {"\x1b", "\x07", "\u202e", "\x9b"}
