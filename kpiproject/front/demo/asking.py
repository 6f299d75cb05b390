"""How else the demonstration company asks: languages, rules, ways in, colleagues, and what is no answer."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings

from kpiproject.front.demo import comments
from kpiproject.lib.tokens import new_token
from surveys import answers, contacts, entrances, history, lifecycle, rules, starting, versions
from surveys.answers import Given, Said
from surveys.blueprints import BLUEPRINTS
from surveys.content import TEXTS
from surveys.history import Past
from surveys.languages import LANGUAGES
from surveys.models import (
    Answer,
    Click,
    Entrance,
    FactChange,
    Invitation,
    Question,
    SendingRule,
    Skip,
    Suppression,
    Survey,
    Translation,
)
from surveys.starting import Start

DAYS: Final = 70
_LEFT_ALONE: Final = 260
_COLLEAGUES: Final = {"Customer service": 16, "Warehouse": 13, "Shop": 9, "Office": 4}
_WAYS: Final = (
    (Entrance.Kind.KIOSK, "Shop in Hamburg, till 1", {"team": "Shop", "channel": "shop"}, 150, 4.1),
    (Entrance.Kind.CODE, "Leaflet in every parcel", {"channel": "parcel"}, 90, 3.7),
    (Entrance.Kind.WIDGET, "Page after an order", {"channel": "web"}, 60, 4.3),
)


def furnish(today: date, now: datetime) -> None:
    """Idempotent: what is there already stays."""
    if Entrance.objects.exists():
        return
    for slug in ("csat", "nps", "ces"):
        _translate(Survey.objects.get(slug=slug))
    _rules(today)
    _ways_in(now)
    _colleagues(now)


def _translate(survey: Survey) -> None:
    for language in LANGUAGES:
        if language != survey.language:
            said = BLUEPRINTS[survey.kind].wording(language)
            words = {name: getattr(said, name) for name in TEXTS}
            Translation.objects.update_or_create(survey=survey, language=language, defaults=words)
    survey.reminder_days = [4]
    survey.save(update_fields=["reminder_days"])
    versions.ensure(survey)


def _rules(today: date) -> None:
    after_ticket = SendingRule(
        survey=Survey.objects.get(slug="csat"),
        name="A day after a ticket was solved",
        trigger=SendingRule.Trigger.TICKET,
        sample_percent=50,
    )
    waves = SendingRule(
        survey=Survey.objects.get(slug="nps"),
        name="A quarter of our customers every three months",
        trigger=SendingRule.Trigger.SCHEDULE,
        starts_on=today + timedelta(days=21),
        waves=4,
        sample_percent=45,
    )
    for rule in (after_ticket, waves):
        rule.save()
        rules.switch_on(rule)


# --- Without an invitation ----------------------------------------------------------------------------------------
def _ways_in(now: datetime) -> None:
    start = Start(name="Shop, parcel and web", slug="shop", languages=["en", "de"])
    survey = starting.from_blueprint(BLUEPRINTS["csat_reasons"], start)
    survey.has_public_link = True
    survey.save(update_fields=["has_public_link"])
    lifecycle.open_survey(survey)
    random = np.random.default_rng(47)
    for kind, name, known, count, mood in _WAYS:
        origins = [settings.BASE_URL] if kind == Entrance.Kind.WIDGET else []
        entrance = Entrance.objects.create(survey=survey, kind=kind, name=name, origins=origins, **known)
        for _number in range(count):
            _visit(entrance, random, mood=mood, now=now)


def _visit(entrance: Entrance, random: np.random.Generator, *, mood: float, now: datetime) -> None:
    """Somebody passes by in the opening hours of a shop."""
    day = now - timedelta(days=int(random.integers(1, DAYS)))
    at = day + timedelta(hours=float(random.uniform(9, 20)))
    score = int(np.clip(round(float(random.normal(mood, 1.0))), 1, 5))
    given = Given(
        score=score,
        comment=_comment(score, random),
        replies=_reasons(entrance.survey, score, random),
        language="de" if random.random() < 0.6 else "en",
        form_key=new_token(),
    )
    answers.record_public(entrance.survey, given, entrances.way_in(entrance), now=at)


def _comment(score: int, random: np.random.Generator) -> str:
    group = "good" if score >= 4 else "middle" if score == 3 else "bad"
    return str(random.choice(comments.said(group, comments.ANYTHING))) if random.random() < 0.2 else ""


def _reasons(survey: Survey, score: int, random: np.random.Generator) -> dict[int, Said]:
    """Most people also press a reason or two; the choices are those that apply to their score."""
    standing = survey.scale.standing(score)
    applying = Question.objects.filter(survey=survey, kind=Question.Kind.MULTIPLE, after=None)
    asked = [question for question in applying if standing in question.standings]
    if not asked or random.random() < 0.3:
        return {}
    keys = [key for key in asked[0].options if key != "other"]
    chosen = random.choice(keys, size=int(random.integers(1, 3)), replace=False)
    return {asked[0].pk: Said(choices=tuple(str(key) for key in chosen))}


# --- Our own people -----------------------------------------------------------------------------------------------
def _colleagues(now: datetime) -> None:
    survey = Survey.objects.get(slug="enps")
    if survey.status == Survey.Status.DRAFT:
        lifecycle.open_survey(survey)
    history.load(survey, _waves(now))


def _waves(now: datetime) -> Iterator[Past]:
    random = np.random.default_rng(53)
    for wave, days in enumerate((150, 45)):
        sent = (now - timedelta(days=days)).replace(hour=7)
        for team, size in _COLLEAGUES.items():
            for number in range(size):
                has_answered = random.random() < 0.8
                score = int(np.clip(round(float(random.normal(7.6 + 0.4 * wave, 1.7))), 0, 10))
                yield Past(
                    email=f"{team.split()[0].lower()}.{number + 1}@fernweh.example",
                    sent_at=sent,
                    cause=f"colleagues:{wave}:{team}:{number}",
                    context={"team": team},
                    score=score if has_answered else None,
                    answered_at=sent + timedelta(days=int(random.integers(0, 6))) if has_answered else None,
                )


# --- What is no answer --------------------------------------------------------------------------------------------
def tell(now: datetime) -> None:
    """Clicks that nobody confirmed, machines, addresses that do not exist, people who were left alone, and praise."""
    if Click.objects.exists():
        return
    random = np.random.default_rng(61)
    asked = list(Invitation.objects.filter(survey__slug="csat", sent_at__gte=now - timedelta(days=DAYS)).order_by("id"))
    _click(asked, random)
    _bounce([one for one in asked if not one.is_answered][::70])
    _leave_alone(asked, random)
    _mark()


def _click(asked: list[Invitation], random: np.random.Generator) -> None:
    clicks, changed = [], []
    for one in asked:
        luck = random.random()
        sent = one.sent_at or one.created_at
        if one.is_answered or luck < 0.06:
            one.clicked_at = sent + timedelta(minutes=float(random.uniform(2, 300)))
            clicks.append(Click(invitation=one, score=int(random.integers(1, 6)), at=one.clicked_at))
            changed.append(one)
        elif luck < 0.11:
            at = sent + timedelta(seconds=2)
            clicks += [Click(invitation=one, score=n, at=at, sign=Click.Sign.TOO_FAST) for n in range(1, 6)]
    Click.objects.bulk_create(clicks, batch_size=1000)
    Invitation.objects.bulk_update(changed, ["clicked_at"], batch_size=500)
    answers.journal([one.sent_at for one in asked if one.sent_at], FactChange.About.INVITATION)


def _bounce(asked: list[Invitation]) -> None:
    for one in asked:
        one.bounced_at = one.sent_at
    Invitation.objects.bulk_update(asked, ["bounced_at"], batch_size=500)
    contacts.suppress([one.contact.email for one in asked], Suppression.Reason.BOUNCED)
    contacts.suppress([f"no.more.{number}@kunde.example" for number in range(9)], Suppression.Reason.UNSUBSCRIBED)


def _leave_alone(asked: list[Invitation], random: np.random.Generator) -> None:
    """Customers with two tickets in a week are asked about one of them."""
    picked = random.choice(len(asked), size=min(_LEFT_ALONE, len(asked)), replace=False)
    reasons = ["quiet_person", "quiet_person", "quiet_kind", "suppressed"]
    Skip.objects.bulk_create(
        [
            Skip(
                survey_id=one.survey_id,
                contact_id=one.contact_id,
                key=f"demo:{one.pk}",
                reason=str(random.choice(reasons)),
                at=(one.sent_at or one.created_at) + timedelta(days=2),
            )
            for one in (asked[int(number)] for number in sorted(picked))
        ],
        ignore_conflicts=True,
    )


def _mark() -> None:
    """Somebody has read the latest comments, and said which of them are praise and which are complaints."""
    told = Answer.objects.filter(kind="csat").exclude(comment="").order_by("-answered_at", "-id")
    for standing, mark in ((1, Answer.Mark.PRAISE), (-1, Answer.Mark.COMPLAINT)):
        ids = list(told.filter(standing=standing).values_list("pk", flat=True)[:8])
        Answer.objects.filter(pk__in=ids).update(mark=mark)
