"""A report as a mail: the frozen content in HTML and in plain text with the very same numbers, charts as pictures.

Nothing is asked of the database but the organisation's name, and every chart is drawn once for all recipients.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from goals import report_content, report_unsubscribe
from goals.models import Goal, Report
from goals.report_content import Content
from kpiproject import mail
from kpiproject.lib import charts
from kpiproject.mail import Draft, File
from kpiproject.models import Organisation, User
from kpiproject.queries import organisation

KIND: Final = "report"
OUTSIDERS_KIND: Final = "report_stakeholder"
"""It carries the reader's own link to unsubscribe."""
TEST_KIND: Final = "report_test"
WARNING_KIND: Final = "report_problem"
MOST_GOALS: Final = 20
"""Mail programs cut a mail of more than some 100 kB; the page of the run shows every goal."""
_NEEDS_ATTENTION: Final = (Goal.Status.OFF_TRACK, Goal.Status.AT_RISK)


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom a report is mailed. Who has no account is a stakeholder, and an outsider."""

    email: str
    name: str = ""
    stakeholder: int | None = None


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What all recipients of one kind see. Outsiders find no links into the house, and nothing about single agents."""

    items: list[Content]
    goals: list[Content]
    more_goals: int = 0
    milestones: list[Content] = field(default_factory=list)
    closed: list[Content] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    is_for_outsiders: bool = False


def drafts(
    content: Content, readers: Sequence[Recipient], *, report: Report, is_test: bool = False
) -> dict[str, Draft]:
    """The mail of every reader, by address."""
    house = organisation()
    pictures = _pictures(content)
    editions: dict[bool, Edition] = {}
    found = {}
    for reader in readers:
        is_outsider = reader.stakeholder is not None
        if is_outsider not in editions:
            editions[is_outsider] = _edition(content, pictures, is_for_outsiders=is_outsider)
        context = _context(content, editions[is_outsider], house) | {"report": report, "is_test": is_test}
        found[reader.email] = _draft(reader, editions[is_outsider], context)
    return found


