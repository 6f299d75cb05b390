"""R: for something the business wants, not at the cost of something else, and not one goal too many."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import guardrail_words, guardrails, scales
from goals.smart.facts import Check, Facts, blocked, passed, warned

MOST_GOALS: Final = 5
"""More active goals than so many nobody can keep in mind."""
_YEAR: Final = timedelta(days=365)
_SHOWN: Final = 5


def objective(facts: Facts) -> Iterator[Check]:
    if not facts.objective:
        text = _("Choose the business objective that it serves: a figure is not an end in itself.")
        yield blocked("objective", text, "objective")
    yield passed("objective", _("It serves “%(objective)s”.") % {"objective": facts.objective})


def guardrail(facts: Facts) -> Iterator[Check]:
    goal, kpi = facts.goal, facts.kpi
    if kpi is None and goal.has_kpi:
        return
    if not goal.guardrail:
        yield from _without(facts)
        return
    guard = facts.guardrail
    words = {"guard": guard.name if guard else goal.guardrail}
    if guard is None:
        text = _("The KPI of the guardrail, “%(guard)s”, no longer exists. Choose another one.")
        yield blocked("guardrail", text % words, "guardrail")
        return
    if guard == kpi:
        yield blocked("guardrail", _("A goal cannot guard itself. Choose another KPI as its guardrail."), "guardrail")
    if not guardrails.can_guard(guard):
        text = _("Of “%(guard)s” neither more nor less is worse, so it can guard nothing. Choose another KPI.")
        yield blocked("guardrail", text % words, "guardrail")
    if goal.dimension and goal.dimension not in guard.dimensions:
        text = _("“%(guard)s” cannot be told apart as this goal is, so it cannot guard it. Choose another KPI.")
        yield blocked("guardrail", text % words, "guardrail")
    yield from _limited(facts)


def _without(facts: Facts) -> Iterator[Check]:
    kpi = facts.kpi
    if kpi is None or not guardrails.is_needed(kpi):
        yield passed("guardrail", _("It needs no guardrail: it is not about speed or cost."))
        return
    text = _(
        "“%(kpi)s” is about speed or cost, which can be had at the customer’s expense. Choose a guardrail: a KPI that "
        "must not get worse meanwhile, such as customer satisfaction."
    )
    yield blocked("guardrail", text % {"kpi": kpi.name}, "guardrail")


def _limited(facts: Facts) -> Iterator[Check]:
    """Of a guardrail that makes sense: its limit."""
    goal, kpi, guard, limit = facts.goal, facts.kpi, facts.guardrail, facts.goal.guardrail_limit
    if limit is None or guard is None:
        text = _("Say how far the guardrail may go: the worst value that you would still accept.")
        yield blocked("guardrail", text, "guardrail_limit")
        return
    now = facts.guardrail_value
    words = {"guard": guard.name, "limit": guardrail_words.limit(goal, guard)}
    words |= {"now": guardrail_words.amount(goal, now, guard)}
    if not scales.holds(guard, limit):
        text = _("The limit of the guardrail, %(limit)s, lies outside the scale of “%(guard)s”.")
        yield blocked("guardrail", text % words, "guardrail_limit")
    if now is None:
        text = _(
            "“%(guard)s” was not measured in the last complete periods. A guardrail that nobody sees guards nothing."
        )
        yield warned("guardrail", text % words)
        return
    if not guardrails.holds(now, limit, guard):
        text = _("The guardrail is breached already: “%(guard)s” is to be %(limit)s and is %(now)s.")
        yield warned("guardrail", text % words)
    if kpi is not None and guardrails.is_needed(kpi) and guardrails.is_needed(guard):
        text = _("The guardrail “%(guard)s” is about speed or cost, too. Rather choose one that customers feel.")
        yield warned("guardrail", text % words)
    yield passed("guardrail", _("Guarded by “%(guard)s” of %(limit)s; it is %(now)s now.") % words)


def incentive(facts: Facts) -> Iterator[Check]:
    if not facts.goal.has_incentive:
        return
    note = str(guardrail_words.GOODHART)
    if not facts.goal.guardrail:
        yield warned("incentive", f"{note} {_('Choose a guardrail.')}")
    yield passed("incentive", note)


def load(facts: Facts) -> Iterator[Check]:
    words = {"count": facts.companions + 1, "most": MOST_GOALS}
    if facts.companions >= MOST_GOALS:
        text = _(
            "It would be active goal number %(count)s of the same team or owner; with more than %(most)s none is "
            "looked after well. Close one first, or leave this one for later."
        )
        yield warned("load", text % words)
    yield passed("load", _("Active goal number %(count)s of the same team or owner; up to %(most)s are good.") % words)


def channels(facts: Facts) -> Iterator[Check]:
    """A goal for one channel may move the trouble to the others."""
    if facts.goal.dimension != "channel":
        return
    if not facts.other_channels:
        yield passed("channels", _("No other channel is left out."))
    names = ", ".join(facts.other_channels[:_SHOWN]) + (" …" if len(facts.other_channels) > _SHOWN else "")
    text = _("Nothing looks at the other channels: %(names)s. Say why this one, or set goals for them, too.")
    yield warned("channels", text % {"names": names})


def benchmark(facts: Facts) -> Iterator[Check]:
    on = facts.benchmark_on
    if on is None:
        return
    words = {"day": date_format(on, "DATE_FORMAT")}
    if facts.today - on > _YEAR:
        text = _("The newest benchmark of this KPI is of %(day)s, more than a year ago. Look for a newer one.")
        yield warned("benchmark", text % words)
    yield passed("benchmark", _("The newest benchmark is of %(day)s.") % words)
