"""Mails of which nothing may stay but that there were some: of people who are erased."""

import operator
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from kpiproject import mail_files
from kpiproject.models import Mail

NOBODY: Final = "erased@erased.invalid"
_LEAST: Final = 12
"""Shorter words stand in mails that have nothing to do with them."""
_MOST: Final = 50


def to(addresses: Iterable[str]) -> "QuerySet[Mail]":
    return Mail.objects.filter(_any(Q(recipient__iexact=address) for address in addresses))


def naming(words: Iterable[str]) -> "QuerySet[Mail]":
    """Mails to anybody in which one of these stands, as far as their text is still kept."""
    lines = (line.strip() for word in words for line in word.splitlines())
    telling = list(dict.fromkeys(line for line in lines if len(line) >= _LEAST))[:_MOST]
    return Mail.objects.filter(_any(Q(text__icontains=line) | Q(subject__icontains=line) for line in telling))


def empty(mails: "QuerySet[Mail]") -> int:
    """Nothing of what they say stays; those to whom they went are another matter. How many."""
    ids: Sequence[int] = list(mails.values_list("pk", flat=True))
    mail_files.detach(ids)
    Mail.objects.filter(pk__in=ids).update(subject="", text="", html="", headers={}, reply_to="", error="")
    return len(ids)


def unname(mails: "QuerySet[Mail]") -> None:
    """Nobody can tell any more to whom they went."""
    for pk in list(mails.values_list("pk", flat=True)):
        Mail.objects.filter(pk=pk).update(recipient=NOBODY, key=f"erased:{pk}")


def forget_in_history(addresses: Iterable[str]) -> None:
    """What the administration has noted stays, without the address."""
    for address in addresses:
        LogEntry.objects.filter(change_message__icontains=address).update(change_message="")
        LogEntry.objects.filter(object_repr__icontains=address).update(object_repr="–")


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(operator.or_, conditions, Q(pk__in=[]))
