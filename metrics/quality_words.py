"""What was found out about the data, in words: what is wrong, why it matters, and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import presentation
from metrics.definitions import kpis
from metrics.queries import reconciliation
from metrics.queries.finding import NOTICE, PROBLEM, WARNING, Finding

LEVEL_NAMES: Final[Mapping[str, Promise]] = {
    PROBLEM: _("to be mended"),
    WARNING: _("to be looked at"),
    NOTICE: _("good to know"),
}
MEASURE_NAMES: Final[Mapping[str, Promise]] = {
    "first_response_time": _("first response time"),
    "first_resolution_time": _("first resolution time"),
    "resolution_time": _("resolution time"),
}
RULE_NAMES: Final[Mapping[str, Promise]] = {
    reconciliation.AGREES: _("the same"),
    reconciliation.ROUNDED: _("the same, rounded to minutes"),
    reconciliation.CALENDAR_TIME: _("the source measures calendar time"),
    reconciliation.PAUSES: _("the source does not stop the clock in the statuses that stop ours"),
    reconciliation.FIRST_SOLVE: _("the source measures to the first solve"),
    reconciliation.LAST_SOLVE: _("the source measures to the last solve"),
    reconciliation.CLOSING: _("the source measures to the closing"),
    reconciliation.OTHER_HOURS: _("the source has other opening hours, or stops the clock otherwise"),
    reconciliation.OURS_MISSING: _("a time is missing here"),
    reconciliation.UNEXPLAINED: _("not explained: longer than from beginning to end"),
}
_ADVICE: Final[Mapping[str, Promise]] = {
    "late_source": _(
        "Export what is newest there and import the file; figures of the days since are incomplete until then. If the "
        "system is no longer in use, nothing need be done."
    ),
    "days_without_tickets": _(
        "See whether the export left these days out, and import them. Holidays are meant to be empty."
    ),
    "negative_time": _(
        "Such times are left out of averages. Most come from a wrong time zone at import: import again with the right "
        "one."
    ),
    "future_time": _("Check the order of day and month, and the time zone, of the import that brought them."),
    "very_long": _("More often a wrong date than a long wait. Averages suffer; the median hardly does."),
    "missing_value": _(
        "Map the column at import, or have it filled in the source; until then these rows stand under “(not given)”."
    ),
    "closed_without_solve": _(
        "They count as solved when they were closed and have no resolution time. Export the time of solving as well."
    ),
    "end_unknown": _(
        "Only their status says that they have ended, so they are left out of the backlog and have no resolution time. "
        "Export the time of solving or closing as well, or import the events of the tickets."
    ),
    "twin_tickets": _("Merge them in the source; they count as two contacts until then."),
    "doubled_customers": _(
        "Merge them in the source and import customers again; until then such a customer counts twice."
    ),
    "without_rate": _("No figure counts them. Enter an exchange rate for each of these currencies."),
    "overlapping_subscriptions": _(
        "Most often the same one under two numbers, and its revenue counts twice. End one of them in the source, and "
        "import subscriptions again."
    ),
    "backwards_subscriptions": _(
        "They count on no day. Mend the days in the source and import subscriptions again; see also whether day and "
        "month were confused."
    ),
    "before_its_ticket": _(
        "Most often events and tickets were imported in different time zones: import the events again in the right one."
    ),
    "stub_customers": _(
        "Nothing is known of them but what named them, so they stand under no segment, tier or country. Import "
        "customers."
    ),
    "stub_agents": _(
        "Nothing is known of them but what named them. Give each a name, an address and a team; make one of those that "
        "are the same person."
    ),
    "stub_teams": _("Nobody belongs to them. Say of each agent in which team they are."),
    "failed_imports": _("Open the import, read what went wrong, and import the file again."),
    "rejected_rows": _("Download the rejected rows, mend them, and import them again: nothing is lost."),
    "days_to_compute": _("The worker is computing them; if the number stays, see whether a worker runs."),
    "small_sample": _("Read such a figure with its interval, and over a longer period."),
    "low_response": _(
        "Those who answer may differ from those who do not: read scores with care, and shorten or time the survey "
        "better."
    ),
}


@dataclass(frozen=True)
class Told:
    """A finding as it is shown."""

    finding: Finding
    level: str
    text: str
    advice: str
    link: str


def told(finding: Finding) -> Told:
    return Told(
        finding=finding,
        level=str(LEVEL_NAMES[finding.level]),
        text=_TEXTS[finding.kind](finding.count) % {"n": presentation.number(finding.count), "about": _about(finding)},
        advice=str(_ADVICE[finding.kind]),
        link=_link(finding),
    )


def _about(finding: Finding) -> str:
    known = kpis()
    return str(known[finding.about].name) if finding.about in known else presentation.dimension(finding.about)


def _link(finding: Finding) -> str:
    if finding.about in kpis():
        return reverse("metrics:kpi", args=[finding.about])
    return reverse("metrics:data") if finding.kind in ("failed_imports", "rejected_rows", "late_source") else ""


def rule(name: str) -> str:
    return capfirst(str(RULE_NAMES[name]))


_TEXTS: Final[Mapping[str, Callable[[int], str]]] = {
    "late_source": lambda n: ngettext(
        "Nothing from %(about)s for %(n)s day", "Nothing from %(about)s for %(n)s days", n
    ),
    "days_without_tickets": lambda n: ngettext(
        "%(n)s day without any ticket from %(about)s, on a weekday that usually has some",
        "%(n)s days without any ticket from %(about)s, on weekdays that usually have some",
        n,
    ),
    "negative_time": lambda n: ngettext(
        "%(n)s ticket with a time before its beginning", "%(n)s tickets with a time before their beginning", n
    ),
    "future_time": lambda n: ngettext(
        "%(n)s ticket with a time still to come", "%(n)s tickets with a time still to come", n
    ),
    "very_long": lambda n: ngettext(
        "%(n)s ticket was solved more than a year after its creation",
        "%(n)s tickets were solved more than a year after their creation",
        n,
    ),
    "missing_value": lambda n: ngettext("%(n)s ticket without: %(about)s", "%(n)s tickets without: %(about)s", n),
    "closed_without_solve": lambda n: ngettext(
        "%(n)s ticket was closed without a known time of solving",
        "%(n)s tickets were closed without a known time of solving",
        n,
    ),
    "end_unknown": lambda n: ngettext(
        "%(n)s ticket has ended, nobody knows when", "%(n)s tickets have ended, nobody knows when", n
    ),
    "twin_tickets": lambda n: ngettext(
        "%(n)s pair of tickets of the same customer and subject within two minutes",
        "%(n)s pairs of tickets of the same customer and subject within two minutes",
        n,
    ),
    "doubled_customers": lambda n: ngettext(
        "%(n)s customer with the e-mail address of another one of the same source",
        "%(n)s customers with the e-mail address of another one of the same source",
        n,
    ),
    "without_rate": lambda n: ngettext(
        "%(n)s amount in a currency without an exchange rate", "%(n)s amounts in currencies without an exchange rate", n
    ),
    "overlapping_subscriptions": lambda n: ngettext(
        "%(n)s subscription that runs at the same time as another of the same customer and plan",
        "%(n)s subscriptions that run at the same time as another of the same customer and plan",
        n,
    ),
    "backwards_subscriptions": lambda n: ngettext(
        "%(n)s subscription that ends before it starts", "%(n)s subscriptions that end before they start", n
    ),
    "before_its_ticket": lambda n: ngettext(
        "%(n)s event or message from before its ticket was created",
        "%(n)s events or messages from before their ticket was created",
        n,
    ),
    "stub_customers": lambda n: ngettext(
        "%(n)s customer is only named by other facts", "%(n)s customers are only named by other facts", n
    ),
    "stub_agents": lambda n: ngettext(
        "%(n)s agent is only named by other facts", "%(n)s agents are only named by other facts", n
    ),
    "stub_teams": lambda n: ngettext(
        "%(n)s team is only named by other facts", "%(n)s teams are only named by other facts", n
    ),
    "failed_imports": lambda n: ngettext("%(n)s import failed", "%(n)s imports failed", n),
    "rejected_rows": lambda n: ngettext(
        "%(n)s row was rejected and waits to be mended", "%(n)s rows were rejected and wait to be mended", n
    ),
    "days_to_compute": lambda n: ngettext(
        "%(n)s day still waits to be computed", "%(n)s days still wait to be computed", n
    ),
    "small_sample": lambda n: ngettext("%(about)s rests on %(n)s row only", "%(about)s rests on %(n)s rows only", n),
    "low_response": lambda n: ngettext(
        "Hardly anybody answers: %(n)s answer", "Hardly anybody answers: %(n)s answers", n
    ),
}
