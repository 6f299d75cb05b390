"""A first hour and a first week with the figures: exercises on the organisation's own ones, and their answers.

Figures in it are those of the instant, as everywhere. Where there is nothing to ask about, an exercise is left out.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.intervals import newcombe, wilson
from manual.chapters.context import Built, Context
from manual.chapters.goals import goal_lines
from manual.chapters.measured import measured
from manual.chapters.places import anchor_of, link_to, service_targets
from manual.chapters.small_samples import own_share
from metrics import presentation
from metrics.kpi import Better
from metrics.queries import LEAST_ANSWERS
from metrics.target_words import applies_to, promise

ANSWERS: Final = "ref-training-answers"


class Exercise(NamedTuple):
    question: list[Inline]
    answer: list[Inline]


Maker = Callable[[Context], Exercise | None]


def build(context: Context) -> Built:
    found = exercises(context)
    return Built(blocks=[*_questions(found), *_answers(found), *_learnt()])


def exercises(context: Context) -> list[Exercise]:
    """Those about our own figures as far as there are any, then those that every team can answer."""
    made = (make(context) for make in _MAKERS)
    return [each for each in made if each is not None]


def _questions(found: list[Exercise]) -> Iterator[Block]:
    yield tree.heading(1, _("Exercises"), "ref-training-exercises")
    yield tree.paragraph(
        _("Write your answers down before you look at ours, "),
        tree.link(_("further below"), f"#{ANSWERS}"),
        ".",
    )
    yield tree.bullets((each.question for each in found), start=1)


def _answers(found: list[Exercise]) -> Iterator[Block]:
    yield tree.heading(1, _("Answers"), ANSWERS)
    yield tree.bullets((each.answer for each in found), start=1)


def _learnt() -> Iterator[Block]:
    yield tree.heading(1, _("How you know that you have learnt it"), "ref-training-learnt")
    yield tree.bullets(
        [
            _("You can explain one of our KPIs to somebody from another team in two sentences, without this manual."),
            _("You say the number of cases and the interval with a figure, without being asked."),
            _("You have once said “that may be chance” when others saw a trend."),
            _("You know what you look after yourself, and whom to ask for the rest."),
        ]
    )
    yield tree.paragraph(
        _(
            "If you are asked to confirm this page on your reading list, a few questions stand at its end. Wrong "
            "answers lead back to the place and are not kept; nobody is ranked."
        )
    )


# --- About our own figures ----------------------------------------------------------------------------------------
def _rests_on(context: Context) -> Exercise | None:
    own = own_share(context)
    if own is None:
        return None
    said = {"value": own.words, "period": own.period_name, "cases": own.rests_on, "interval": own.interval}
    told = _("In %(period)s it was %(value)s; it rests on %(cases)s, and its interval is %(interval)s.") % said
    return Exercise(
        tree.inlines(
            _("Find this figure in “Our KPIs”, and say what it was, on how many cases it rests, and how sure we are:"),
            " ", link_to(own.kpi, context), ".",
        ),
        tree.inlines(told),
    )  # fmt: skip


def _better(context: Context) -> Exercise | None:
    """A KPI of which less is better is where beginners go wrong."""
    found = next((each.kpi for each in measured(context).values() if each.kpi.better is Better.LOWER), None)
    if found is None:
        return None
    asked = _("It goes up. Is that good news? Look at its card, and at its formula.")
    told = _("No: less is better here. Its formula: %(formula)s") % {"formula": found.formula}
    return Exercise(tree.inlines(link_to(found, context), ": ", asked), tree.inlines(told))


def _goal(context: Context) -> Exercise | None:
    found = next((each for each in goal_lines(context) if each.due >= context.today), None)
    if found is None:
        return None
    said = {
        "goal": found.statement,
        "owner": found.owner,
        "due": date_format(found.due, "DATE_FORMAT"),
        "status": found.status_name,
    }
    told = _("“%(goal)s”, until %(due)s; %(owner)s looks after it. It was: %(status)s.") % said
    return Exercise(
        tree.inlines(_("Which goal is due next, who looks after it, and how did it stand?")),
        tree.inlines(told, " ", tree.link(_("Its sheet"), f"#goal-{found.goal.pk}"), "."),
    )


def _promise(context: Context) -> Exercise | None:
    found = next(iter(service_targets(context)), None)
    if found is None:
        return None
    asked = _("Look up one of our promises: %(metric)s, %(what)s. How long may it take?") % {
        "what": applies_to(found),
        "metric": found.get_metric_display(),
    }
    place = f"#promise-{found.metric.replace('_', '-')}"
    return Exercise(
        tree.inlines(asked), tree.inlines(f"{promise(found)}. ", tree.link(_("Where it stands"), place), ".")
    )


# --- For every team -----------------------------------------------------------------------------------------------
def _few(_context: Context) -> Exercise | None:
    good, of = 4, 5
    found = wilson(good, of)
    if found is None:
        return None
    told = _(
        "Nothing yet: with %(of)s answers the true share may be anything from %(low)s to %(high)s. Wait for more, and "
        "read the comments meanwhile."
    ) % {"of": of, "low": presentation.percent(found.low), "high": presentation.percent(found.high)}
    asked = _("Of %(of)s customers, %(good)s were satisfied. What do you tell the others?") % {"of": of, "good": good}
    return Exercise(tree.inlines(asked), tree.inlines(told))


def _news(_context: Context) -> Exercise | None:
    n, before, after = 40, 34, 31
    found = newcombe((after, n), (before, n))
    if found is None:
        return None
    asked = _(
        "Last week %(before)s of %(n)s customers were satisfied, this week %(after)s of %(n)s. Is that a reason for an "
        "alarm?"
    ) % {"before": before, "after": after, "n": n}
    told = _("The true difference lies between %(low)s and %(high)s. %(verdict)s") % {
        "low": presentation.points(found.low),
        "high": presentation.points(found.high),
        "verdict": _("As 0 is among them, chance may have done it.")
        if found.low <= 0 <= found.high
        else _("As 0 is not among them, something has changed."),
    }
    return Exercise(tree.inlines(asked), tree.inlines(told))


def _person(_context: Context) -> Exercise | None:
    asked = _("A manager wants to know whose satisfaction is the lowest this week. What do you say?")
    told = _(
        "That it is not shown: one person needs %(least)s answers, and even then it is for a conversation with them "
        "and never for a list. Ask instead which kind of request made customers unhappy."
    ) % {"least": LEAST_ANSWERS}
    return Exercise(tree.inlines(asked), tree.inlines(told, " ", tree.link(_("Why"), "#never"), "."))


def _speed(context: Context) -> Exercise | None:
    code = "first_response_time"
    link: Inline = (
        tree.link(_("the card of our first response time"), f"#{anchor_of(code)}")
        if code in measured(context)
        else tree.text(_("the card of the first response time, once it is measured"))
    )
    asked = _("We answer twice as fast as last month. Which other figure do you look at before you are glad?")
    told = _(
        "Whether customers were satisfied and whether it was solved at once: a quick answer that has to be given twice "
        "is none. That is why every goal about speed has a guardrail. See"
    )
    return Exercise(tree.inlines(asked), tree.inlines(told, " ", link, "."))


_MAKERS: Final[tuple[Maker, ...]] = (_rests_on, _better, _goal, _promise, _few, _news, _person, _speed)
