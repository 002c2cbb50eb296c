"""The pages of the lesson."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lesson import chapters, fields, predictions, quiz
from systems.current import SYSTEM
from systems.orders import is_whole

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Render the list of chapters."""
    return _page(request, "lesson/contents.html", here="contents")


@require_safe
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """Render one chapter."""
    try:
        found = chapters.find(name)
    except chapters.UnknownChapterError:
        raise Http404(name) from None
    before, after = chapters.beside(found)
    return _page(
        request,
        found.template,
        here=found.name,
        chapter=found,
        before=before,
        after=after,
        exercises={each.name: predictions.as_json(each) for each in predictions.EXERCISES},
        fields=fields.FIELDS,
    )


@require_safe
def the_quiz(request: HttpRequest) -> HttpResponse:
    """Render the quiz."""
    questions = [quiz.as_json(question) for question in quiz.QUESTIONS]
    return _page(request, "lesson/quiz.html", here="quiz", questions=questions)


@require_safe
def the_mystery(request: HttpRequest) -> HttpResponse:
    """Render the mystery; its seed stands in the URL."""
    seed = request.GET.get("seed", "")
    config = {"clientUrl": settings.LAB_CLIENT_URL, "seed": seed}
    return _page(request, "lesson/mystery.html", here="mystery", config=config)


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    shared = {"page": "lesson", "config": {}, "chapters": chapters.CHAPTERS}
    if not is_whole(SYSTEM):
        return render(request, "lesson/needs_orders.html", shared, status=HTTPStatus.NOT_FOUND)
    return render(request, template, {**shared, **context})
