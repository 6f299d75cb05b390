"""Charts as they stand on a page: drawn once, and with what stands at their axes in the reader's language."""

import hashlib
import json
from datetime import date
from typing import Final

from django.core.cache import cache
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format

from kpiproject.lib import charts
from kpiproject.lib.charts import Spec

_DRAWN_SECONDS: Final = 3600


def drawn(spec: Spec, name: str) -> dict[str, object]:
    """The specification, and its drawing for everybody whose browser does not draw it; for _chart.html."""
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).hexdigest()
    svg = cache.get_or_set(f"chart:{digest}", lambda: charts.to_svg(spec), _DRAWN_SECONDS)
    return {"name": name, "spec": spec, "svg": svg}


def locale() -> Spec:
    """Names of months and days, and separators, of the active language."""
    months, short_months = ([date_format(date(2000, n, 1), form) for n in range(1, 13)] for form in ("F", "M"))
    days, short_days = ([str(names[n % 7]).title() for n in range(6, 13)] for names in (WEEKDAYS, WEEKDAYS_ABBR))
    names = {"months": months, "shortMonths": short_months, "days": days, "shortDays": short_days}
    patterns = {"dateTime": "%Y-%m-%d %H:%M", "date": "%Y-%m-%d", "time": "%H:%M", "periods": ["AM", "PM"]}
    separators = {"decimal": get_format("DECIMAL_SEPARATOR"), "thousands": get_format("THOUSAND_SEPARATOR")}
    return {"time": {**patterns, **names}, "number": {**separators, "grouping": [3], "currency": ["", ""]}}
