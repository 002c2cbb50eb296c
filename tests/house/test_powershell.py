"""Lines that the docs have for PowerShell are read by 5.1 and 7 as they are meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"```powershell\n(.*?)```", re.DOTALL)
_OF_BOTH = re.compile(r"(?:```sh\n|`)((?:npm install|node|java) .*?)(?:\n|`)")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")

_MISREAD = {
    r"&&|\|\|": "5.1 has no such operator",
    r"\\$": "a line goes on after a backtick",
    r"\bexport \w+=|^\w+=\S+ ": "a variable of the environment is $env:NAME",
    r"(?<![\w.\\])(?:curl|wget)(?!\.exe)\b": "5.1 has an alias of that name",
    r"(?<![\w@])@\w": "a word that begins with @ is a variable that is taken apart",
    r"Invoke-WebRequest(?!.*-UseBasicParsing)": "5.1 asks before it reads a page otherwise",
    r"(?<!\S)-\w+[.:]\w": "the name of a parameter ends at a dot or colon",
    r"[.\w]*/bin/": "that folder is Scripts there",
}


def misread(code: str) -> list[str]:
    """Say what is wrong with lines for PowerShell, with each the reason."""
    bare = "\n".join(_QUOTED.sub('""', line).rstrip() for line in code.splitlines())
    return [
        f"{found[0]}: {why}"
        for pattern, why in _MISREAD.items()
        for found in re.finditer(pattern, bare, re.MULTILINE)
    ]


def lines() -> list[tuple[str, str]]:
    """List each block for PowerShell, and each line that is for either shell."""
    return [
        (page.name, code)
        for page in PAGES
        for pattern in (_BLOCK, _OF_BOTH)
        for code in pattern.findall(page.read_text(encoding="utf-8"))
    ]


def test_each_line_is_read_as_it_is_meant() -> None:
    found = lines()
    assert len(found) > 8
    assert [(page, each) for page, code in found for each in misread(code)] == []


@pytest.mark.parametrize(
    "code",
    [
        "npm install && npm start",
        "docker run \\\n  image",
        "PORT=9101 node shop.js",
        "curl -X POST http://localhost:8000/api/actions/buy",
        "npm install @igor.dvlpr/component",
        "Invoke-WebRequest https://example.org/agent.jar -OutFile agent.jar",
        ".venv/bin/python manage.py link list",
        "java -Dserver.port=9101 -jar app.jar",
    ],
)
def test_what_would_be_misread_is_noticed(code: str) -> None:
    assert len(misread(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        'npm install "@opentelemetry/api@1.9.0"',
        "$span = @{ key = @($service) }",
        "curl.exe -X POST http://localhost:8000/api/actions/buy",
        '$env:PORT = "9101"; node shop.js',
        ".venv\\Scripts\\python manage.py link list `\n  --json",
    ],
)
def test_what_is_read_well_is_let_be(code: str) -> None:
    assert misread(code) == []
