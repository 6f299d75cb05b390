"""What was opened of an invitation: an intent, never an answer, and the signs that it was a machine's.

Scanners of mail gateways open every link of a mail, some run scripts, and none of them may count as a customer.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from kpiproject.models import Mail
from surveys import tally_marks
from surveys.models import Click, FactChange, Invitation

MOST_CLICKS = 40
"""Per invitation; what is opened beyond that is not kept."""
TOO_FAST = timedelta(seconds=5)
TOGETHER = timedelta(seconds=10)
"""Two scores, or a trap and a score, this close to each other were opened by the same machine."""

# Whoever names itself. Security gateways mostly pretend to be browsers and are known by the other signs; these say who
# they are: crawlers ("bot", "spider", "crawl"), checkers of links and safety, previews of chat programs, and the
# libraries that such programs are written with.
_SCANNERS = re.compile(
    r"bot\b|bot/|spider|crawl|slurp|scan|preview|unfurl|prefetch|linkcheck|link check|urlcheck|validator|monitor|"
    r"headless|phantomjs|selenium|puppeteer|"
    r"barracuda|mimecast|proofpoint|safelinks|symantec|messagelabs|trend ?micro|forcepoint|fireeye|ironport|sophos|"
    r"kaspersky|avast|cloudmark|zscaler|netcraft|virustotal|urlscan|bitdefender|"
    r"microsoft office|ms-?office|existence discovery|skypeuripreview|whatsapp|telegram|slack|discord|"
    r"facebookexternalhit|googleimageproxy|yahoomailproxy|feedfetcher|"
    r"curl/|wget|python-|aiohttp|httpx|urllib|go-http-client|okhttp|java/|apache-httpclient|libwww|lwp|node-fetch|"
    r"axios|guzzle|winhttp|postman|ruby|perl|php/",
    re.IGNORECASE,
)


def score_of(text: str | None, invitation: Invitation) -> int | None:
    """The score that a link names; None for anything that was not offered."""
    scores = {str(score): score for score in range(invitation.scale_min, invitation.scale_max + 1)}
    return scores.get(text or "")


def note(
    invitation: Invitation, *, score: int | None, agent: str, is_head: bool = False, now: datetime | None = None
) -> None:
    """Keep a click of an invitation that is not answered. Of employees nothing is kept."""
    if invitation.survey.is_anonymous:
        return
    at = now or timezone.now()
    _keep(invitation, Click(invitation=invitation, score=score, sign=_sign(invitation, agent, is_head, at), at=at))


def note_trap(invitation: Invitation, *, now: datetime | None = None) -> None:
    """A link was opened that nobody sees."""
    if not invitation.survey.is_anonymous:
        _keep(invitation, Click(invitation=invitation, sign=Click.Sign.TRAP, at=now or timezone.now()))


def _sign(invitation: Invitation, agent: str, is_head: bool, at: datetime) -> str:  # noqa: FBT001 (one caller)
    if is_head:
        return Click.Sign.HEAD
    if not agent or _SCANNERS.search(agent):
        return Click.Sign.SCANNER
    return Click.Sign.TOO_FAST if _is_too_fast(invitation, at) else Click.Sign.HUMAN


def _is_too_fast(invitation: Invitation, at: datetime) -> bool:
    """Whether the mail has only just arrived, or has not even been taken: gateways look before they say yes."""
    sent_at = invitation.sent_at
    if sent_at is None and invitation.mail_id is not None:
        state, sent_at = Mail.objects.values_list("state", "sent_at").get(pk=invitation.mail_id)
        if sent_at is None:
            return state in (Mail.State.CLAIMED, Mail.State.HANDED_OVER)
    return sent_at is not None and at < sent_at + TOO_FAST


def _keep(invitation: Invitation, click: Click) -> None:
    """Written first and judged afterwards, so that of two at the same moment at least one sees the other."""
    click.save(force_insert=True)
    kept = list(Click.objects.filter(invitation=invitation).order_by("id"))
    if len(kept) > MOST_CLICKS:
        click.delete()
    found = [pk for one in kept if (pk := _machines(one, kept)) is not None]
    for sign in {sign for _pk, sign in found}:
        Click.objects.filter(pk__in=[pk for pk, its in found if its == sign]).update(sign=sign)
    if found or (click.sign == Click.Sign.HUMAN and invitation.clicked_at is None):
        first = Click.objects.filter(invitation=OuterRef("pk"), sign=Click.Sign.HUMAN).order_by("at", "id")
        Invitation.objects.filter(pk=invitation.pk).update(clicked_at=Subquery(first.values("at")[:1]))
    if invitation.sent_at:
        tally_marks.note([(invitation.sent_at, FactChange.About.INVITATION)])


def _machines(one: Click, kept: Sequence[Click]) -> tuple[int, str] | None:
    """The sign that a click which looked human is given because of what else was opened with it."""
    if one.sign != Click.Sign.HUMAN:
        return None
    near = [other for other in kept if abs(other.at - one.at) <= TOGETHER]
    if any(other.sign == Click.Sign.TRAP for other in near):
        return one.pk, Click.Sign.TRAP
    scores = {other.score for other in near if other.score is not None} - {one.score}
    if one.score is not None and scores:
        return one.pk, Click.Sign.TWO_SCORES
    return None