def is_usable(email: str) -> bool:
    """Whether the outbox would take a mail to this address."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def warning(report: Report, person: User) -> Draft:
    """What somebody is told of a report without recipients: its owner, or a manager where the owner has left."""
    url = settings.BASE_URL + reverse("goals:report", args=[report.pk])
    context = {"report": report, "person": person, "is_owner": person == report.owner, "url": url}
    return mail.draft("report_problem", kind=WARNING_KIND, to=person.email, context=context)


def subject(content: Content) -> str:
    return _("%(name)s: %(week)s") % {"name": content["name"], "week": content["week"]["text"]}


def _draft(reader: Recipient, edition: Edition, context: dict[str, Any]) -> Draft:
    headers, kind = {}, KIND
    if reader.stakeholder is not None:
        url = report_unsubscribe.url(context["report"].pk, reader.stakeholder)
        headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        context, kind = context | {"unsubscribe_url": url}, OUTSIDERS_KIND
    return mail.draft(
        "weekly_report",
        kind=TEST_KIND if context["is_test"] else kind,
        to=reader.email,
        context=context | {"name": reader.name},
        headers=headers,
        files=edition.files,
    )


def _context(content: Content, edition: Edition, house: Organisation) -> dict[str, Any]:
    changed = {
        tone: [_label(item) for item in edition.items if (item.get("change") or {}).get("tone") == tone]
        for tone in ("good", "bad")
    }
    return {
        "organisation": house,
        "mail_subject": subject(content),
        "content": content,
        "items": edition.items,
        "goals": edition.goals,
        "more_goals": edition.more_goals,
        "milestones": edition.milestones,
        "closed": edition.closed,
        "better": "; ".join(changed["good"]),
        "worse": "; ".join(changed["bad"]),
        "notices": list(notices(content)),
        "is_for_outsiders": edition.is_for_outsiders,
        "goals_url": "" if edition.is_for_outsiders else settings.BASE_URL + reverse("goals:board"),
    }


def _edition(content: Content, pictures: dict[int, File], *, is_for_outsiders: bool) -> Edition:
    """With the links and pictures that the reader may have."""
    seen = report_content.for_outsiders(content) if is_for_outsiders else content
    items, files = [], []
    for item in seen["items"]:
        picture = pictures.get(item["item"])
        path = "" if is_for_outsiders else address(item, content)
        words = {"label": _label(item), "compared": compared(item), "details": details(item), "alt": _alt(item)}
        words["url"] = settings.BASE_URL + path if path else ""
        items.append(item | words | {"picture": picture, "caption": _caption(item)})
        files += [picture] if picture else []
    goals = [goal | {"details": goal_news(goal)} for goal in seen["goals"] if has_news(goal)][:MOST_GOALS]
    more = len(seen["goals"]) - len(goals)
    return Edition(
        items=items,
        goals=goals,
        more_goals=more,
        milestones=milestones(seen),
        closed=closed(seen),
        files=files,
        is_for_outsiders=is_for_outsiders,
    )


def notices(content: Content) -> Iterator[str]:
    """What the reader must know before the figures."""
    if content["is_computing"]:
        yield _("Some figures of this week were still being computed when this was sent; they may change.")
    weeks = [week["text"] for week in content["skipped"] if _is_whole(week)]
    if weeks:
        sentence = _("Left out because nothing was running when they were due: %(weeks)s.")
        yield sentence % {"weeks": ", ".join(weeks)}
    rests = [week["text"] for week in content["skipped"] if not _is_whole(week)]
    if rests:
        sentence = _("In no report, because weeks begin on another day since then: %(days)s.")
        yield sentence % {"days": ", ".join(rests)}


def _is_whole(week: Content) -> bool:
    return date.fromisoformat(week["end"]) - date.fromisoformat(week["start"]) == timedelta(days=7)


def compared(item: Content) -> str:
    """The figure of the week before, and what the change is worth."""
    if item["problem"]:
        return ""
    change = item["change"]
    if change is None:
        is_known = item["previous"] is not None
        return _("before: %(before)s") % {"before": item["previous_text"]} if is_known else ""
    judged = {"good": _("better; %(words)s"), "bad": _("worse; %(words)s")}.get(change["tone"], "%(words)s")
    return judged % {"words": change["words"]}


def details(item: Content) -> list[str]:
    """What stands beneath a figure, a line each: the same in HTML and in plain text."""
    if item["problem"]:
        return [item["problem"]]
    interval = _("95 %% interval %(interval)s") % {"interval": item["interval"]} if item["interval"] else ""
    rests_on = " · ".join(part for part in (interval, item["counted"], item["clock_name"]) if part)
    return [line for line in (rests_on, " ".join(item["notes"])) if line]


def milestones(content: Content) -> list[Content]:
    """What the team has reached, each with a sentence; reports of before knew none."""
    return [found | {"words": _reached(found)} for found in content.get("milestones", [])]


def _reached(found: Content) -> str:
    if not found["value"]:
        return _("Reached on %(on)s.") % found
    if not found["baseline"]:
        return _("%(value)s on %(on)s; the target was %(target)s.") % found
    return _("From %(baseline)s to %(value)s on %(on)s; the target was %(target)s.") % found


def closed(content: Content) -> list[Content]:
    """Goals that have ended, and how."""
    return list(content.get("closed", []))


def goal_details(goal: Content) -> list[str]:
    """What the page of a run says of a goal, a line each."""
    if not goal["kpi_name"]:
        return [line for line in (_way(goal), goal["reason"]) if line]
    template = _("started at %(baseline)s, now %(value)s; target %(target)s by %(due)s")
    if goal.get("is_range"):
        template = _("started at %(baseline)s, now %(value)s; to lie within %(target)s by %(due)s")
    way = f"{_measured_by(goal)}: {template % goal}"
    return [line for line in (way, goal["value_note"], goal["reason"], goal.get("guardrail_text", "")) if line]


def guardrail(goal: Content) -> str:
    """“Hollow win so far: Customer satisfaction at least 85 %, now 80 %”; empty for a goal without one."""
    if not goal.get("guardrail"):
        return ""
    return capfirst(f"{goal['guardrail']}: {goal['guardrail_short']}")


def has_news(goal: Content) -> bool:
    """Whether somebody must do something, or it goes as it should, or was decided since the report before."""
    status = goal["status"]
    if goal.get("guardrail_tone") == "bad" and not goal.get("ended_earlier", False):
        return True
    if status in (Goal.Status.ACHIEVED, Goal.Status.MISSED):
        return not goal.get("ended_earlier", False)
    return status in (*_NEEDS_ATTENTION, Goal.Status.ON_TRACK)


def goal_news(goal: Content) -> list[str]:
    """What a mail says of a goal: one line, the reason where somebody must do something, and its guardrail."""
    line, guarded = _way(goal), [guardrail(goal)] if goal.get("guardrail") else []
    if goal["status"] not in _NEEDS_ATTENTION:
        return [line, *guarded]
    named = f"{_measured_by(goal)}: {line}" if goal["kpi_name"] else line
    return [named, *([goal["reason"]] if goal["reason"] else []), *guarded]


def _way(goal: Content) -> str:
    """Of a range both ends; of a goal without a KPI its day alone."""
    if not goal["kpi_name"]:
        return _("all milestones by %(due)s") % goal
    now = f"{goal['value']} ({goal['value_note']})" if goal["value_note"] else goal["value"]
    if goal.get("is_range"):
        return _("now %(now)s; to lie within %(target)s by %(due)s") % (goal | {"now": now})
    return _("now %(now)s; target %(target)s by %(due)s") % (goal | {"now": now})


def _measured_by(goal: Content) -> str:
    return f"{goal['kpi_name']}, {goal['scope']}" if goal["scope"] else str(goal["kpi_name"])


def _label(item: Content) -> str:
    return f"{item['name']}, {item['scope']}" if item["scope"] else item["name"]


def address(item: Content, content: Content) -> str:
    """The path of the KPI's page with the same days, and only the same member. Empty where the figure has failed."""
    if item["problem"]:
        return ""
    asked = {"from": content["week"]["start"], "to": content["week"]["end"]}
    if item["dimension"]:
        asked["where"] = f"{item['dimension']}={item['member']}"
    return f"{reverse('metrics:kpi', args=[item['kpi']])}?{urlencode(asked)}"


