"""How the demonstration company follows up its unhappy customers, step by step, as its people would."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import numpy as np
from django.utils import timezone

from goals import alerts
from kpiproject import mail
from kpiproject.front.demo import company, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.lib.periods import epoch, instant
from kpiproject.lib.worktime import WorkTime
from kpiproject.models import Mail, User
from surveys import (
    answers,
    complaints,
    follow_up_mail,
    follow_up_rules,
    follow_up_steps,
    follow_ups,
    lifecycle,
    queries,
    recoveries,
    rules,
    starting,
)
from surveys.answers import AnswerRefusedError, Given
from surveys.blueprints import BLUEPRINTS
from surveys.follow_up_steps import StepRefusedError
from surveys.models import Answer, FollowUp, FollowUpRoute, FollowUpRules, Recovery, Survey
from surveys.starting import Start

DAYS: Final = 56
_A_DAY: Final = timedelta(days=1)
_A_MINUTE: Final = timedelta(minutes=1)
_ALL: Final = 9
_LATEST: Final = (1, 2, 0)
"""How many steps were made with the latest ones that there was time for, so that some are in every state."""
_FIRST_WORDS: Final = (
    "Apologised and asked what went wrong.",
    "Explained what happened and what we do next.",
    "Left a message with my direct number.",
    "Offered to send a replacement at once.",
    "Sent the missing answer, with an apology.",
)
_LAST_WORDS: Final = (
    "Replacement is on its way, postage refunded.",
    "Was glad that somebody called at all.",
    "Voucher for the next order; will give us another try.",
    "The real fault was in the instructions; told the product team.",
    "Money is back, customer is content.",
)
_NO_WORDS: Final = ("Called twice, wrote once.", "Three messages, no reply.")
_RECOVERED: Final = {
    "bad": ("Nice words, but my problem is still there.",),
    "good": ("Thank you for calling back, I did not expect that.", "Sorted out now. Respect.", ""),
}


def steps(today: date, cast: Cast) -> Iterator[Step]:
    """Chats are answered for by staff, everything else by whoever owns the survey."""
    yield Step(at=timeline.at(timeline.monday(today, -30), 10), do=partial(_furnish, cast))
    worktime = WorkTime(company.WEEK, company.ZONE)
    start = timezone.now() - timedelta(days=DAYS)
    # The first sweep finds those of the day before as well.
    found = sorted(queries.unhappy_since(start - _A_DAY), key=lambda answer: (complaints.came(answer), answer.pk))
    most = _steps_made(found, worktime)
    for answer in found:
        yield from _course(answer, cast, worktime, start=start, most=most.get(answer.pk, _ALL))


def _steps_made(found: list[Answer], worktime: WorkTime) -> dict[int, int]:
    """By answer; nothing was done yet about the very last one."""
    newest, now = found[::-1], timezone.now()
    ready = [answer.pk for answer in newest[1:] if _later(worktime, complaints.came(answer), 5) <= now]
    return dict(zip(ready, _LATEST, strict=False)) | {answer.pk: 0 for answer in newest[:1]}


def _furnish(cast: Cast, at: datetime) -> None:
    FollowUpRoute.objects.get_or_create(channel="chat", defaults={"position": 1, "owner": cast.staff})
    FollowUpRules.objects.get_or_create(pk=1)
    found = Survey.objects.filter(purpose=Survey.Purpose.RECOVERY).order_by("id").first()
    if found is None:
        start = Start(name="After a complaint", slug="after-a-complaint", languages=("en", "de"), owner=cast.manager)
        found = starting.from_blueprint(BLUEPRINTS["recovery"], start)
    if found.status == Survey.Status.DRAFT:
        lifecycle.open_survey(found)


def _course(answer: Answer, cast: Cast, worktime: WorkTime, *, start: datetime, most: int) -> Iterator[Step]:
    """What is done about one unhappy answer; what is in the future is not done yet."""
    random = np.random.default_rng(answer.pk)
    came = max(complaints.came(answer), start)
    yield Step(at=came + _A_MINUTE, do=_sweep)
    [limit] = follow_up_rules.deadlines([came], FollowUpRules())
    yield Step(at=limit.escalate_at + _A_MINUTE, do=_escalate)
    is_left_lying = most == _ALL and random.random() < 0.12
    person = cast.staff if answer.channel == "chat" and not is_left_lying else cast.manager
    taken = _later(worktime, came, float(random.uniform(5, 11) if is_left_lying else random.uniform(0.2, 3.5)))
    contacted = _later(worktime, taken, float(random.exponential(3.2)) if most == _ALL else 1.0)
    word = int(random.integers(5))
    how = str(random.choice(["phone", "phone", "mail", "ticket", "chat"]))
    steps = [
        Step(at=taken, do=partial(_take, answer.pk, person)),
        Step(at=contacted, do=partial(_contact, answer.pk, how, _FIRST_WORDS[word])),
        *_end(answer, _later(worktime, contacted, float(random.uniform(2, 25))), word, random, cast),
    ]
    yield from steps[:most]


def _end(answer: Answer, closed: datetime, word: int, random: np.random.Generator, cast: Cast) -> Iterator[Step]:
    if random.random() < 0.24:
        yield Step(at=closed, do=partial(_give_up, answer.pk, _NO_WORDS[word % 2]))
        return
    yield Step(at=closed, do=partial(_resolve, answer.pk, _LAST_WORDS[word]))
    asked = rules.usual_plan().send_at(closed + _A_DAY + _A_MINUTE, company.ZONE)
    yield Step(at=asked, do=_ask)
    if random.random() < 0.5:
        score = int(random.choice([1, 2, 3, 4, 4, 5, 5]))
        answered = asked + timedelta(hours=float(random.exponential(9)))
        yield Step(at=answered, do=partial(_say, answer.pk, score, word))
        yield Step(at=answered + timedelta(hours=20), do=partial(_settle_after_all, answer.pk, cast.manager))


def _later(worktime: WorkTime, start: datetime, hours: float) -> datetime:
    due = worktime.due_at(np.array([epoch(start)]), np.array([max(60, int(hours * 3600))]))
    return instant(int(due[0]))


def _sweep(now: datetime) -> None:
    follow_ups.open_for_unhappy(now)
    recoveries.hear(now)
    follow_up_mail.tell(now)
    _deliver()


def catch_up(now: datetime) -> None:
    """What the worker would do in its first minute."""
    _sweep(now)
    _escalate(now)


def _escalate(now: datetime) -> None:
    alerts.escalate(now)
    _deliver()


def _deliver() -> None:
    """Those that were just written, as the worker would within seconds."""
    kinds = ("follow_up", "unclaimed_follow_ups")
    for pk in Mail.objects.filter(state=Mail.State.QUEUED, kind__in=kinds).values_list("pk", flat=True):
        mail.deliver(pk)


def _of(answer_id: int) -> FollowUp | None:
    return FollowUp.objects.filter(links__answer=answer_id).select_related("assignee").first()


def _take(answer_id: int, person: User, now: datetime) -> None:
    found = _of(answer_id)
    if found is not None and found.state == FollowUp.State.NEW:
        follow_up_steps.take(found.pk, person, now=now)


def _contact(answer_id: int, how: str, text: str, now: datetime) -> None:
    found = _of(answer_id)
    if found is not None and found.assignee is not None and found.state == FollowUp.State.TAKEN:
        follow_up_steps.contacted(found.pk, by=found.assignee, how=how, text=text, now=now)


def _resolve(answer_id: int, text: str, now: datetime) -> None:
    found = _of(answer_id)
    if found is not None and found.assignee is not None:
        _unless_refused(partial(follow_up_steps.resolve, found.pk, by=found.assignee, text=text, now=now))


def _give_up(answer_id: int, text: str, now: datetime) -> None:
    found = _of(answer_id)
    if found is not None and found.assignee is not None:
        _unless_refused(partial(follow_up_steps.give_up, found.pk, by=found.assignee, text=text, now=now))


def _settle_after_all(answer_id: int, manager: User, now: datetime) -> None:
    """Whoever is still unhappy is called by the manager."""
    found = _of(answer_id)
    if found is not None and found.state == FollowUp.State.NEW:
        follow_up_steps.contacted(found.pk, by=manager, how="phone", text="Now I have called myself.", now=now)
        follow_up_steps.resolve(found.pk, by=manager, text="It was the wrong part. It is changed now.", now=now)


def _unless_refused(step: partial[FollowUp]) -> None:
    """Another answer of the same customer may have opened it again, or had it closed already."""
    try:
        step()
    except StepRefusedError:
        return


def _ask(now: datetime) -> None:
    recoveries.ask_due(now)
    for pk in Recovery.objects.filter(invitation__mail__state=Mail.State.QUEUED).values_list("invitation__mail"):
        mail.deliver(pk[0])


def _say(answer_id: int, score: int, word: int, now: datetime) -> None:
    """The customer says whether it was settled."""
    found = _of(answer_id)
    recovery = found.recoveries.filter(invitation__isnull=False, answer=None).last() if found else None
    if recovery is None or recovery.invitation is None:
        return
    words = _RECOVERED["bad" if score <= 2 else "good"]
    try:
        answers.record(recovery.invitation, Given(score=score, comment=words[word % len(words)]), now=now)
    except AnswerRefusedError:
        return
    _sweep(now)
