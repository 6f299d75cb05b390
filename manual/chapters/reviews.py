"""When goals are looked at together."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Review
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual import queries
from manual.chapters.context import Built, Context, passing, rule
from metrics import presentation


def build(context: Context) -> Built:
    planned = queries.planned_reviews(context.today)
    held = queries.last_review(context.as_of)
    blocks: list[Block] = [_table(planned)] if planned else [tree.paragraph(_("No review is planned yet."))]
    if held is not None:
        said = {"title": held.title, "date": date_format(held.on, "DATE_FORMAT")}
        blocks.append(tree.paragraph(_("The last one held was “%(title)s” on %(date)s.") % said))
    figures = {
        f"review:{review.pk}": rule(
            _("Review “%(title)s”") % {"title": review.title},
            _("%(date)s, led by %(owner)s") % {"date": date_format(review.on, "DATE_FORMAT"), "owner": review.owner},
        )
        for review in planned
    }
    last = {"review:last": passing(_("Last review held"), held.title)} if held else {}
    return Built(blocks=blocks, figures=figures | last)


def _table(planned: list[Review]) -> Block:
    heads = [_("Date"), _("Review"), _("Led by"), _("Reminder")]
    rows = [
        [date_format(review.on, "DATE_FORMAT"), review.title, str(review.owner), _reminder(review)]
        for review in planned
    ]
    return tree.table(_("Reviews that are planned"), heads, rows)


def _reminder(review: Review) -> str:
    days = review.remind_days
    if not days:
        return _("on the day")
    before = ngettext("%(n)s day before and on the day", "%(n)s days before and on the day", days)
    return before % {"n": presentation.number(days)}
