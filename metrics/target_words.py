"""Service targets in words."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import presentation
from metrics.models import ServiceTarget
from metrics.models.target import Promise


def written(seconds: int) -> str:
    """Exactly these seconds, so that they can be read again; in hours at most."""
    hours, rest = divmod(seconds, 3600)
    parts = [(hours, "h"), (rest // 60, "min"), (rest % 60, "s")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 s"


def within(target: Promise) -> str:
    """“4 h”, or “10 days” of a target that is counted in days."""
    if target.count == Promise.Count.SECONDS:
        return written(target.seconds)
    return ngettext("%d day", "%d days", target.days) % target.days


def promise(target: Promise) -> str:
    """“4 h of business time”, “10 business days, until the end of the last one”."""
    if target.count == Promise.Count.SECONDS:
        return _("%(time)s of %(clock)s") % {"time": written(target.seconds), "clock": target.get_clock_display()}
    if target.clock == Promise.Clock.BUSINESS:
        days = ngettext("%d business day", "%d business days", target.days) % target.days
    else:
        days = ngettext("%d calendar day", "%d calendar days", target.days) % target.days
    if target.count == Promise.Count.DAY_ENDS:
        return _("%(days)s, until the end of the last one") % {"days": days}
    return days


def applies_to(target: Promise) -> str:
    """For which contacts a target counts."""
    return ", ".join(_conditions(target)) or _("every contact")


def _conditions(target: Promise) -> Iterator[str]:
    for name in ("channel", "category", "priority", "tier"):
        if wanted := getattr(target, name):
            yield _("%(dimension)s: %(member)s") % {"dimension": presentation.dimension(name), "member": wanted}
    if target.company:
        yield _("agreement with %(name)s") % {"name": target.company}
    if target.customer:
        yield _("agreement with the customer %(name)s") % {"name": target.customer}
    if target.least_mrr is not None:
        yield _("monthly revenue of at least %(amount)s") % {"amount": presentation.number(float(target.least_mrr))}
    if target.from_day is not None:
        yield (
            ngettext("customer for at least %d day", "customer for at least %d days", target.from_day) % target.from_day
        )
    if target.until_day is not None:
        yield (
            ngettext("customer for less than %d day", "customer for less than %d days", target.until_day)
            % target.until_day
        )


def stops(target: Promise) -> str:
    """What makes the clock stand still, where it is not what the organisation says; empty otherwise."""
    if target.count != Promise.Count.SECONDS or target.pausing == Promise.Pausing.NONE:
        return _("nothing stops the clock")
    if target.pausing == Promise.Pausing.OWN:
        return _("the clock is stopped by: %(statuses)s") % {"statuses": ", ".join(target.pause_statuses)}
    return ""


def since(target: ServiceTarget) -> str:
    """Which version is in force."""
    if target.valid_from is None:
        return _("version %(number)d") % {"number": target.version}
    since_day = date_format(target.valid_from, "DATE_FORMAT")
    return _("version %(number)d, since %(day)s") % {"number": target.version, "day": since_day}
