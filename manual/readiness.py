"""Whether the draft may be published: its key chapters say something, what it names is there, and nothing in it
contradicts a rule in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.models import User
from manual import claims, complete, contradictions, queries, written
from manual.contradictions import Contradiction
from manual.drafts import Draft
from manual.models import ContradictionAnswer, Section


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What stands in the way. `slug` is the section where it is settled, empty if it is not part of the manual."""

    kind: Literal["empty", "broken", "contradiction"]
    sentence: str
    slug: str = ""
    contradiction: Contradiction | None = None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A contradiction to which somebody has answered why it may stay."""

    contradiction: Contradiction
    answer: ContradictionAnswer


def problems(found: Draft) -> list[Problem]:
    """What must be settled before the draft may be published: chapters first, then what no longer exists, then
    contradictions without an answer."""
    open_ones, _answered = contradicting()
    return [*_empty(found), *_broken(), *(_problem(section, each) for section, each in open_ones)]


def contradicting() -> tuple[list[tuple[Section, Contradiction]], list[Answered]]:
    """Those that nobody has answered, with their section, and those with an answer."""
    times, levels = claims.TimeRules.now(), claims.level_rules()
    found = [
        (section, each)
        for section in queries.shown_sections()
        for each in contradictions.find(claims.passages(section), times=times.of(section), levels=levels)
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


def _empty(found: Draft) -> Iterator[Problem]:
    shown = {section["title"]: section["anchor"] for section in found.document["sections"]}
    for title in complete.missing(found):
        said = _("“%(title)s” is empty.") if title in shown else _("“%(title)s” is not part of the manual.")
        yield Problem(kind="empty", sentence=said % {"title": title}, slug=shown.get(title, ""))


def _broken() -> Iterator[Problem]:
    said = _("“%(title)s”: %(fault)s")
    for section, fault in written.broken():
        words = {"title": section.title, "fault": fault.sentence}
        yield Problem(kind="broken", sentence=said % words, slug=section.slug)


def _problem(section: Section, each: Contradiction) -> Problem:
    said = _("“%(title)s” says %(said)s; in force is: %(rule)s.")
    words = {"title": section.title, "said": each.said, "rule": each.rule}
    return Problem(kind="contradiction", sentence=said % words, slug=section.slug, contradiction=each)
