"""Links to the page's modules and to their styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

import systems.orders
from dashboard.joined import FIRST
from systems.current import SYSTEM

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def service_titles() -> dict[str, str]:
    """Return the titles of the system's services by their names in telemetry."""
    return {each.name: each.title for each in SYSTEM.services}


@register.simple_tag
def is_whole() -> bool:
    """Whether the system has all that the lesson, the lab's experiments and the matrix need."""
    return systems.orders.is_whole(SYSTEM)


@register.simple_tag
def module(path: str) -> SafeString:
    """Load the module at ``path`` with all that it imports, and the style beside each of them.

    A module's style has its name (``lab_map.js``, ``lab_map.css``), so that whatever imports an
    element has its style as well. ``labsite.http.assets`` serves all modules as one file, and all
    styles as another.
    """
    return format_html(
        '<link rel="stylesheet" href="{}">\n<script type="module" src="{}"></script>',
        static(f"styles/{path.removesuffix('.js')}.css"),
        static(FIRST + path),
    )
