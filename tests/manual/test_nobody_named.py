"""The law of sharing: whoever reads outside finds nobody's name and nobody's address, wherever somebody wrote them."""

import subprocess
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import models
from django.test import Client

from goals.models import (
    Action,
    AlertRule,
    Decision,
    EscalationChain,
    Goal,
    Milestone,
    Objective,
    Report,
    Review,
    TargetChange,
)
from kpiproject.models import Agent, BusinessCalendar, Holiday, Organisation, Team, User, WebhookTarget
from manual import editions, extract_prints, followers, share_mail
from manual.drafts import draft
from manual.models import Edition, Section, Share
from metrics.models import Customer, ServiceTarget
from surveys.models import FollowUpRoute, SendingRule, Survey
from tests.alarm_factories import AlertRuleFactory, WebhookTargetFactory
from tests.factories import (
    CalendarFactory,
    GoalFactory,
    ManagerFactory,
    QuestionFactory,
    ReportFactory,
    ReviewFactory,
    RuleFactory,
    ServiceTargetFactory,
    ShareFactory,
    StaffFactory,
    StakeholderFactory,
    SurveyFactory,
)
from tests.follow_up_factories import FollowUpRouteFactory
from tests.goal_factories import ActionFactory, MilestoneFactory
from tests.manual.chapters.built import AS_OF
from tests.manual_factories import FollowerFactory

pytestmark = pytest.mark.django_db

SHORT: Final = "Maradonna Quindel, Adalynn Vexley, Zorblax"
LONG: Final = (
    f"{SHORT}, Jonquil Brevik, Erikson Holmgard, Ulrika Brandtson, Adalynn, quindel@staff.example, "
    "vexley@desk.example, holmgard@zorblax.example"
)
TELLING: Final = (
    "maradonna", "quindel", "adalynn", "vexley", "zorblax", "jonquil", "brevik", "erikson", "holmgard", "ulrika",
    "brandtson", "staff.example", "desk.example", "c-9977",
)  # fmt: skip
# What people write words into and a chapter, its title or its figures tell.
WRITTEN: Final[tuple[type[models.Model], ...]] = (
    Action, AlertRule, BusinessCalendar, Decision, EscalationChain, Goal, Holiday, Milestone, Objective,
    Report, Review, Section, SendingRule, ServiceTarget, Survey, TargetChange, WebhookTarget,
)  # fmt: skip
# Codes and addresses, and members of a dimension: what is for one customer or agent is left out, or is a field of its
# own below.
CODES: Final = frozenset(
    {"category", "channel", "chapter", "company", "customer", "dimension", "guardrail", "guidance", "kpi", "member",
     "priority", "secret", "slug", "source", "thanks_url", "team", "tier", "time_zone", "url"}
)  # fmt: skip


def people() -> tuple[User, User]:
    manager = ManagerFactory(name="Maradonna Quindel", email="quindel@staff.example")
    colleague = StaffFactory(name="Jonquil Brevik", email="brevik@staff.example")
    Agent.objects.create(
        external_id="a1", name="Adalynn Vexley", email="vexley@desk.example", team=Team.objects.create(name="First")
    )
    Customer.objects.create(
        source="desk",
        external_id="C-9977",
        name="Erikson Holmgard",
        company="Zorblax",
        email="holmgard@zorblax.example",
    )
    return manager, colleague


