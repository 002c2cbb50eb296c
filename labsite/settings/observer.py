"""The observer's process: telemetry in, the page, the control calls."""

from __future__ import annotations

from typing import Any

from base.env import BASE_DIR, ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "observer"
ROOT_URLCONF = "labsite.http.urls_observer"
ASGI_APPLICATION = "labsite.http.asgi.application"
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
# No tokens against forged requests: PageGuard checks the origin of every method that changes
# something, and a token would only keep curl and scripts out.
MIDDLEWARE = [
    "labsite.http.compression.Compression",
    "labsite.http.middleware.PageGuard",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
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
                "dashboard.context.service_colours",
            ]
        },
    }
]
# Under ASGI each request has a thread of its own, and a connection that is kept would outlive it.
# Much is written: pages that change again before a checkpoint are copied once.
DATABASES = {
    "default": database(
        ENV.telemetry_database_url, max_age=0, checkpoint_pages=8_000, connections=24
    )
}
CHANNEL_LAYERS: dict[str, Any] = {
    "default": (
        {
            "BACKEND": "telemetry.live.redis_layer.RedisLayer",
            "CONFIG": {"hosts": [ENV.redis_url]},
        }
        if ENV.redis_url
        # The default would drop a page that stays open for a day from its group.
        else {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"group_expiry": 365 * 86_400},
        }
    )
}
STATIC_URL = "/static/"
STORAGES: dict[str, Any] = {"staticfiles": {"BACKEND": "labsite.http.assets.HashedStorage"}}
# Lax: following a link to the lab keeps the chosen language.
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86_400
