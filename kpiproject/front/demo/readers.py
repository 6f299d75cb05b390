"""Who reads the demonstration company's manual: most have confirmed it, somebody is late, a question is open."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from kpiproject import people
from kpiproject.front.demo import company, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.roles import STAFF
from manual import (
    acknowledgements,
    audiences,
    checks,
    feedback,
    queries,
    questions,
    reading_list,
    reading_reminders,
)
from manual.checks import Written
from manual.feedback import Said
from manual.models import Audience, Edition, ReadingQuestion

AMIRA, BEN, CARLA, GRETA = "Amira Haddad", "Ben Okafor", "Carla Nunes", "Greta Vogel"
COLLEAGUES: Final = (AMIRA, BEN, CARLA, GRETA)
READ_BY_GRETA: Final = 6
CHECKED: Final = "unhappy-customers"
CHECK: Final = (
    Written(
        text="A customer is unhappy with how we helped. What do you do first?",
        choices=[
            "I explain why it was done like that",
            "I listen, and say in my own words what went wrong",
            "I offer a voucher",
        ],
        right=2,
    ),
    Written(
        text="You hand a request over to another team. What do you write?",
        choices=["what happened and was tried, and what was promised by when", "the number of the order", "nothing"],
        right=1,
    ),
)
BENS_QUESTION: Final = "May I promise a call back on a Saturday, or only within our opening hours?"
BENS_ANSWER: Final = "Only within the opening hours. Say on which day and until what time you call, and write it down."
CARLAS_QUESTION: Final = (
    "Do the two sentences go into an internal note, or into the mail that the customer sees? We had both this week."
)
UNCLEAR: Final = "Do the four opening hours begin when the mail comes in, or when somebody takes it?"
UNCLEAR_BEFORE: Final = "I looked for what we say when we do not know the answer ourselves."
REPLY_BEFORE: Final = "Good point. It says so now: we tell the customer when we write again, and keep to it."


def steps(today: date, cast: Cast) -> Iterator[Step]:
    first = timeline.monday(today, -8) + timedelta(days=2)
    second = timeline.monday(today, -1) + timedelta(days=3)
    yield Step(at=timeline.at(first, 9), do=partial(_gather, cast))
    yield from _first_edition(first, cast)
    yield from _second_edition(second, cast)
    for days in (3, 11, 14, 15):
        yield Step(at=timeline.at(first + timedelta(days=days), 11), do=reading_reminders.remind)


def _first_edition(first: date, cast: Cast) -> Iterator[Step]:
    for days, name in ((2, AMIRA), (5, CARLA), (8, cast.staff.name), (12, BEN)):
        yield Step(at=timeline.at(first + timedelta(days=days), 10), do=partial(_confirm, name))
    yield Step(at=timeline.at(first + timedelta(days=6), 10), do=partial(_confirm, GRETA, most=READ_BY_GRETA))
    yield Step(at=timeline.at(first + timedelta(days=1), 13), do=partial(_ask, BEN, BENS_QUESTION))
    yield Step(at=timeline.at(first + timedelta(days=1), 16), do=partial(_answer, cast.manager))
    yield Step(at=timeline.at(first + timedelta(days=6), 11), do=partial(_say, GRETA, "how-we-speak", UNCLEAR_BEFORE))
    yield Step(at=timeline.at(first + timedelta(days=7), 9), do=partial(_settle, cast.manager))


def _second_edition(second: date, cast: Cast) -> Iterator[Step]:
    yield Step(at=timeline.at(second, 16), do=lambda _at: checks.write(CHECKED, CHECK))
    yield Step(at=timeline.at(second + timedelta(days=1), 10), do=partial(_confirm, AMIRA))
    yield Step(at=timeline.at(second + timedelta(days=1), 11), do=partial(_ask, CARLA, CARLAS_QUESTION))
    yield Step(at=timeline.at(second + timedelta(days=1), 12), do=partial(_say, AMIRA, "service-levels", UNCLEAR))
    for name in (AMIRA, BEN):
        yield Step(at=timeline.at(second + timedelta(days=1), 13), do=partial(_say, name, "how-we-speak", ""))


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@demo.example"


def _gather(cast: Cast, at: datetime) -> None:
    """Colleagues with an account, and who reads what."""
    for name in COLLEAGUES:
        user, _new = User.objects.get_or_create(email=address(name), defaults={"name": name})
        user.set_unusable_password()
        user.save()
        people.set_role(user, STAFF)
    audiences.save(
        Audience(),
        by=cast.manager,
        today=local_day(at, company.ZONE),
        name="Everybody who answers customers",
        groups=cast.staff.groups.filter(name=STAFF),
        days=14,
    )


def _confirm(name: str, at: datetime, most: int | None = None) -> None:
    person = User.objects.get(name=name)
    slugs = [item.slug for item in reading_list.of(person, at).waiting][:most]
    acknowledgements.confirm(person, slugs, number=_edition().number, answers=_right_answers(slugs), now=at)


def _right_answers(slugs: Collection[str]) -> dict[int, int]:
    found = checks.of_sections(slugs)
    return {question.pk: question.right for asked in found.values() for question in asked}


def _ask(name: str, text: str, at: datetime) -> None:
    person = User.objects.get(name=name)
    key = f"demo-{at:%Y%m%d%H%M}".ljust(22, "-")
    questions.ask(person, CHECKED, number=_edition().number, text=text, form_key=key, now=at)


def _answer(manager: User, at: datetime) -> None:
    questions.answer(ReadingQuestion.objects.get(), BENS_ANSWER, by=manager, now=at)


def _say(name: str, slug: str, why: str, at: datetime) -> None:
    """Clear, where there are no words."""
    said = Said(slug=slug, number=_edition().number, is_clear=not why, why=why)
    feedback.give(User.objects.get(name=name), said, now=at)


def _settle(manager: User, at: datetime) -> None:
    feedback.tell(at)
    feedback.settle(feedback.readable(manager).get(), REPLY_BEFORE, by=manager, now=at)


def _edition() -> Edition:
    found = queries.latest()
    if found is None:
        msg = "The demonstration company has published nothing that anybody could read."
        raise RuntimeError(msg)
    return found