def fill(manager: User, colleague: User) -> None:
    """One of everything that a chapter tells of, with people wherever people can be chosen."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Fernweh", "time_zone": "Europe/Berlin"})
    CalendarFactory(name="Shop").holidays.create(date=date(2026, 12, 25), name="Holiday")
    ServiceTargetFactory(company="Zorblax")
    ServiceTargetFactory(metric="first_response", customer="C-9977")
    survey = SurveyFactory(slug="happy", owner=manager, reply_to="quindel@staff.example")
    QuestionFactory(survey=survey)
    RuleFactory(survey=survey, filters={"company": ["Zorblax"]})
    FollowUpRouteFactory(survey=survey, owner=colleague)
    goal = GoalFactory(owner=manager, reviewer=colleague, created_at=AS_OF - timedelta(days=9))
    TargetChange.objects.create(goal=goal, at=AS_OF - timedelta(days=3), before=80, after=85, reason="-", by=manager)
    stepwise = GoalFactory(kpi="", owner=colleague, reviewer=manager, created_at=AS_OF - timedelta(days=9))
    MilestoneFactory(goal=stepwise, done_on=date(2026, 6, 1), done_by=colleague)
    ReviewFactory(on=date(2026, 7, 1), owner=manager)
    held = ReviewFactory(on=date(2026, 6, 1), owner=colleague, state="held", held_at=AS_OF - timedelta(days=14))
    Decision.objects.create(review=held, text="-", at=AS_OF - timedelta(days=14))
    ActionFactory(goal=goal, owner=colleague, created_at=AS_OF - timedelta(days=14))
    stakeholder = StakeholderFactory(name="Ulrika Brandtson", email="brandtson@board.example")
    ReportFactory(people=[manager])
    chain = EscalationChain.objects.create(name="Chain")
    chain.steps.create(role="owner")
    chain.steps.create(role="people", position=1, wait_minutes=60).people.add(colleague)
    chain.steps.create(role="outside", position=2, wait_minutes=60).stakeholders.add(stakeholder)
    rule = AlertRuleFactory(chain=chain, owner=manager, created_at=AS_OF - timedelta(days=9))
    rule.webhooks.add(WebhookTargetFactory())
    rule.stakeholders.add(stakeholder)


def write(model: type[models.Model]) -> list[str]:
    """The names into every field for words; which these are."""
    fields: list[Any] = [field for field in model._meta.local_concrete_fields if is_for_words(field)]
    rows: Any = model._default_manager
    for field in fields:
        words = LONG if (field.max_length or 1000) >= len(LONG) else SHORT
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(**{field.name: f"{words} {pk}" if field.unique else words})
    return [field.name for field in fields]


def is_for_words(field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.EmailField)
    return is_text and field.editable and not field.choices and field.name not in CODES


@pytest.fixture
def edition() -> Edition:
    manager, colleague = people()
    fill(manager, colleague)
    written = {model.__name__: write(model) for model in WRITTEN}
    assert all(written.values()), written
    Section.objects.update(owner=manager)
    terms = editions.Terms(by=manager, number=1, note=LONG, facts=[("Approved by", f"{colleague} on 3 June")])
    return editions.freeze(draft(AS_OF), AS_OF, terms)


def telling(words: str) -> list[str]:
    found = words.casefold()
    return [name for name in TELLING if name in found]


def print_of(share: Share) -> bytes:
    """As the worker prints it."""
    kept = extract_prints.plan(share)
    extract_prints.make(kept.pk)
    kept.refresh_from_db()
    with kept.pdf.open("rb") as file:
        return bytes(file.read())


def test_nobody_is_named_on_the_page_and_in_the_files(edition: Edition, client: Client) -> None:
    """The house reads all of them, so that the test looks at what there is to be hidden."""
    assert sorted(telling(str(edition.content) + str(edition.figures))) == sorted(TELLING)
    share = ShareFactory(edition=edition)
    for path in ("", "plumbline-manual.html", "plumbline-manual.md"):
        response = client.get(f"/share/{share.token}/{path}")
        assert (path, response.status_code, telling(response.content.decode())) == (path, 200, [])
    (section, *_others) = edition.content["sections"]
    clear = client.get(f"/share/{share.token}/clear/{section['anchor']}/")
    assert (clear.status_code, telling(clear.content.decode())) == (200, [])


def test_nobody_is_named_in_the_pdf(edition: Edition) -> None:
    printed = print_of(ShareFactory(edition=edition))
    text = subprocess.run(["pdftotext", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    assert "a manager" in text
    assert (telling(text), telling(printed.decode("latin-1"))) == ([], [])


def test_nobody_is_named_in_the_mail_about_a_new_edition(edition: Edition) -> None:
    share = ShareFactory(edition=edition, follows_editions=True)
    follower = FollowerFactory(share=share, told=edition)
    followers.confirm(follower)
    other = StaffFactory(name="Quintessa Norwoodson", email="norwoodson@staff.example")
    Goal.objects.update(owner=other)
    Section.objects.update(text=f"{LONG}, Quintessa Norwoodson.")
    FollowUpRoute.objects.update(owner=other)
    editions.freeze(draft(AS_OF), AS_OF, editions.Terms(by=other, number=2))
    mail = share_mail.tell_of_edition(follower.pk)
    assert mail is not None
    for words in (mail.subject, mail.text, mail.html):
        assert (telling(words), "quintessa" in words.casefold(), "norwoodson" in words.casefold()) == ([], False, False)
    assert "a colleague" in mail.text
