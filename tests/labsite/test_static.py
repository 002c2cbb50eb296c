"""The page's own files: served from memory, kept under their hash, and nothing else of the disk."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from dashboard import modules
from dashboard.modules import BASE_STYLES, imports_of, styles_of
from labsite.http import assets
from labsite.http.assets import Assets, current
from labsite.http.static import StaticFiles, StaticFilesApp

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "dashboard/pages/trace.js"


async def _not_ours(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def get(path: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request to the application."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {}

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    asyncio.run(StaticFilesApp(_not_ours)(scope, receive, send))
    start, body = sent
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body["body"]


def test_a_module_has_its_type_and_is_revalidated() -> None:
    status, headers, content = get(f"/static/{ENTRY}")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cache-control"] == "no-cache"
    assert b"lab_trace.js" in content
    assert get(f"/static/{ENTRY}", if_none_match=headers["etag"])[::2] == (304, b"")
    assert get(f"/static/{ENTRY}", method="HEAD")[::2] == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/dashboard",
        "/static/no/such.js",
        "/static/../pyproject.toml",
        "/static//etc/hostname",
        "/static/dashboard/../../../pyproject.toml",
        "/static/styles/no/such.css",
        "/static/styles/../../pyproject.css",
        "/static/styles/dashboard/base/time.css",
    ],
)
def test_any_other_path_is_not_found(path: str) -> None:
    assert get(path)[0] == 404


def test_other_requests_are_passed_on() -> None:
    assert get("/api/traces")[0] == 418
    assert get(f"/static/{ENTRY}", method="POST")[0] == 418


def test_all_that_a_module_imports_is_known_beforehand() -> None:
    found = imports_of(ENTRY)
    assert "dashboard/elements/trace/lab_trace.js" in found
    assert "dashboard/model/trace/critical_path.js" in found
    assert len(found) == len(set(found))
    assert found.index("dashboard/base/dom.js") < found.index(
        "dashboard/elements/trace/lab_trace.js"
    )


def test_the_styles_beside_the_imported_modules_come_in_the_order_in_which_these_run() -> None:
    found = styles_of("dashboard/pages/lab.js")
    assert found[-1] == "dashboard/pages/bench.css"
    waterfall = found.index("dashboard/elements/trace/waterfall/lab_waterfall.css")
    assert waterfall < found.index("dashboard/elements/trace/lab_trace.css")


def test_the_styles_of_a_page_are_one_file_that_is_revalidated() -> None:
    status, headers, content = get("/static/styles/dashboard/pages/lab.css")
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")
    for path in styles_of("dashboard/pages/lab.js"):
        assert get(f"/static/{path}")[2] in content
    assert get("/static/styles/dashboard/pages/lab.css", if_none_match=headers["etag"])[0] == 304


def test_the_styles_of_every_page_are_one_file_in_their_order() -> None:
    content = get("/static/styles/base.css")[2]
    places = [content.index(get(f"/static/{path}")[2]) for path in BASE_STYLES]
    assert places == sorted(places)


def test_under_the_hash_of_all_files_each_is_kept_for_good() -> None:
    status, headers, content = get(f"/static/{current().version}/{ENTRY}")
    assert (status, content) == (200, get(f"/static/{ENTRY}")[2])
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    status, headers, _ = get(f"/static/{'0' * 16}/{ENTRY}")
    assert (status, headers["cache-control"]) == (200, "no-cache")


def test_every_import_stays_under_the_hash() -> None:
    version = current().version
    content = get(f"/static/{version}/lesson/pages/lesson.js")[2].decode()
    from_root = re.findall(r"""["'](/static/[^"']+)["']""", content)
    assert from_root
    for address in from_root:
        assert address.startswith(f"/static/{version}/dashboard/")
        assert get(address)[0] == 200


def test_what_gains_by_it_is_compressed_for_those_who_can_read_it() -> None:
    plain_headers, content = get(f"/static/{ENTRY}")[1:]
    status, headers, packed = get(f"/static/{ENTRY}", accept_encoding="gzip, br")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(packed) == content
    assert len(packed) < len(content)
    assert headers["etag"] != plain_headers["etag"]
    assert headers["vary"] == plain_headers["vary"] == "Accept-Encoding"
    again = get(f"/static/{ENTRY}", accept_encoding="gzip", if_none_match=headers["etag"])
    assert (again[0], again[2]) == (304, b"")


def test_the_texts_of_a_language_are_a_file_like_any_other() -> None:
    status, headers, content = get(f"/static/{current().version}/texts/ja.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert rb"\u" in content
    assert get("/static/texts/fr.js")[0] == 404


def test_a_changed_file_changes_the_hash_and_its_address_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.js"

    def files() -> dict[str, Path]:
        return {f"dashboard/{each.name}": each for each in tmp_path.iterdir()}

    monkeypatch.setattr(assets, "_files", files)
    monkeypatch.setattr(assets, "_CURRENT", assets._Current())
    monkeypatch.setattr(assets, "_LOOK_SECONDS", 0)
    file.write_text("1")
    before = current()
    assert current() is before
    assert before.version == Assets(files()).version
    file.write_text("2")
    os.utime(file, ns=(1, 1))
    assert current().version != before.version
    status, headers, content = get(f"/static/{before.version}/dashboard/a.js")
    assert (status, headers["cache-control"], content) == (200, "no-cache", b"2")
    (tmp_path / "b.js").write_text("")
    assert current().find("dashboard/b.js") is not None


def test_what_is_imported_when_needed_has_its_style_and_is_no_import_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "page.js": 'import "./a.js";\n/** @type {import("./type.js").T} */\nimport("./b.js");',
        "a.js": "",
        "b.js": 'import "./c.js";',
        "c.js": "",
    }.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name.replace(".js", ".css")).write_text("")
    monkeypatch.setattr(
        modules,
        "find",
        lambda path: str(tmp_path / path) if (tmp_path / path).exists() else None,
    )
    assert imports_of("page.js") == ["a.js"]
    assert styles_of("page.js") == ["a.css", "c.css", "b.css", "page.css"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b", "x" * 5_000])
def test_at_the_api_a_path_that_no_file_can_have_is_not_found(name: str) -> None:
    answer = StaticFiles(WSGIHandler()).get_response(RequestFactory().get(f"/static/{name}"))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
