"""Pages and answers are compressed for those who can read it, and what gains nothing is not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from labsite.http.compression import Compression

LONG = b'{"name": "order.place"}, ' * 200


def send(response: HttpResponse | StreamingHttpResponse, accepts: str = "gzip, br") -> HttpResponse:
    request = RequestFactory().get("/api/traces", headers={"accept-encoding": accepts})
    answered = Compression(lambda _request: response)(request)
    assert answered is response
    return answered  # type: ignore[return-value] # what is streamed is only looked at by its headers


@pytest.mark.parametrize("kind", ["application/json", "text/html; charset=utf-8"])
def test_what_is_long_is_compressed_and_has_its_new_length(kind: str) -> None:
    answered = send(HttpResponse(LONG, content_type=kind, headers={"Content-Length": "5000"}))
    assert answered.headers["Content-Encoding"] == "gzip"
    assert answered.headers["Content-Length"] == str(len(answered.content))
    assert answered.headers["Vary"] == "Accept-Encoding"
    assert len(answered.content) < len(LONG) / 2
    assert gzip.decompress(answered.content) == LONG


def test_who_cannot_read_it_gets_it_as_it_is() -> None:
    answered = send(HttpResponse(LONG, content_type="application/json"), accepts="br")
    assert answered.content == LONG
    assert "Content-Encoding" not in answered.headers
    assert answered.headers["Vary"] == "Accept-Encoding"


def test_what_is_short_a_picture_or_streamed_goes_as_it_is() -> None:
    assert send(HttpResponse(b"{}", content_type="application/json")).content == b"{}"
    assert send(HttpResponse(LONG, content_type="image/png")).content == LONG
    streamed = StreamingHttpResponse(iter([LONG]), content_type="application/json")
    assert "Content-Encoding" not in send(streamed).headers
