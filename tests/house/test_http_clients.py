"""One way to speak HTTP: outside a few named modules nothing imports a client of its own."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

CLIENTS = ("aiohttp", "http.client", "httpx", "requests", "urllib.request", "urllib3")
NOT_OF_THE_LAB = ("tests", "benchmarks", "var", ".venv", ".ci")

ALLOWED = {
    "base/client.py": "the lab's client",
    "base/exchange.py": "the sessions that it and boundary.call share",
    "base/transport.py": "what those send by",
    "boundary/call.py": "a call across a link, which has outcomes instead of an error",
    "labsite/actions/sending.py": "a request of a system file, whatever it answers",
    "boundary/error_kind.py": "sends nothing: classes what such a call raised",
}


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return names


def clients_in(path: Path) -> set[str]:
    names = imports_of(path)
    return {
        client
        for client in CLIENTS
        for name in names
        if name == client or name.startswith(f"{client}.")
    }


def sources() -> dict[str, Path]:
    paths = {path.relative_to(ROOT): path for path in ROOT.rglob("*.py")}
    return {
        name.as_posix(): path
        for name, path in sorted(paths.items())
        if name.parts[0] not in NOT_OF_THE_LAB
    }


def test_only_these_modules_speak_http_by_a_library_of_their_own() -> None:
    found = {name for name, path in sources().items() if clients_in(path)}
    assert found == ALLOWED.keys()
