"""Modules joined into a file do what they do apart: run once, in their order, with their names."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dashboard import modules
from dashboard.joined import Module, first, later

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "app/pages/page.js": """\
import { count as counted, step } from "../base/count.js";
import "../base/effect.js";
import * as all from "../base/count.js";
const { late } = await import("../later.js");
console.log(counted, all.step(), step(), late());
""",
    "app/base/count.js": """\
export const count = 3;
let steps = 0;
/** @returns {import("../later.js").T} */
export function step() {
  return ++steps;
}
console.log("count");
""",
    "app/base/effect.js": """\
import {
  step,
} from "./count.js";
console.log("effect", step());
""",
    "app/later.js": """\
import { step } from "./base/count.js";
import { Other } from "./other.js";
export async function unused() {}
export function late() {
  return [step(), new Other().name];
}
console.log("later");
""",
    "app/other.js": """\
export class Other {
  name = "import";
}
""",
}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    modules.forget()
    monkeypatch.setattr(modules, "find", lambda path: str(tmp_path / path))
    return "app/pages/page.js"


def read(path: str) -> Module:
    return Module(path, FILES[path])


def run(file: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "deno", "run", "--no-check", "--allow-read", str(file)],
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_it_does_what_the_modules_do_apart(page: str, tmp_path: Path) -> None:
    apart = run(tmp_path / page)
    assert apart[-1] == '3 2 3 [ 4, "import" ]'
    later_file = tmp_path / "later.js"
    later_file.write_text(later(page, read).text)
    (tmp_path / "first.js").write_text(
        first(page, read).text.replace("/static/joined/later/app/pages/page.js", "./later.js")
    )
    assert run(tmp_path / "first.js") == apart


def test_each_line_keeps_its_place_in_the_source_map(page: str) -> None:
    joined = first(page, read)
    lines = joined.text.splitlines()
    sections = json.loads(joined.source_map("joined/first/app/pages/page.js"))["sections"]
    sources = {each["map"]["sources"][0]: each for each in sections}
    section = sources["../../../../app/base/effect.js"]
    source = FILES["app/base/effect.js"].splitlines()
    assert section["map"]["mappings"].split(";") == ["AAAA"] + ["AACA"] * (len(source) - 1)
    assert lines[section["offset"]["line"] + len(source) - 1] == source[-1]


@pytest.mark.parametrize("line", ["export default 1;", "export { a };", 'import a from "./a.js";'])
def test_what_cannot_be_joined_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"a/b\.js: no way is known to join '(?:im|ex)port"):
        Module("a/b.js", f"const b = 1;\n{line}\n")
