"""What managers decide about praise and people, privately."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.translation import ngettext

from goals import praise, praise_words, support
from kpiproject.front.matters import Matter, Moment
from surveys.models import Answer
from surveys.queries import praising

_MOST_READ: Final = 1000


def thanks(moment: Moment) -> Iterator[Matter]:
    """Neither can be more than a hint on a page that others may look at: without names, and without words."""
    url = reverse("goals:praise_inbox")
    if count := support.open_hints(moment.now).count():
        text = ngettext("%d person may need a word from you", "%d people may need a word from you", count)
        yield Matter(text=text % count, url=url, tone="warn")
    if count := _undecided(moment):
        text = ngettext("%d customer may have praised somebody", "%d customers may have praised somebody", count)
        yield Matter(text=text % count, url=url, tone="")


def _undecided(moment: Moment) -> int:
    """As many as the inbox shows, in one query."""
    rows = praising(moment.now - praise.LOOK_BACK).filter(praise__isnull=True).select_related(None)
    read = rows.values_list("mark", "comment")[:_MOST_READ]
    found = sum(mark == Answer.Mark.PRAISE or praise_words.names_help(comment) for mark, comment in read)
    return min(found, praise.MOST_WAITING)
