"""What is never done with the figures, each with what keeps it so. A rule that is imported here cannot silently go."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from goals import guardrail_words, guardrails, support
from goals.models import Goal
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context, Figure, rule
from metrics.kpi import CATALOGUE
from metrics.queries import LEAST_ANSWERS
from surveys.anonymity import LEAST


class Never(NamedTuple):
    """A promise to the people behind the figures, and what in Plumbline keeps it."""

    code: str
    promise: str
    kept: str


def build(_context: Context) -> Built:
    found = list(promises())
    return Built(blocks=[*_table(found), *_incentives(), *_report()], figures=_figures(found))


def promises() -> Iterator[Never]:
    yield from _about_people()
    yield from _about_us()
    yield from _about_targets()
    yield from _about_figures()
    yield from _about_customers()


def _about_people() -> Iterator[Never]:
    yield Never(
        "ranking",
        _("We do not rank people."),
        _(
            "There are no points, medals or ranks. A list of colleagues begins with whoever has the most cases, not "
            "with the best or the worst; thanks and confirmations of the manual are not counted against each other."
        ),
    )
    yield Never(
        "single",
        _("We do not judge one person by a handful of answers."),
        _(
            "What customers think of one colleague is shown only from %(least)s answers on: on pages, in files, in "
            "reports and on the command line alike."
        )
        % {"least": LEAST_ANSWERS},
    )
    yield Never(
        "public",
        _("We do not publish figures of single people."),
        _(
            "They never stand in this manual, nor do goals or alarms about one person. In what people outside read, "
            "names of colleagues are replaced, and what rests on fewer than %(least)s cases is left out."
        )
        % {"least": LEAST},
    )


def _about_us() -> Iterator[Never]:
    yield Never(
        "employees",
        _("We do not look for who of us said what."),
        _(
            "Answers of employees are kept without names, shown from %(least)s people on, and in blocks of whole days, "
            "so that nobody is found by comparing two views."
        )
        % {"least": LEAST},
    )
    yield Never(
        "hard",
        _("We do not hold hard contacts against anybody."),
        _(
            "When %(count)s customers or more are unhappy with somebody within %(hours)s hours, managers are told "
            "privately to ask how they are. It is kept in no figure."
        )
        % {"count": support.HARD_CONTACTS, "hours": round(support.WITHIN.total_seconds() / 3600)},
    )


def _about_targets() -> Iterator[Never]:
    needing = sum(guardrails.is_needed(kpi) for kpi in CATALOGUE.values())
    yield Never(
        "alone",
        _("We set no target on one figure alone."),
        _(
            "A goal about speed or cost cannot begin without a guardrail: a second figure that may not get worse for "
            "it. That holds for %(count)s of our KPIs. A goal that is met while its guardrail is broken does not count "
            "as reached."
        )
        % {"count": needing},
    )
    yield Never(
        "money",
        _("We tie no money to one KPI."),
        _(
            "Whoever makes a goal says whether a reward depends on it (“%(field)s”). If so, Plumbline says what that "
            "does to a figure, and asks for a guardrail."
        )
        % {"field": Goal._meta.get_field("has_incentive").verbose_name},
    )


def _about_figures() -> Iterator[Never]:
    yield Never(
        "chance",
        _("We neither praise nor blame chance."),
        _("A change within its interval is called so. Alarms about the normal range fire only beyond it."),
    )
    yield Never(
        "silent",
        _("We do not move a target silently."),
        _(
            "Whoever moves the target of a goal in force writes why. Old and new target, name, day and reason stay "
            "beside the goal and in this manual."
        ),
    )
    yield Never(
        "hide",
        _("We do not make a figure look better by leaving things out."),
        _(
            "What is left out of a figure is counted by reason and shown beside it; behind every figure are its rows. "
            "An edition of this manual never changes, and its fingerprint proves it."
        ),
    )


def _about_customers() -> Iterator[Never]:
    yield Never(
        "ask",
        _("We do not ask for top scores, and do not choose whom to ask by their mood."),
        _(
            "Sending rules know channels, categories and samples, but not how content somebody seems. Who sent the "
            "survey cannot take an answer out because it is a bad one."
        ),
    )
    yield Never(
        "press",
        _("We do not press customers for answers."),
        _(
            "Every survey mail has a link that ends all of them at once and for good; nobody can switch it off. People "
            "who were asked lately are left alone, unless a survey says otherwise."
        ),
    )


def _table(found: list[Never]) -> Iterator[Block]:
    rows: list[list[str | list[Inline]]] = [[[tree.strong(each.promise)], each.kept] for each in found]
    yield tree.table(_("What we never do, and what keeps it so"), [_("We promise"), _("What keeps it so")], rows)


def _incentives() -> Iterator[Block]:
    yield tree.heading(1, _("Why no money hangs on one figure"), "ref-never-money")
    yield tree.paragraph(str(guardrail_words.GOODHART))


def _report() -> Iterator[Block]:
    yield tree.heading(1, _("If you see it done"), "ref-never-report")
    yield tree.paragraph(
        _(
            "Say so to any manager, or to whoever looks after this section: “Is this clear?” stands at its end. "
            "Nobody may suffer for saying so."
        )
    )


def _figures(found: list[Never]) -> dict[str, Figure]:
    return {f"never:{each.code}": rule(each.promise, each.kept) for each in found}
