"""The order API's process."""

from __future__ import annotations

from base.env import ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "api"
ROOT_URLCONF = "labsite.http.urls_api"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "labsite",
    "orders",
]
MIDDLEWARE = [
    "service.guard.ServiceGuard",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
# An order is refused while its caller still waits.
DATABASES = {"default": database(ENV.database_url, lock_seconds=5)}
STATIC_URL = "/static/"
SPECTACULAR_SETTINGS = {
    "TITLE": "Partition Lab: order API",
    "DESCRIPTION": "Takes orders, sends jobs to the worker, receives its events.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
