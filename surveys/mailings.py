"""Ask the people of an uploaded file: kept while somebody looks at the preview, then asked by a worker."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from kpiproject.lib import due
from kpiproject.models import User
from surveys import address_files, invitations, screening
from surveys.invitations import NotOpenError
from surveys.models import Mailing, Survey
from surveys.screening import Candidate, Invitee, Preview

LEASE = timedelta(minutes=10)
KEPT = timedelta(days=30)
_STEP = 1000


def create(survey: Survey, *, name: str, data: bytes, by: User | None) -> Mailing:
    """Keep the people of a file. Raises AddressListError."""
    sheet = address_files.read(name, data)
    return Mailing.objects.create(
        survey=survey,
        file_name=name[:255],
        rows=[_packed(line.invitee, line.number) for line in sheet.lines],
        bad_rows=[[bad.number, bad.text, bad.reason] for bad in sheet.bad],
        row_count=len(sheet.lines),
        created_by=by,
    )


def preview(mailing: Mailing, now: datetime, *, most_shown: int = 100) -> Preview:
    return Preview.of(judged(mailing, now), most_shown=most_shown)


def judged(mailing: Mailing, now: datetime) -> Iterator[Candidate]:
    """Everybody in the file, in its order, with the reason of those who would be skipped."""
    return screening.preview(mailing.survey, people(mailing), prefix=mailing.token, now=now)


def people(mailing: Mailing) -> Iterator[Invitee]:
    for row in mailing.rows:
        yield Invitee(**{name: value for name, value in row.items() if name != "line"})


def confirm(mailing: Mailing, now: datetime) -> None:
    """Have it sent; pressing twice sends once. Raises NotOpenError."""
    invitations.check_open(mailing.survey)
    Mailing.objects.filter(pk=mailing.pk, confirmed_at__isnull=True).update(confirmed_at=now)


def waiting() -> "QuerySet[Mailing]":
    return Mailing.objects.filter(confirmed_at__isnull=False, finished_at__isnull=True)


def due_ids(now: datetime) -> list[int]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return list(waiting().filter(free).order_by("confirmed_at").values_list("pk", flat=True)[:100])


def work_off(mailing_id: int) -> None:
    """Ask everybody in it, unless another worker has it in hand. One that died is followed where it stopped."""
    token = due.claim(waiting(), pk=mailing_id, now=timezone.now(), lease=LEASE)
    if token is None:
        return
    mailing = Mailing.objects.select_related("survey").get(pk=mailing_id)
    mine = Mailing.objects.filter(pk=mailing_id, lease_token=token)
    try:
        _ask(mailing, mine)
    except NotOpenError as error:
        mailing.problem = str(error)[:300]
        _finish(mailing, mine)


def _ask(mailing: Mailing, mine: "QuerySet[Mailing]") -> None:
    skipped = Counter(mailing.skipped)
    remaining = islice(people(mailing), mailing.done_count, None)
    while batch := list(islice(remaining, _STEP)):
        outcomes = invitations.invite(mailing.survey, batch, key_prefix=mailing.token)
        mailing.done_count += len(batch)
        mailing.queued_count += sum(one.status == "queued" for one in outcomes)
        skipped.update(one.reason for one in outcomes if one.reason)
        mailing.skipped = dict(skipped)
        if not mine.update(
            done_count=mailing.done_count,
            queued_count=mailing.queued_count,
            skipped=mailing.skipped,
            lease_until=timezone.now() + LEASE,
        ):
            return
    _finish(mailing, mine)


def _finish(mailing: Mailing, mine: "QuerySet[Mailing]") -> None:
    """The people stay as invitations and as skipped ones; their file is not needed any more."""
    mine.update(finished_at=timezone.now(), rows=[], problem=mailing.problem, lease_until=None, lease_token="")


def forget(now: datetime) -> None:
    """Files that nobody sent, and the rows of old ones that could not be read."""
    Mailing.objects.filter(created_at__lt=now - KEPT).filter(
        Q(confirmed_at__isnull=True) | Q(finished_at__isnull=False)
    ).delete()


def _packed(invitee: Invitee, number: int) -> dict[str, object]:
    told = {name: value for name, value in asdict(invitee).items() if value}
    return {**told, "line": number}
