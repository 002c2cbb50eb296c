"""Links to the page's modules and to their styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

import systems.orders
from dashboard.modules import imports_of
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

    Without a build step a browser learns of a module's imports only once it has read the module:
    as many round trips one after another as the imports are deep. A module's style has its name
    (``lab_map.js``, ``lab_map.css``), so that whatever imports an element has its style as well;
    ``labsite.http.static`` serves all of them as one file.
    """
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((static(each),) for each in imports_of(path)),
    )
    return format_html(
        '<link rel="stylesheet" href="{}">\n{}\n<script type="module" src="{}"></script>',
        static(f"styles/{path.removesuffix('.js')}.css"),
        preloads,
        static(path),
    )
