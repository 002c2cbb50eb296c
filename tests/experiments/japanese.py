"""Which texts of a page a reader of Japanese would find left in English."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Names, statuses, units, and words of the wire: they read the same in every language.
AS_IT_IS = {
    "API",
    "CANCELLED",
    "CONFIRMED",
    "GET",
    "HTTP",
    "Lab",
    "PENDING",
    "POST",
    "Partition",
    "REJECTED",
    "api",
    "client",
    "ms",
    "outbox",
    "s",
    "traceId",
    "worker",
}
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# A path, an id, a code, a field with its value, two services: no word of a sentence.
_CODE = re.compile(r"\S*[\d_/.{}-]\S*|[\w?]+ → [\w?]+")
_WORD = re.compile(r"[A-Za-z]+")
_SHOWN_ATTRIBUTES = {"aria-label", "title", "alt"}


def english_texts(markup: str, *, quoted: frozenset[str]) -> list[str]:
    """Return the texts and labels without Japanese that have a word which is no name.

    ``quoted`` are log lines and other texts that are shown as they were written.
    """
    texts = _Texts()
    texts.feed(markup)
    return [each for each in texts.found if each not in quoted and _is_english(each)]


def _is_english(text: str) -> bool:
    if _JAPANESE.search(text):
        return False
    return bool(set(_WORD.findall(_CODE.sub("", text))) - AS_IT_IS)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        self.found += [value for name, value in attrs if name in _SHOWN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._in_style:
            self.found.append(text)
