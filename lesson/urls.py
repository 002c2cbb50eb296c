"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from lesson import api, views

urlpatterns = [
    path("lesson", views.contents, name="lesson"),
    path("lesson/quiz", views.the_quiz, name="quiz"),
    path("lesson/mystery", views.the_mystery, name="mystery"),
    path("lesson/<str:name>", views.chapter, name="chapter"),
    path("api/lesson/exercises/<str:name>/results", api.results),
    path("api/lesson/quiz/<str:name>/proof", api.proof),
    path("api/lesson/mystery", api.the_mystery),
    path("api/lesson/mystery/answer", api.answer),
    path("api/lesson/mystery/leave", api.leave),
]
