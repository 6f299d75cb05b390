"""Why a goal stands as it does: the sentences to the codes of a judgement, to be filled in by goals.lines."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_ENDED = gettext_lazy("%(value)s in %(period)s, the last one measured; the target was %(target)s.")
_TOO_CLOSE = gettext_lazy(
    "%(value)s in %(period)s, the last one measured; the target was %(target)s. "
    "Too close to call: the target lies within the interval, %(interval)s."
)
REASONS: Final[Mapping[str, Promise]] = {
    "": gettext_lazy("It has not been judged yet."),
    "kpi_retired": gettext_lazy("The KPI “%(kpi)s” no longer exists, so the goal cannot be judged any more."),
    "no_calendar": gettext_lazy("There is no business calendar any more, so business time cannot be measured."),
    "definition_changed": gettext_lazy(
        "The definition of “%(kpi)s” has changed since the baseline; measure the baseline again."
    ),
    "no_dimension": gettext_lazy("“%(kpi)s” can no longer be told apart by %(dimension)s."),
    "failed": gettext_lazy("It could not be judged; the log says why."),
    "computing": gettext_lazy("Its figures are just being computed."),
    "scheduled": gettext_lazy("It starts on %(start)s."),
    "forecast": gettext_lazy(
        "The chance to reach %(target)s by %(due)s is %(chance)s; it was %(value)s in %(period)s."
    ),
    "forecast_reached": gettext_lazy(
        "%(value)s in %(period)s meets the target of %(target)s; "
        "the chance that it still does on %(due)s is %(chance)s."
    ),
    "settled": gettext_lazy(
        "%(value)s in %(period)s, the last complete one before %(due)s: short of the target of %(target)s."
    ),
    "settled_reached": gettext_lazy(
        "%(value)s in %(period)s, the last complete one before %(due)s: the target of %(target)s is met."
    ),
    "achieved": _ENDED,
    "missed": _ENDED,
    "achieved_close": _TOO_CLOSE,
    "missed_close": _TOO_CLOSE,
    "maturing": gettext_lazy("It was due on %(due)s; the figures of its last days are not final before %(settled)s."),
}
ASSURED: Final[Mapping[str, Promise]] = {
    "pass": gettext_lazy("As the figure varies, it keeps %(target)s in every period."),
    "hit_and_miss": gettext_lazy("As the figure varies, it keeps %(target)s in some periods and misses it in others."),
    "fail": gettext_lazy("As the figure varies, it misses %(target)s in every period."),
    "": gettext_lazy("%(target)s is to be kept."),
}
"""What a figure that is to be kept does by itself, by its assurance (goals.budget)."""
