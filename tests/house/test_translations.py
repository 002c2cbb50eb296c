"""Nothing on the page is left in English for a Japanese reader, and what is compiled is current."""

from __future__ import annotations

import gettext
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.support.catalogue import entries

if TYPE_CHECKING:
    from pathlib import Path

DOMAINS = ("django", "djangojs")
JAPANESE = settings.LOCALE_PATHS[0] / "ja" / "LC_MESSAGES"

# What a reader of Japanese reads as it is: names, formats, words of the wire.
AS_IT_IS = {
    "%(first)s%(second)s",
    "API",
    "API → worker",
    "Jaeger JSON",
    "OTLP JSON",
    "Partition Lab",
    "worker",
}


def compiled(domain: str) -> dict[str, str]:
    with (JAPANESE / f"{domain}.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # what it holds
    return {key[0] if isinstance(key, tuple) else key: text for key, text in catalogue.items()}


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_what_its_source_says(domain: str) -> None:
    assert compiled(domain) == entries(JAPANESE / f"{domain}.po"), (
        "run `python manage.py translations`"
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_a_translation_with_the_same_placeholders(domain: str) -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s|%s|%%|</?\w+", text))

    for message, translation in entries(JAPANESE / f"{domain}.po").items():
        assert translation, message
        if "One service" not in message:
            assert placeholders(translation) == placeholders(message), message


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_translation_is_in_japanese(domain: str) -> None:
    for message, translation in entries(JAPANESE / f"{domain}.po").items():
        if message and not re.search(r"[ぁ-んァ-ヶ一-龠、。：]", translation):
            assert translation in AS_IT_IS, message


@pytest.mark.parametrize("domain", DOMAINS)
def test_japanese_has_no_space_after_its_full_stop_and_one_word_for_milliseconds(
    domain: str,
) -> None:
    for message, translation in entries(JAPANESE / f"{domain}.po").items():
        assert not re.search(r"[、。：] |ミリ秒", translation), message


def test_every_text_of_the_page_is_in_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed, so the sources cannot be searched for texts")
    # Django writes beside the sources for a moment, and other tests read those.
    sources, found = tmp_path / "sources", tmp_path / "found"
    others = shutil.ignore_patterns(".*", "var", "tests", "node_modules", "locale", "__pycache__")
    shutil.copytree(settings.LAB_BASE_DIR, sources, ignore=others)
    monkeypatch.chdir(sources)
    call_command("translations", into=found, verbosity=0)
    for domain in DOMAINS:
        expected = entries(found / "ja" / "LC_MESSAGES" / f"{domain}.po").keys()
        known = entries(JAPANESE / f"{domain}.po").keys()
        assert sorted(expected - known) == [], "run `python manage.py translations`, then translate"
        assert sorted(known - expected) == [], "run `python manage.py translations`"
