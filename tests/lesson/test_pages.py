"""The lesson's pages in both languages, and the switch between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from labsite.http.assets import current
from lesson.chapters import CHAPTERS

if TYPE_CHECKING:
    from django.http import HttpResponse

# Every page has the colours of the services that are known.
pytestmark = pytest.mark.django_db(databases=["default", "telemetry"])

PATHS = ["/lesson", *(f"/lesson/{c.name}" for c in CHAPTERS), "/lesson/quiz", "/lesson/mystery"]


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


def get(client: Client, path: str, language: str) -> HttpResponse:
    return client.get(path, headers={"accept-language": language})  # type: ignore[return-value] # Django's test answer


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_is_in_the_browsers_language(client: Client, path: str, language: str) -> None:
    answer = get(client, path, language)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert ("日本語</button>" in page) == (language == "en")
    assert bool(re.search(r"[ぁ-ん]", page.replace("日本語", ""))) == (language == "ja")


def test_the_language_that_was_chosen_is_kept_and_leads_back(client: Client) -> None:
    chosen = client.post("/language", {"language": "ja", "next": "/lesson/slow?a=1"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/lesson/slow?a=1")
    assert '<html lang="ja">' in get(client, "/lesson", "en").content.decode()


def test_the_switch_leads_to_no_other_site(client: Client) -> None:
    chosen = client.post("/language", {"language": "ja", "next": "https://example.org/"})
    assert chosen["Location"] == "/"


def test_another_language_is_answered_in_english(client: Client) -> None:
    assert '<html lang="en">' in get(client, "/lesson", "de").content.decode()


def test_the_catalogue_of_the_scripts_follows_the_language(client: Client) -> None:
    assert b"/texts/ja.js" in get(client, "/", "ja").content
    assert b"/texts/en.js" in get(client, "/", "en").content
    texts = current().find("texts/ja.js")
    assert texts is not None
    assert rb"\u5fa9\u65e7" in texts.content


def test_an_unknown_chapter_is_not_found(client: Client) -> None:
    assert get(client, "/lesson/nothing", "en").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/lesson/exercises/z/results", "{}", 404),
        ("/api/lesson/exercises/a/results", "{}", 400),
        ("/api/lesson/exercises/a/results", "no", 400),
        ("/api/lesson/exercises/a/results", '{"orderId": 7}', 400),
        ("/api/lesson/quiz/z/proof", "{}", 404),
        ("/api/lesson/quiz/slow/proof", "[]", 400),
        ("/api/lesson/mystery", '{"seed": ""}', 400),
        ("/api/lesson/mystery/answer", '{"suspects": ["nobody"]}', 400),
        ("/api/lesson/mystery/answer", '{"suspects": ["well"]}', 409),
        ("/api/lesson/mystery/answer", '"' + "x" * 5_000 + '"', 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    client: Client, path: str, body: str, status: int
) -> None:
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["error"]
