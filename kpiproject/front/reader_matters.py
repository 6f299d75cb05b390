"""What readers of the manual wait for, and who has not read it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.front.matters import MOST_NAMED, Detail, Matter, Moment
from manual import reading_list
from manual.models import Audience, Feedback, ReadingQuestion
from manual.reading_list import Reading, State


def questions(_moment: Moment) -> Iterator[Matter]:
    """Readers who wait for an answer before they confirm a section."""
    waiting = ReadingQuestion.objects.filter(answered_at__isnull=True).order_by("at", "id")
    found = list(waiting.select_related("person")[: MOST_NAMED + 1])
    if not found:
        return
    count = len(found) if len(found) <= MOST_NAMED else waiting.count()
    text = ngettext(
        "%d question about the manual waits for an answer", "%d questions about the manual wait for an answer", count
    )
    details = tuple(
        Detail(text=one.title, url=reverse("manual:question", args=[one.pk]), note=_asked(one))
        for one in found[:MOST_NAMED]
    )
    yield Matter(text=text % count, url=reverse("manual:question_list"), tone="warn", details=details)


def readers(moment: Moment) -> Iterator[Matter]:
    """Who is late with the manual."""
    if not Audience.objects.exists():
        return
    late = [reading for reading in reading_list.everybody(moment.now) if reading.state == State.OVERDUE]
    if not late:
        return
    text = ngettext("%d person is late with the manual", "%d people are late with the manual", len(late))
    url = f"{reverse('manual:readers')}?state={State.OVERDUE}"
    details = tuple(Detail(text=str(one.person), url=url, note=_late(one)) for one in late[:MOST_NAMED])
    yield Matter(text=text % len(late), url=url, tone="", details=details)


def unclear(_moment: Moment) -> Iterator[Matter]:
    count = Feedback.objects.filter(is_clear=False, resolved_at__isnull=True).count()
    if count:
        text = ngettext(
            "%d reader finds something in the manual unclear", "%d times something in the manual was unclear", count
        )
        yield Matter(text=text % count, url=reverse("manual:feedback"), tone="")


def _asked(one: ReadingQuestion) -> str:
    words = {"person": one.person or _("somebody who was erased"), "day": date_format(one.at, "DATE_FORMAT")}
    return _("%(person)s, on %(day)s") % words


def _late(reading: Reading) -> str:
    return _("until %(day)s") % {"day": date_format(reading.due, "DATE_FORMAT")} if reading.due else ""
