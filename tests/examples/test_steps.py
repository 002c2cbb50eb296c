"""The ten minutes of docs/your-system.md, in each language, by the page's own blocks.

Java's agent is fetched as the page says, or is the file that `OTEL_JAVA_AGENT` names; where it
can't be fetched, or Go's modules can't, that language is skipped with the reason.
"""

from __future__ import annotations

import http
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.examples.example import ExampleLab, require, run_or_skip
from tests.examples.go_without_modules import write_modules
from tests.support.ports import free_ports
from tests.support.processes import ROOT
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.flow,
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="it follows the steps for sh"),
]

PAGE = (ROOT / "docs/your-system.md").read_text(encoding="utf-8")
PORTS = ("9101", "9102", "9200", "9201")
PROGRAMS = {
    "Node": ("js", "shop.js"),
    "Python": ("python", "shop.py"),
    "Java": ("java", "Shop.java"),
    "Go": ("go", "shop.go"),
}
AGENT = "OTEL_JAVA_AGENT"
COMMAND = re.compile(r"^command = .*$", re.MULTILINE)


def blocks(heading: str, language: str) -> list[str]:
    """The code of one language under a heading of the page."""
    section = re.split(rf"^#+ {heading}$", PAGE, flags=re.MULTILINE)[1]
    section = re.split(r"^##+ ", section, flags=re.MULTILINE)[0]
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", section, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, code in found]


def write(language: str, shop: Path) -> Path:
    """Write the program and the system file of the page."""
    marker, name = PROGRAMS[language]
    for code in (*blocks(language, marker), *blocks(language, "text")):
        named = code.partition("\n")[0].split()[1]
        (shop / named).write_text(code, encoding="utf-8")
    assert (shop / name).is_file()
    [system] = blocks("Ten minutes", "toml")
    for command in blocks(language, "toml"):
        system = COMMAND.sub(command.strip(), system)
    assert Path(name).stem in system
    file = shop / "my.toml"
    file.write_text(system, encoding="utf-8")
    return file


def install(language: str, shop: Path) -> None:
    """Run the page's steps that install what the program needs."""
    for line in "".join(blocks(language, "sh")).splitlines():
        words = shlex.split(line)
        if words[0] == "python":
            words[0] = sys.executable
        elif "/" in words[0]:
            words[0] = str(shop / words[0])
        elif language == "Java":
            require("java")
            if AGENT in os.environ:
                shutil.copy(os.environ[AGENT], shop / words[-1].rpartition("/")[2])
                continue
        run_or_skip(words, shop)


@pytest.mark.parametrize("language", PROGRAMS)
def test_ones_own_two_services_are_broken_and_explained(tmp_path: Path, language: str) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    file = write(language, shop)
    install(language, shop)
    start, terminal = blocks("Ten minutes", "sh")
    assert start.split() == ["python", "lab.py", "--system", "../shop/my.toml"]
    breaking, pressing, healing = terminal.splitlines()
    changes = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    with ExampleLab(file, tmp_path / "lab", changes) as lab:
        sent = buy_well(lab, pressing)
        eventually(lambda: {"front", "store"} <= set(lanes(lab, sent)), seconds=30)
        lab.expect_headline(sent, "No error on record")

        run(lab, breaking)
        sent = buy(lab, pressing)
        late = {"front got no answer from store", "The call reached store after front had given up"}
        lab.expect_headline(sent, *late)
        eventually(lambda: any("did not answer" in message for _, message in lab.printed("front")))
        run(lab, healing)

        run(lab, breaking.replace("slow ms=2000", "cut"))
        sent = buy(lab, pressing)
        lab.expect_headline(sent, "front did not reach store")


def write_bare(language: str, shop: Path) -> Path:
    """Write the program and the system file of the page so that nothing records its calls."""
    require(language.lower())
    file = write(language, shop)
    if language == "Go":
        write_modules(shop)
        run_or_skip(["go", "build", "-o", "shop", "."], shop)
        return file
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'"-javaagent[^"]*", ', "", text), encoding="utf-8")
    return file


@pytest.mark.parametrize("language", ["Java", "Go"])
def test_without_any_instrumentation_faults_and_what_services_print_work_all_the_same(
    tmp_path: Path, language: str
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    file = write_bare(language, shop)
    _, terminal = blocks("Ten minutes", "sh")
    breaking, pressing, _ = terminal.splitlines()
    changes = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    with ExampleLab(file, tmp_path / "lab", changes) as lab:
        sent = buy_well(lab, pressing)
        lab.expect_headline(sent, "No error on record")
        assert lanes(lab, sent) == ["client", "front"]
        run(lab, breaking)
        sent = buy(lab, pressing)
        eventually(lambda: any("did not answer" in message for _, message in lab.printed("front")))
        lab.expect_headline(sent, "client called front, and the answer was 502")


def buy_well(lab: ExampleLab, line: str) -> str:
    """Press the button until it succeeds: a program's first call may take longer than it waits."""
    eventually(lambda: press(lab, line)["httpStatus"] == http.HTTPStatus.OK, seconds=30)
    return buy(lab, line)


def buy(lab: ExampleLab, line: str) -> str:
    """Press the button; return the trace."""
    return str(press(lab, line)["traceId"])


def press(lab: ExampleLab, line: str) -> dict[str, Any]:
    """Press the button as the page does in a terminal; return what came of it."""
    url = line.split()[-1].replace("http://localhost:8000", lab.observer_url)
    answer = lab.session.post(url, timeout=30)
    assert answer.ok, answer.text
    sent: dict[str, Any] = answer.json()["sent"][0]
    return sent


def run(lab: ExampleLab, line: str) -> None:
    """Run a command of the page in the lab's folder."""
    subprocess.run(line.split(), cwd=ROOT, env=lab.environ, check=True, timeout=60)


def lanes(lab: ExampleLab, trace_id: str) -> list[str]:
    found: list[str] = lab.get(f"/api/traces/{trace_id}/evidence")["lanes"]
    return found
