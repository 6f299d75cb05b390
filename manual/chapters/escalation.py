"""From which threshold on who is told, within what time and by which way; when nobody is told; and what to do then."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.alarms import words
from goals.models import AlertRule, EscalationChain, EscalationStep
from kpiproject.calendars import default_calendar
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.models import User
from manual import queries
from manual.chapters.context import Built, Context, Figure, is_personal, part_of, rule
from manual.chapters.places import CARD, adopted, anchor_of
from metrics.target_words import written

Kind, Role = AlertRule.Kind, EscalationStep.Role


@dataclass(frozen=True, kw_only=True)
class Chains:
    """Every escalation chain by id, and the opening hours of those that have none of their own."""

    found: Mapping[int, EscalationChain]
    hours: str

    def of(self, about: AlertRule) -> EscalationChain | None:
        return self.found.get(about.chain_id or 0)

    def hours_of(self, chain: EscalationChain | None) -> str:
        """The calendar in which a chain counts its waiting; empty where it is round the clock."""
        return chain.calendar.name if chain is not None and chain.calendar else self.hours


_PROSE: Final = "escalation"
WRITTEN: Final[Mapping[str, str]] = {
    Kind.THRESHOLD: "when-a-figure-passes-a-limit",
    Kind.SIGNAL: "when-a-figure-leaves-its-normal-range",
    Kind.GOAL: "when-a-goal-is-in-danger",
    Kind.BUDGET: "when-too-many-of-the-last-answers-are-bad",
    Kind.NO_DATA: "when-nothing-is-measured-any-more",
    Kind.IMPORT: "when-an-import-failed-or-did-not-come",
    Kind.ANSWER: "when-a-single-answer-is-bad",
}
"""Where the prose of the chapter says what to do; a link to a heading that somebody has taken out becomes words."""


def build(context: Context) -> Built:
    rules = [each for each in queries.alert_rules() if _is_told(each, context)]
    default = default_calendar()
    chains = Chains(found=queries.chains(), hours=default.name if default else "")
    blocks: list[Block] = [tree.heading(1, _("From when on who is told"), "alarm-rules")]
    if rules:
        blocks += [_thresholds(rules, chains), *_customers(), *_quiet(rules, context)]
        blocks += [*_acknowledging(), *_what_to_do(rules, context)]
    else:
        blocks.append(tree.paragraph(_("No alert rule is active, so that no figure alarms anybody by itself.")))
        blocks += _customers()
    return Built(blocks=blocks, figures=_figures(rules, chains, context), is_empty=not rules)


def _is_told(found: AlertRule, context: Context) -> bool:
    """What watches single people is nobody's business but theirs and their manager's."""
    about = found.goal.dimension if found.goal else found.dimension
    return found.created_at <= context.as_of and not is_personal(about)


# --- Thresholds ---------------------------------------------------------------------------------------------------
def _thresholds(rules: Sequence[AlertRule], chains: Chains) -> Block:
    heads = [_("Alarm"), _("Threshold"), _("Who is told"), _("Within"), _("How")]
    rows = [row for each in rules for row in _rows(each, chains)]
    return tree.table(_("Thresholds, and who is told when nobody acknowledges the alarm"), heads, rows)


def _rows(found: AlertRule, chains: Chains) -> Iterator[list[str]]:
    """A row for each step: the first at the threshold, the next ones as long as nobody has acknowledged the alarm."""
    hours = chains.hours_of(chains.of(found))
    for number, step in enumerate(steps_of(found, chains)):
        threshold = capfirst(f"{condition(found)} ({found.get_severity_display()})")
        since = threshold if number == 0 else _("Nobody has acknowledged it")
        who = ", ".join(filter(None, [_who(step, found), _outside(found) if number == 0 else ""]))
        yield [found.name, since, who, within(step, number, hours), how(found)]
    chain = chains.of(found)
    if chain is not None and chain.repeats:
        again = within(steps_of(found, chains)[0], 1, hours)
        yield [found.name, _("Nobody has acknowledged it"), _rounds(chain), again, how(found)]


def _rounds(chain: EscalationChain) -> str:
    words = ngettext("all of them, %(n)s time more", "all of them, %(n)s times more", chain.repeats)
    return words % {"n": chain.repeats}


def condition(found: AlertRule) -> str:
    """“CSAT is below 85 %, in 2 of 3 weeks”."""
    said = words.condition(found)
    if found.kind not in (Kind.THRESHOLD, Kind.SIGNAL) or (found.breaches, found.of) == (1, 1):
        return said
    counted = {"condition": said, "breaches": found.breaches, "of": found.of}
    template = {
        AlertRule.Grain.DAY: _("%(condition)s, on %(breaches)s of %(of)s days"),
        AlertRule.Grain.WEEK: _("%(condition)s, in %(breaches)s of %(of)s weeks"),
        AlertRule.Grain.MONTH: _("%(condition)s, in %(breaches)s of %(of)s months"),
    }[AlertRule.Grain(found.grain)]
    return template % counted


def steps_of(found: AlertRule, chains: Chains) -> list[EscalationStep]:
    """Of a rule without a chain its owner alone, at once."""
    chain = chains.of(found)
    return list(chain.steps.all()) if chain and chain.steps.all() else [EscalationStep(role=Role.OWNER)]


def _who(step: EscalationStep, found: AlertRule) -> str:
    """Whoever can no longer log in is replaced by all managers, as the alarms do it."""
    if step.role == Role.OWNER:
        return str(found.owner) if found.owner.is_active else _("all managers, because the owner has left")
    return _("all managers") if step.role == Role.MANAGERS else _names(step)


def _outside(found: AlertRule) -> str:
    """“outside of the house Board and Works council, who may acknowledge it”."""
    names = get_text_list([each.name for each in found.stakeholders.all()], _("and"))
    if not names:
        return ""
    if found.lets_outsiders_acknowledge:
        return _("outside of the house %(names)s, who may acknowledge it") % {"names": names}
    return _("outside of the house %(names)s") % {"names": names}


def _names(step: EscalationStep) -> str:
    if step.role == Role.OUTSIDE:
        return ", ".join(each.name for each in step.stakeholders.all()) or _("nobody, because those chosen have left")
    people: list[User] = [person for person in step.people.all() if person.is_active]
    return ", ".join(sorted(map(str, people))) or _("all managers, because those chosen have left")


def within(step: EscalationStep, number: int, hours: str) -> str:
    """“at once”, “4 h of opening time later (Support)”."""
    if number == 0:
        return _("at once")
    said = {"time": written(60 * step.wait_minutes), "calendar": hours}
    if not step.wait_minutes:
        return _("at the same time")
    if not step.by_hours:
        return _("%(time)s later") % said
    return (_("%(time)s of opening time later (%(calendar)s)") if hours else _("%(time)s later")) % said


def how(found: AlertRule) -> str:
    """“by mail, and to “Chat of the team””; only the names of other systems, never their addresses."""
    others = ", ".join(f"“{target.name}”" for target in found.webhooks.all() if target.is_active)
    return _("by mail, and to %(others)s") % {"others": others} if others else _("by mail")


def _customers() -> Iterator[Block]:
    """Unhappy customers have a chapter of their own, which tells who takes care of them by when."""
    yield tree.paragraph(
        _("An unhappy customer of whom nobody takes care in time is told to all managers, too: "),
        tree.link(_("who is asked, and after how long"), "#alerts"),
        ".",
    )


# --- Quiet hours --------------------------------------------------------------------------------------------------
def _quiet(rules: Sequence[AlertRule], context: Context) -> Iterator[Block]:
    by_hours: dict[str, list[str]] = defaultdict(list)
    for each in rules:
        by_hours[quiet(each, context)].append(each.name)
    yield tree.heading(1, _("When nobody is told"), "quiet-hours")
    rows = [[hours, ", ".join(f"“{name}”" for name in names)] for hours, names in by_hours.items()]
    yield tree.table(_("Quiet hours of the alarms"), [_("Quiet"), _("Alarms")], rows)
    yield tree.paragraph(
        _(
            "Quiet hours hold back the mail and not the alarm: what is still true when they end is told then, and what "
            "is over by itself is not told at all."
        )
    )


def quiet(found: AlertRule, context: Context) -> str:
    """“20:00–07:00 and whole weekends (Europe/Berlin)”."""
    windows = ["–".join(map(str, window)) for window in found.quiet_windows]
    parts = [*windows, *([_("whole weekends")] if found.has_quiet_weekend else [])]
    if not parts:
        return _("never quiet")
    return f"{', '.join(parts)} ({found.time_zone or context.zone})"


# --- Answering ----------------------------------------------------------------------------------------------------
def _acknowledging() -> Iterator[Block]:
    yield tree.heading(1, _("How to acknowledge an alarm"), "acknowledging")
    steps = [
        _("Open the link in the mail. It is yours alone; looking changes nothing."),
        _("Say for how long you work on it, and in a few words what you do. Until then nobody else is told."),
        _("If it is still there when that time is over, the next one in the table is told."),
        _("If it need not concern anybody for a while, let it rest (snooze): until then nobody is told."),
        _("When it is over, everybody who was told hears of it, with how long it lasted and how bad it got."),
    ]
    yield tree.bullets(steps, start=1)


def _what_to_do(rules: Sequence[AlertRule], context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("What to do then"), "what-to-do")
    yield tree.paragraph(_("What helps first stands above, by the kind of alarm."))
    rows = [_kind(Kind(kind), rules) for kind in Kind]
    heads = [_("Alarm when"), f"#{_('Rules that watch it')}", _("What to do")]
    yield tree.table(_("What to do for each kind of alarm"), heads, rows)
    titles = context.once(_places)
    advised = [each for each in rules if each.advice.strip() or each.guidance in titles]
    if advised:
        yield tree.paragraph(_("Of these alarms, their own rules say more:"))
        yield tree.bullets(_advice(each, titles) for each in advised)


def _advice(found: AlertRule, titles: Mapping[str, tuple[str, str]]) -> list[Inline]:
    said = tree.inlines(tree.strong(found.name), ": ", " ".join(found.advice.split()))
    if found.guidance not in titles:
        return said
    title, anchor = titles[found.guidance]
    return [*said, *tree.inlines(" " if found.advice.strip() else "", _("See: "), tree.link(title, f"#{anchor}"))]


def _places(context: Context) -> dict[str, tuple[str, str]]:
    """What a rule can name, with its title and its anchor: sections, and the cards of KPIs."""
    sections = {section.slug: (section.title, section.slug) for section in queries.shown_sections()}
    return sections | {f"{CARD}{kpi.code}": (str(kpi.name), anchor_of(kpi.code)) for kpi in adopted(context)}


def _kind(kind: AlertRule.Kind, rules: Sequence[AlertRule]) -> list[str | list[Inline]]:
    count = sum(each.kind == kind for each in rules)
    link = tree.link(_("first steps"), f"#{_PROSE}-{WRITTEN[kind]}")
    return [capfirst(str(kind.label)), str(count), tree.inlines(link)]


# --- Figures ------------------------------------------------------------------------------------------------------
def _figures(rules: Sequence[AlertRule], chains: Chains, context: Context) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for each in rules:
        found |= _rule_figures(each, chains, context)
    used = {each.chain_id for each in rules}
    for pk, chain in chains.found.items():
        if pk in used:
            label = _("Escalation chain “%(name)s”") % {"name": chain.name}
            found[f"chain:{pk}"] = rule(label, chain_words(chain, chains.hours_of(chain)))
    return found


def _rule_figures(found: AlertRule, chains: Chains, context: Context) -> dict[str, Figure]:
    whole = _("Alert rule “%(name)s”") % {"name": found.name}
    chain = chains.of(found)
    said = {
        "condition": (_("threshold"), condition(found)),
        "over": (_("over again"), _over(found)),
        "severity": (_("severity"), found.get_severity_display()),
        "owner": (_("owner"), _who(EscalationStep(role=Role.OWNER), found)),
        "chain": (_("escalation chain"), chain.name if chain else ""),
        "outside": (_("told outside of the house"), _outside(found)),
        "guidance": (_("chapter"), context.once(_places).get(found.guidance, ("", ""))[0]),
        "how": (_("how"), how(found)),
        "quiet": (_("quiet hours"), quiet(found, context)),
        "remind": (
            _("reminder"),
            _("every %(hours)s h") % {"hours": found.renotify_hours} if found.renotify_hours else "",
        ),
        "advice": (_("what to do"), " ".join(found.advice.split())),
    }
    return {
        f"alarm:{found.pk}.{name}": part_of(whole, part, rule(f"{whole}, {part}", text))
        for name, (part, text) in said.items()
        if text
    }


def _over(found: AlertRule) -> str:
    """When an alarm is over again, of what is judged by periods."""
    if found.kind not in (Kind.THRESHOLD, Kind.SIGNAL):
        return ""
    said = ngettext("after %(n)s good period", "after %(n)s good periods", found.clears) % {"n": found.clears}
    if found.clear_level is None or found.clear_level == found.fire_level:
        return said
    return _("%(said)s, at %(level)s") % {"said": said, "level": words.amount(found, found.clear_level)}


def chain_words(chain: EscalationChain, hours: str) -> str:
    """“1. the owner of the rule at once; 2. all managers 4 h of opening time later (Support)”."""
    steps = "; ".join(
        f"{number + 1}. {_names(step) if step.role in (Role.PEOPLE, Role.OUTSIDE) else step.get_role_display()} "
        f"{within(step, number, hours)}"
        for number, step in enumerate(chain.steps.all())
    )
    if not chain.repeats:
        return steps
    return f"{steps}; {_rounds(chain)}"
