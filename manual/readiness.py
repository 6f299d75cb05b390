"""Whether the draft may be published: its key chapters say something, and nothing in it contradicts a rule in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.models import User
from manual import claims, contradictions, queries
from manual.contradictions import Contradiction
from manual.drafts import Draft
from manual.models import ContradictionAnswer, Section
from manual.starter import STARTERS


class Key(NamedTuple):
    """A chapter without which nothing is published. With `figures`, at least one rule or value whose name begins so
    must stand in it; `source` names the page where they come from."""

    slug: str
    figures: tuple[str, ...] = ()
    source: str = ""


KEY_CHAPTERS: Final = (
    Key("our-promise"),
    Key("service-levels", ("target:",), "admin:metrics_servicetarget_changelist"),
    Key("our-kpis", ("kpi:",), "setup:kpis"),
    Key("unhappy-customers"),
    Key("escalation", ("alert-rule:", "escalation:", "chain:", "alarm:"), "admin:goals_alertrule_changelist"),
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What stands in the way. `slug` is the section where it is settled, empty if it is not part of the manual;
    `source` names the page where a missing figure comes from."""

    kind: Literal["empty", "contradiction"]
    sentence: str
    slug: str = ""
    source: str = ""
    contradiction: Contradiction | None = None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A contradiction to which somebody has answered why it may stay."""

    contradiction: Contradiction
    answer: ContradictionAnswer


def problems(found: Draft) -> list[Problem]:
    """What must be settled before the draft may be published: chapters first, then contradictions without an answer."""
    open_ones, _answered = contradicting()
    return [*_empty(found), *(_problem(section, each) for section, each in open_ones)]


def contradicting() -> tuple[list[tuple[Section, Contradiction]], list[Answered]]:
    """Those that nobody has answered, with their section, and those with an answer."""
    times, levels = claims.time_rules(), claims.level_rules()
    found = [
        (section, each)
        for section in queries.shown_sections()
        for each in contradictions.find(
            claims.passages(section), times=times if claims.is_about_promises(section) else [], levels=levels
        )
    ]
    keys = [each.key for _section, each in found]
    answers = {answer.key: answer for answer in ContradictionAnswer.objects.select_related("by").filter(key__in=keys)}
    waiting = [(section, each) for section, each in found if each.key not in answers]
    done = [Answered(contradiction=each, answer=answers[each.key]) for _section, each in found if each.key in answers]
    return waiting, done


def answer(key: str, *, reason: str, by: User | None) -> ContradictionAnswer | None:
    """Keep why a sentence may stay; None if there is no such contradiction any more."""
    waiting, _done = contradicting()
    for section, each in waiting:
        if each.key == key:
            said = {"slug": section.slug, "sentence": each.sentence, "rule": each.rule, "reason": reason.strip()}
            defaults = {**said, "by": by, "at": timezone.now()}
            return ContradictionAnswer.objects.get_or_create(key=key, defaults=defaults)[0]
    return None


def key_chapters() -> list[Key]:
    """Those that this release has."""
    known = {starter.slug for starter in STARTERS}
    return [key for key in KEY_CHAPTERS if key.slug in known]


def _empty(found: Draft) -> Iterator[Problem]:
    titles = {starter.slug: starter.title for starter in STARTERS}
    sections = {section["anchor"]: section for section in found.document["sections"]}
    for key in key_chapters():
        section = sections.get(key.slug)
        if section is None:
            said = _("“%(title)s” is not part of the manual.") % {"title": titles[key.slug]}
            yield Problem(kind="empty", sentence=said)
        elif not section["blocks"]:
            said = _("“%(title)s” is empty.") % {"title": section["title"]}
            yield Problem(kind="empty", sentence=said, slug=key.slug)
        elif key.figures and not any(name.startswith(key.figures) for name in found.figures):
            said = _("“%(title)s” has nothing to show yet.") % {"title": section["title"]}
            yield Problem(kind="empty", sentence=said, slug=key.slug, source=key.source)


def _problem(section: Section, each: Contradiction) -> Problem:
    said = _("“%(title)s” says %(said)s; in force is: %(rule)s.")
    words = {"title": section.title, "said": each.said, "rule": each.rule}
    return Problem(kind="contradiction", sentence=said % words, slug=section.slug, contradiction=each)
