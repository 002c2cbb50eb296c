"""The order API's process."""

from __future__ import annotations

from labsite.env import ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "api"
ROOT_URLCONF = "labsite.urls_api"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "labsite",
    "orders",
]
MIDDLEWARE = [
    "labsite.middleware.ServiceGuard",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": database(ENV.database_url)}
STATIC_URL = "/static/"
SPECTACULAR_SETTINGS = {
    "TITLE": "Partition Lab: order API",
    "DESCRIPTION": "Takes orders, hands jobs to the worker, hears back from it.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
