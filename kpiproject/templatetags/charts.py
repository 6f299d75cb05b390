"""What a page with charts needs."""

import json
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def chart_scripts() -> list[str]:
    """Addresses of the modules that draw charts; none where they were not built, and the drawing on the page stays."""
    names = ["kpiproject/vega.js", "kpiproject/charts.js"]
    is_built = staticfiles_storage.exists(names[0]) or finders.find(names[0]) is not None
    return [staticfiles_storage.url(name) for name in names] if is_built else []


@register.filter
def as_json(value: Any) -> SafeString:
    """JSON that may stand inside a script element of a type that no browser runs."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    escaped = text.replace("&", "\\u0026").replace("<", "\\u003C").replace(">", "\\u003E")
    return mark_safe(escaped)  # noqa: S308 (nothing is left that could end the element)
