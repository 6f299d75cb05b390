"""What the manual wants of a person: a draft to approve, and sections to read again."""

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.front.matters import MOST_NAMED, Detail, Matter, Moment
from kpiproject.models import User
from manual import care, passphrases, rounds
from manual.approval_states import State
from manual.care import Standing
from manual.models import Share


def approval(_moment: Moment) -> Iterator[Matter]:
    """Where the draft waits for somebody."""
    found = rounds.current()
    if found is None or found.state == State.DRAFT:
        return
    said = {
        State.IN_REVIEW: _("The draft of the manual waits for a review"),
        State.CHANGES_ASKED: _("Changes are asked for in the draft of the manual"),
        State.APPROVED: _("The draft of the manual is approved and can be published"),
    }
    yield Matter(text=said[State(found.state)], url=reverse("manual:approval"), tone="")


def sections(moment: Moment) -> Iterator[Matter]:
    """Every section that is due, whoever looks after it."""
    yield from _of(care.due(moment.today, moment.zone))


def own_sections(person: User, moment: Moment) -> Iterator[Matter]:
    """Those that the person looks after."""
    yield from _of(care.of_person(care.due(moment.today, moment.zone), person))


def guesses(moment: Moment) -> Iterator[Matter]:
    """Passphrases of share links that somebody guesses at: another address, or none, ends it."""
    found = list(passphrases.guessed(moment.now))
    if not found:
        return
    text = ngettext(
        "Somebody guesses at the passphrase of %d share link: give it a new address, or revoke it",
        "Somebody guesses at the passphrases of %d share links: give them new addresses, or revoke them",
        len(found),
    )
    url = reverse("manual:share_list")
    details = tuple(Detail(text=share.name, url=f"{url}?link={share.pk}", note=_tried(share)) for share in found)
    yield Matter(text=text % len(found), url=url, tone="bad", details=details[:MOST_NAMED])


def _tried(share: Share) -> str:
    count = share.wrong_passphrases
    said = ngettext("%(n)s wrong passphrase since %(time)s", "%(n)s wrong passphrases since %(time)s", count)
    since = timezone.localtime(share.wrong_since) if share.wrong_since else None
    return said % {"n": count, "time": date_format(since, "DATETIME_FORMAT") if since else "–"}


def _of(found: Sequence[Standing]) -> Iterator[Matter]:
    if not found:
        return
    text = ngettext(
        "%d section of the manual is to be read again", "%d sections of the manual are to be read again", len(found)
    )
    is_over = any(each.tone == "bad" for each in found)
    details = tuple(map(_detail, found[:MOST_NAMED]))
    yield Matter(text=text % len(found), url=details[0].url, tone="bad" if is_over else "warn", details=details)


def _detail(each: Standing) -> Detail:
    day = date_format(each.due, "DATE_FORMAT") if each.due else ""
    said = _("due since %(date)s") if each.tone == "bad" else _("due on %(date)s")
    note = said % {"date": day}
    if each.section.owner:
        note = f"{note}, {each.section.owner}"
    return Detail(text=each.section.title, url=reverse("manual:care", args=[each.section.slug]), note=note)