# --- Charts
def _pictures(content: Content) -> dict[int, File]:
    """The chart of each item that has one."""
    drawn = {}
    for number, item in enumerate(content["items"], start=1):
        if item.get("chart"):
            png = charts.to_mail_png(item["chart"])
            name = f"{number}-{slugify(_label(item))}.png"
            content_id = f"{hashlib.sha256(png).hexdigest()[:24]}.{number}@plumbline"
            drawn[item["item"]] = File(name=name, content_type="image/png", content=png, content_id=content_id)
    return drawn


def _alt(item: Content) -> str:
    """What the chart shows, for whoever does not see it: where it begins, ends, and how far it went in between."""
    known = [step for step in item.get("course", []) if step["value"] is not None]
    if not known:
        return ""
    lowest, highest = (choose(known, key=lambda step: step["value"]) for choose in (min, max))
    return _(
        "%(title)s: lowest %(low)s in the week from %(low_day)s, highest %(high)s in the week from %(high_day)s, "
        "%(last)s in the week from %(last_day)s."
    ) % {
        "title": item["chart_title"],
        "low": lowest["value_text"],
        "low_day": _day(lowest),
        "high": highest["value_text"],
        "high_day": _day(highest),
        "last": known[-1]["value_text"],
        "last_day": _day(known[-1]),
    }


def _caption(item: Content) -> str:
    """What the chart shows, beneath it."""
    course = item.get("course", [])
    words = {"weeks": len(course)}
    if any(step["interval"] for step in course):
        return _("The last %(weeks)s weeks; the band is the 95 %% interval.") % words
    return _("The last %(weeks)s weeks.") % words


def _day(step: Content) -> str:
    return date_format(date.fromisoformat(step["start"]), "MONTH_DAY_FORMAT")
