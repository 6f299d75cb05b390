"""When goals are looked at together, what is looked at, and what came of the last time.

Minutes stay with their review: they are free words about people and customers, and people outside read the manual. What
was decided and promised in them is told.
"""

from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Action, Decision, Review
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual import queries
from manual.chapters.context import Built, Context, Figure, is_personal, passing, rule
from metrics import presentation


def build(context: Context) -> Built:
    planned, overdue = queries.planned_reviews(context.today), queries.overdue_reviews(context.today)
    held = queries.last_review(context.as_of)
    decisions = queries.decisions(held, context.as_of) if held else []
    promised = queries.open_actions(context.as_of)
    blocks: list[Block] = [_table(planned)] if planned else [tree.paragraph(_("No review is planned yet."))]
    blocks += [*_overdue(overdue), _agenda(), *_last(held, decisions), *_promised(promised, context)]
    figures = {f"review:{review.pk}": rule(_label(review), _planned(review)) for review in planned}
    return Built(blocks=blocks, figures=figures | _figures(held, decisions, promised, context))


def _label(review: Review) -> str:
    return _("Review “%(title)s”") % {"title": review.title}


def _planned(review: Review) -> str:
    said = {"date": date_format(review.on, "DATE_FORMAT"), "owner": review.owner}
    words = _("%(date)s, led by %(owner)s") % said
    if review.cadence == Review.Cadence.ONCE:
        return words
    return f"{words}, {review.get_cadence_display()}"


def _table(planned: list[Review]) -> Block:
    heads = [_("Date"), _("Review"), _("Repeated"), _("Led by"), _("Reminder")]
    rows = [
        [
            date_format(review.on, "DATE_FORMAT"),
            review.title,
            review.get_cadence_display(),
            str(review.owner),
            _reminder(review),
        ]
        for review in planned
    ]
    return tree.table(_("Reviews that are planned"), heads, rows)


def _reminder(review: Review) -> str:
    days = review.remind_days
    if not days:
        return _("on the day")
    before = ngettext("%(n)s day before and on the day", "%(n)s days before and on the day", days)
    return before % {"n": presentation.number(days)}


def _overdue(found: list[Review]) -> Iterator[Block]:
    if not found:
        return
    names = ", ".join(f"“{review.title}” ({date_format(review.on, 'DATE_FORMAT')})" for review in found)
    sentence = _("Overdue, for nobody has said that they took place: %(names)s.") % {"names": names}
    yield tree.note("warn", tree.paragraph(sentence))


def _agenda() -> Block:
    sentence = _(
        "Plumbline puts on every agenda by itself: how each goal stands and what the figures tell of a real change, "
        "guardrails that are breached, goals without a check-in, what was promised and is still open, benchmarks that "
        "are too old, and what customers wrote since the last time."
    )
    return tree.paragraph(sentence)


# --- The last one -------------------------------------------------------------------------------------------------
def _last(held: Review | None, decisions: Sequence[Decision]) -> Iterator[Block]:
    if held is None:
        return
    yield tree.heading(1, _("What was decided last"), "decided")
    said = {"title": held.title, "date": date_format(held.on, "DATE_FORMAT")}
    yield tree.paragraph(_("The last one held was “%(title)s” on %(date)s.") % said)
    if decisions:
        yield tree.bullets(_line(decision.text) for decision in decisions)
    else:
        yield tree.paragraph(_("No decision was written down."))
    yield tree.paragraph(_("The minutes stay in the house, with the review."))


def _promised(found: Sequence[Action], context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("What was promised and is still open"), "promised")
    if not found:
        yield tree.paragraph(_("Nothing is open."))
        return
    rows = [
        [_line(action.what), _goal(action), date_format(action.due, "DATE_FORMAT"), _state(action, context)]
        for action in found
    ]
    yield tree.table(_count(found, context), [_("What"), _("For the goal"), _("Due"), _("State")], rows)


def _goal(action: Action) -> str:
    is_shown = action.goal is not None and not is_personal(action.goal.dimension)
    return action.goal.statement if is_shown and action.goal else "–"


def _state(action: Action, context: Context) -> str:
    return capfirst(_("overdue")) if action.due < context.today else capfirst(_("open"))


def _count(found: Sequence[Action], context: Context) -> str:
    """“4 open actions, 1 of them overdue”."""
    late = sum(action.due < context.today for action in found)
    words = ngettext("%(n)s open action", "%(n)s open actions", len(found)) % {"n": presentation.number(len(found))}
    if not late:
        return words
    return _("%(actions)s, %(late)s of them overdue") % {"actions": words, "late": presentation.number(late)}


def _line(text: str) -> str:
    return " ".join(text.split())


def _figures(
    held: Review | None, decisions: Sequence[Decision], promised: Sequence[Action], context: Context
) -> dict[str, Figure]:
    """How much is open passes by itself; what was decided and promised does not."""
    found = {"review:last": passing(_("Last review held"), held.title)} if held else {}
    for decision in decisions:
        day = date_format(held.on, "DATE_FORMAT") if held else ""
        found[f"decision:{decision.pk}"] = rule(_("Decided on %(day)s") % {"day": day}, _line(decision.text))
    for action in promised:
        words = _("%(what)s, due %(due)s") % {
            "what": _line(action.what),
            "due": date_format(action.due, "DATE_FORMAT"),
        }
        found[f"action:{action.pk}"] = rule(_("Promised"), words)
    return found | {"actions:open": passing(_("Open actions"), _count(promised, context))}
