"""One survey as it is asked: from its current version, its rules and its ways in, never from what is being written."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual.chapters.context import Context
from surveys import changes, result_words, versions
from surveys.content import Content, Wording
from surveys.languages import LANGUAGES
from surveys.models import Question, SendingRule, Survey
from surveys.scales import Scale


@dataclass(frozen=True)
class Item:
    """Something there is to say. `code` names the figure by which editions are compared, `label` says what it is."""

    code: str
    name: str
    label: str
    words: str


def asked(survey: Survey) -> Content:
    """What people are asked at present."""
    current = survey.current_version
    return versions.read(current) if current else versions.content_of(survey)


def items(survey: Survey, context: Context) -> list[Item]:
    """Everything that decides something, in the order in which it is told; what is empty is left out."""
    content = asked(survey)
    wording = content.wording(content.language).named(context.house.name)
    found = [
        Item("kind", _("Kind"), _("kind"), survey.get_kind_display()),
        Item("purpose", _("About"), _("what it is about"), survey.get_purpose_display()),
        Item("scale", _("Scale"), _("scale"), scale(content.scale, wording)),
        Item("look", _("Looks like"), _("what scores look like"), str(dict(Survey.Look.choices)[content.look])),
        Item("groups", _("Scores"), _("what the scores mean"), result_words.groups(content.scale)),
        Item("languages", _("Languages"), _("languages"), languages(content)),
        Item("comment", _("Comment"), _("label of the comment"), wording.comment_label),
        Item("audience", _("Who can answer"), _("who can answer"), who_can_answer(survey)),
        Item("sending", _("Asked by itself"), _("when it is sent by itself"), sending(survey)),
        Item("reminders", _("Reminders"), _("reminders"), reminders(survey)),
        Item("quiet", _("Quiet time"), _("quiet time"), quiet(survey)),
        Item("changeable", _("Changeable"), _("an answer can be changed"), changeable(survey)),
        Item("replies", _("Replies to the mail"), _("where replies to the mail go"), survey.reply_to),
        Item("mail", _("Mail"), _("words of the mail"), _joined(wording.mail_subject, wording.mail_intro)),
        Item(
            "reminder",
            _("Words of the reminder"),
            _("words of the reminder"),
            _joined(wording.reminder_subject, wording.reminder_intro),
        ),
        Item("thanks", _("Thanks"), _("words of thanks"), _thanks(survey, wording)),
        Item("privacy", _("Privacy note"), _("privacy note"), wording.privacy_note),
        Item("owner", _("Looked after by"), _("owner"), str(survey.owner) if survey.owner else _("nobody yet")),
        Item("version", _("Version"), _("version"), version(survey)),
    ]
    return [item for item in found if item.words]


def further(survey: Survey) -> Iterator[Block]:
    """The further questions as a table, if there are any."""
    content = asked(survey)
    if not content.questions:
        return
    kinds = dict(Question.Kind.choices)
    rows = []
    for question in content.questions:
        said = question.prompt(content.language, content.language)
        whom = ", ".join(changes.condition(question, content)) or _("everybody")
        kind = str(kinds.get(question.kind, question.kind))
        if question.kind == Question.Kind.SCALE:
            kind = _("%(kind)s, %(low)s to %(high)s") % {"kind": kind, "low": question.low, "high": question.high}
        if question.is_required:
            kind = _("%(kind)s, must be answered") % {"kind": kind}
        rows.append([said.prompt, kind, ", ".join(said.options.values()) or "–", whom])
    caption = _("Further questions of “%(name)s”") % {"name": survey.name}
    yield tree.table(caption, [_("Question"), _("Kind"), _("Options"), _("Asked of")], rows)


def question(survey: Survey, context: Context) -> str:
    content = asked(survey)
    return content.wording(content.language).named(context.house.name).question


def scale(scale: Scale, wording: Wording) -> str:
    """“1 (Very dissatisfied) to 5 (Very satisfied)”."""
    ends = ((scale.low, wording.low_label), (scale.high, wording.high_label))
    low, high = (f"{score} ({label})" if label else str(score) for score, label in ends)
    said = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("%(scale)s; low is good") % {"scale": said} if scale.lower_is_better else said


def languages(content: Content) -> str:
    """The main one first."""
    others = [LANGUAGES[code] for code in content.wordings if code != content.language]
    return ", ".join([LANGUAGES[content.language], *others])


def who_can_answer(survey: Survey) -> str:
    days = survey.expires_after_days
    ways = [
        ngettext(
            "whoever was invited by e-mail, for %(days)s day", "whoever was invited by e-mail, for %(days)s days", days
        )
        % {"days": days}
    ]
    if survey.has_public_link:
        ways.append(_("anybody by a public link"))
    ways += [f"{one.get_kind_display()} “{one.name}”" for one in survey.entrances.all() if one.is_active]
    return "; ".join(ways)


def sending(survey: Survey) -> str:
    return "; ".join(_rule(rule) for rule in survey.rules.all() if rule.is_active) or _("never; people here send it")


def reminders(survey: Survey) -> str:
    days = survey.reminder_days
    if not days:
        return _("none")
    numbers = _("%(first)s and %(second)s") % {"first": days[0], "second": days[1]} if len(days) > 1 else str(days[0])
    said = ngettext("after %(days)s day", "after %(days)s days", days[-1])
    return _("%(when)s, only to those who have not answered") % {"when": said % {"days": numbers}}


def quiet(survey: Survey) -> str:
    if survey.respects_quiet_time:
        return _("people who were asked lately are left alone")
    return _("also sent to people who were asked lately")


def changeable(survey: Survey) -> str:
    days = survey.lock_after_days
    if not days:
        return _("not at all")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


def version(survey: Survey) -> str:
    current = survey.current_version
    if current is None:
        return ""
    return _("%(number)s, since %(date)s") % {
        "number": current.number,
        "date": date_format(current.created_at, "DATE_FORMAT"),
    }


def _rule(rule: SendingRule) -> str:
    """“After tickets: 24 hours after a ticket was solved, Mon–Fri 09:00 to 18:00, not on holidays”."""
    parts = [f"{rule.name}: {_occasion(rule)}", _hours(rule)]
    if rule.skips_holidays:
        parts.append(_("not on holidays"))
    if rule.sample_percent < 100:
        parts.append(_("%(percent)s %% of them") % {"percent": rule.sample_percent})
    parts += [f"{name}: {', '.join(map(str, values))}" for name, values in rule.filters.items() if values]
    return ", ".join(parts)


def _occasion(rule: SendingRule) -> str:
    if rule.trigger == SendingRule.Trigger.TICKET:
        said = ngettext(
            "%(hours)s hour after a ticket was solved", "%(hours)s hours after a ticket was solved", rule.delay_hours
        )
        return said % {"hours": rule.delay_hours}
    said = _("every %(every)s %(unit)s, %(whom)s") % {
        "every": rule.every,
        "unit": rule.get_unit_display(),
        "whom": rule.get_audience_display(),
    }
    if rule.waves == 1:
        return said
    return _("%(schedule)s, another of %(groups)s groups each time") % {"schedule": said, "groups": rule.waves}


def _hours(rule: SendingRule) -> str:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return _("%(days)s from %(start)s to %(end)s") % {
        "days": " ".join(names[day] for day in sorted(rule.weekdays)),
        "start": f"{rule.from_time:%H:%M}",
        "end": f"{rule.to_time:%H:%M}",
    }


def _joined(subject: str, intro: str) -> str:
    return ": ".join(part for part in (f"“{subject}”" if subject else "", intro) if part)


def _thanks(survey: Survey, wording: Wording) -> str:
    link = f"{wording.thanks_link} {survey.thanks_url}".strip()
    return " · ".join(part for part in (wording.thanks, link) if part)
