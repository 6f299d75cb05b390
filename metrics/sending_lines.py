"""The rules of a survey in sentences, and what they did lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys import reasons
from surveys.models import Invitation, SendingRule, Skip, Survey

LATELY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule in the list: when it asks, at which hours, whom it leaves out, and what it did in the last 30 days."""

    rule: SendingRule
    when: str
    hours: str
    only: str
    asked: int
    skipped: int


def lines(survey: Survey, now: datetime) -> list[RuleLine]:
    return _lines(list(survey.rules.order_by("-is_active", "name", "id")), now)


def line(rule: SendingRule, now: datetime) -> RuleLine:
    return _lines([rule], now)[0]


def _lines(rules: list[SendingRule], now: datetime) -> list[RuleLine]:
    asked = _counts(Invitation.objects.filter(rule__in=rules, created_at__gt=now - LATELY))
    skipped = _counts(Skip.objects.filter(rule__in=rules, at__gt=now - LATELY))
    return [
        RuleLine(
            rule=rule,
            when=when(rule),
            hours=hours(rule),
            only=only(rule),
            asked=asked.get(rule.pk, 0),
            skipped=skipped.get(rule.pk, 0),
        )
        for rule in rules
    ]


def skipped_lately(survey: Survey, now: datetime) -> list[tuple[str, str, int]]:
    """Code, words and number of those who were not asked in the last 30 days, the most frequent reason first."""
    rows = Skip.objects.filter(survey=survey, at__gt=now - LATELY).order_by().values_list("reason")
    counts = rows.annotate(n=Count("id")).order_by("-n", "reason")
    return [(reason, reasons.in_words(reason), count) for reason, count in counts]


def when(rule: SendingRule) -> str:
    if rule.trigger == SendingRule.Trigger.TICKET:
        return ngettext(
            "%(count)s hour after a ticket was solved", "%(count)s hours after a ticket was solved", rule.delay_hours
        ) % {"count": rule.delay_hours}
    every = (
        ngettext("every week", "every %(count)s weeks", rule.every)
        if rule.unit == SendingRule.Unit.WEEK
        else ngettext("every month", "every %(count)s months", rule.every)
    )
    said = every % {"count": rule.every}
    if rule.waves > 1:
        said = _("%(every)s one of %(count)s groups") % {"every": said, "count": rule.waves}
    if rule.starts_on is None:
        return said
    return _("%(every)s from %(day)s on, at %(time)s") % {
        "every": said,
        "day": date_format(rule.starts_on, "j M Y"),
        "time": time_format(rule.at, "H:i"),
    }


def hours(rule: SendingRule) -> str:
    days = sorted(rule.weekdays)
    if len(days) == 7:
        named = _("every day")
    elif len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        named = _("%(first)s to %(last)s") % {"first": WEEKDAYS_ABBR[days[0]], "last": WEEKDAYS_ABBR[days[-1]]}
    else:
        named = ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)
    said = _("%(days)s, %(start)s–%(end)s") % {
        "days": named,
        "start": time_format(rule.from_time, "H:i"),
        "end": time_format(rule.to_time, "H:i"),
    }
    return _("%(hours)s, not on holidays") % {"hours": said} if rule.skips_holidays else said


def only(rule: SendingRule) -> str:
    """Who is left of them; "" if that is everybody."""
    parts = [", ".join(members) for members in rule.filters.values() if members]
    if rule.trigger == SendingRule.Trigger.SCHEDULE:
        parts.insert(0, str(rule.get_audience_display()))
        if rule.customer_since is not None:
            parts.append(_("signed up by %(day)s") % {"day": date_format(rule.customer_since, "j M Y")})
    if rule.sample_percent < 100:
        parts.append(_("a sample of %(percent)s %%") % {"percent": rule.sample_percent})
    return " · ".join(parts)


def _counts(rows: "QuerySet[Any]") -> dict[int, int]:
    return dict(rows.order_by().values_list("rule").annotate(n=Count("id")))
