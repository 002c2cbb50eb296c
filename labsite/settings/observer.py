"""The observer's process: telemetry in, the page, the control calls."""

from __future__ import annotations

from typing import Any

from labsite.env import BASE_DIR, ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "observer"
ROOT_URLCONF = "labsite.urls_observer"
ASGI_APPLICATION = "labsite.asgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "labsite",
    "telemetry",
    "evidence",
    "faults",
    "defences",
    "experiments",
    "lesson",
    "dashboard",
]
MIDDLEWARE = [
    "labsite.middleware.PageGuard",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]
# Under ASGI each request has a thread of its own, and a connection that is kept would outlive it.
# Much is written, and pages that are written again before a checkpoint are moved once.
DATABASES = {"default": database(ENV.telemetry_database_url, max_age=0, checkpoint_pages=8_000)}
CHANNEL_LAYERS: dict[str, Any] = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [ENV.redis_url]},
        }
        if ENV.redis_url
        # By its default a page that stays open for a day would fall out of its group.
        else {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"group_expiry": 365 * 86_400},
        }
    )
}
STATIC_URL = "/static/"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
# Lax: who follows a link to the lab still reads it in the language that was chosen.
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86_400
