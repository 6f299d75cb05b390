"""Objects for tests. Add a factory where you need one; keep those of others."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from goals.models import Goal, Objective, Report, ReportItem, Review, Stakeholder
from kpiproject.documents import tree
from kpiproject.lib.tokens import new_token
from kpiproject.models import Agent, BusinessCalendar, Team, User
from kpiproject.roles import MANAGERS, STAFF
from manual.editions import digest, next_number
from manual.models import Edition, Section, Share
from metrics.models import Customer, ServiceTarget, Ticket, TicketEvent
from metrics.queries import CATALOGUE
from surveys import versions
from surveys.models import (
    Answer,
    Contact,
    Entrance,
    Invitation,
    Question,
    SendingRule,
    Suppression,
    Survey,
)
from surveys.scales import KINDS, Scale

PASSWORD = "only-for-tests-2718"


class UserFactory(DjangoModelFactory):
    """Somebody with a password and no role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    @factory.post_generation
    def role(self: User, create: bool, extracted: object, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get(name=STAFF))


class ManagerFactory(UserFactory):
    is_staff = True

    @factory.post_generation
    def role(self: User, create: bool, extracted: object, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get(name=MANAGERS))


class SurveyFactory(DjangoModelFactory):
    """An open satisfaction survey from 1 to 5, unless told otherwise."""

    class Meta:
        model = Survey

    slug = factory.Sequence(lambda number: f"survey-{number}")
    name = factory.Sequence(lambda number: f"Survey {number}")
    kind = "csat"
    status = Survey.Status.OPEN
    question = factory.LazyAttribute(lambda survey: str(KINDS[survey.kind].question))
    low_label = factory.LazyAttribute(lambda survey: str(KINDS[survey.kind].low_label))
    high_label = factory.LazyAttribute(lambda survey: str(KINDS[survey.kind].high_label))
    scale_min = factory.LazyAttribute(lambda survey: KINDS[survey.kind].low)
    scale_max = factory.LazyAttribute(lambda survey: KINDS[survey.kind].high)
    opened_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """With the version that opening a survey gives it."""
        survey = super()._create(model_class, *args, **kwargs)
        versions.ensure(survey)
        return survey


class QuestionFactory(DjangoModelFactory):
    """A choice of yes or no in the language of its survey, unless told otherwise."""

    class Meta:
        model = Question

    survey = factory.SubFactory(SurveyFactory)
    kind = "choice"
    position = factory.Sequence(int)
    options = factory.LazyAttribute(lambda question: ["yes", "no"] if question.kind in ("choice", "multiple") else [])
    prompts = factory.LazyAttribute(
        lambda question: {
            question.survey.language: {
                "prompt": "Was it so?",
                "low_label": "",
                "high_label": "",
                "options": {key: key.title() for key in question.options},
            }
        }
    )


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    email = factory.Sequence(lambda number: f"customer{number}@example.org")
    name = factory.Sequence(lambda number: f"Customer {number}")


class InvitationFactory(DjangoModelFactory):
    """Somebody was asked and the mail has left."""

    class Meta:
        model = Invitation

    survey = factory.SubFactory(SurveyFactory)
    contact = factory.SubFactory(ContactFactory)
    token = factory.LazyFunction(new_token)
    key = factory.Sequence(lambda number: f"test:{number}")
    version = factory.LazyAttribute(lambda invitation: versions.asked_now(invitation.survey))
    language = factory.LazyAttribute(lambda invitation: invitation.survey.language)
    scale_min = factory.LazyAttribute(lambda invitation: invitation.survey.scale_min)
    scale_max = factory.LazyAttribute(lambda invitation: invitation.survey.scale_max)
    created_at = factory.LazyFunction(timezone.now)
    sent_at = factory.LazyAttribute(lambda invitation: invitation.created_at)
    expires_at = factory.LazyAttribute(lambda invitation: invitation.created_at + timedelta(days=28))


class RuleFactory(DjangoModelFactory):
    """Asks one hour after a ticket was solved, at any time, unless told otherwise; it is on since the year 2020."""

    class Meta:
        model = SendingRule

    survey = factory.SubFactory(SurveyFactory)
    name = factory.Sequence(lambda number: f"Rule {number}")
    trigger = SendingRule.Trigger.TICKET
    is_active = True
    weekdays = factory.LazyFunction(lambda: list(range(7)))
    from_time = time(0)
    to_time = time(0)
    delay_hours = 1
    since = datetime(2020, 1, 1, tzinfo=UTC)


class SuppressionFactory(DjangoModelFactory):
    class Meta:
        model = Suppression

    email = factory.Sequence(lambda number: f"leave-me-alone{number}@example.org")
    reason = Suppression.Reason.UNSUBSCRIBED


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    external_id = factory.Sequence(lambda number: f"team-{number}")
    name = factory.Sequence(lambda number: f"Team {number}")


class AgentFactory(DjangoModelFactory):
    class Meta:
        model = Agent

    external_id = factory.Sequence(lambda number: f"agent-{number}")
    name = factory.Sequence(lambda number: f"Agent {number}")


class CalendarFactory(DjangoModelFactory):
    """The organisation's calendar: 9 to 17 from Monday to Friday in UTC, unless told otherwise."""

    class Meta:
        model = BusinessCalendar

    name = factory.Sequence(lambda number: f"Calendar {number}")
    time_zone = "UTC"
    week = factory.LazyFunction(lambda: {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
    is_default = True


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    source = "test"
    external_id = factory.Sequence(lambda number: f"C-{number}")


class TicketFactory(DjangoModelFactory):
    """A ticket that was created and nothing else; instants may be given as texts in UTC."""

    class Meta:
        model = Ticket

    source = "test"
    external_id = factory.Sequence(lambda number: f"T-{number}")
    created_at = "2026-03-02T10:00Z"


class TicketEventFactory(DjangoModelFactory):
    class Meta:
        model = TicketEvent

    ticket = factory.SubFactory(TicketFactory)
    key = factory.Sequence(str)
    at = "2026-03-02T11:00Z"
    kind = "status"


class ServiceTargetFactory(DjangoModelFactory):
    """Two hours of calendar time for the resolution of every ticket, unless told otherwise."""

    class Meta:
        model = ServiceTarget

    name = factory.Sequence(lambda number: f"Target {number}")
    metric = "resolution"
    seconds = 7200
    clock = "calendar"


class AnswerFactory(DjangoModelFactory):
    """5 of 1 to 5 to a satisfaction survey, unless told otherwise."""

    class Meta:
        model = Answer

    survey = factory.SubFactory(SurveyFactory)
    kind = factory.LazyAttribute(lambda answer: answer.survey.kind)
    score = 5
    scale_min = factory.LazyAttribute(lambda answer: answer.survey.scale_min)
    scale_max = factory.LazyAttribute(lambda answer: answer.survey.scale_max)
    lower_is_better = factory.LazyAttribute(lambda answer: answer.survey.lower_is_better)
    standing = factory.LazyAttribute(
        lambda answer: Scale(
            kind=answer.kind, low=answer.scale_min, high=answer.scale_max, lower_is_better=answer.lower_is_better
        ).standing(answer.score)
    )
    answered_at = "2026-03-02T10:00Z"


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    name = factory.Sequence(lambda number: f"Objective {number}")


class GoalFactory(DjangoModelFactory):
    """An active goal for satisfaction, from 80 % at the beginning of 2026 to 90 % at the end of June."""

    class Meta:
        model = Goal

    statement = factory.Sequence(lambda number: f"Goal {number}")
    objective = factory.SubFactory(ObjectiveFactory)
    owner = factory.SubFactory(ManagerFactory)
    state = Goal.State.ACTIVE
    kpi = "csat"
    direction = Goal.Direction.HIGHER
    target = 90.0
    start = date(2026, 1, 1)
    due = date(2026, 6, 30)
    baseline = 80.0
    baseline_low = 76.0
    baseline_high = 84.0
    baseline_n = 400
    baseline_start = date(2025, 9, 29)
    baseline_end = date(2025, 12, 29)
    revision = factory.LazyAttribute(lambda goal: CATALOGUE[goal.kpi].revision if goal.kpi in CATALOGUE else 1)


class SectionFactory(DjangoModelFactory):
    """A section of prose after the starter sections, unless told otherwise."""

    class Meta:
        model = Section

    slug = factory.Sequence(lambda number: f"section-{number}")
    title = factory.Sequence(lambda number: f"Section {number}")
    position = 1000
    text = "One paragraph."


class EditionFactory(DjangoModelFactory):
    """An edition with one section, numbered from 1 on."""

    class Meta:
        model = Edition

    number = factory.LazyFunction(next_number)
    content = factory.LazyAttribute(
        lambda edition: {
            "title": "Customer Service Manual",
            "subtitle": "My organisation",
            "language": "en",
            "facts": [["Edition", str(edition.number)]],
            "sections": [
                {"anchor": "our-promise", "number": "1", "title": "Our promise", "blocks": [tree.paragraph("We help.")]}
            ],
        }
    )
    figures = factory.LazyFunction(dict)
    digest = factory.LazyAttribute(lambda edition: digest(edition.content, edition.figures))
    as_of = "2026-03-02T10:00Z"
    published_at = "2026-03-02T10:00Z"


class ShareFactory(DjangoModelFactory):
    """Open for 90 days from now on."""

    class Meta:
        model = Share

    edition = factory.SubFactory(EditionFactory)
    name = factory.Sequence(lambda number: f"Partner {number}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=90))


class ReviewFactory(DjangoModelFactory):
    """A planned review of every active goal, with a reminder three days before."""

    class Meta:
        model = Review
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Review {number}")
    on = date(2026, 3, 19)
    owner = factory.SubFactory(ManagerFactory)

    @factory.post_generation
    def participants(self: Review, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.participants.set(extracted or [])

    @factory.post_generation
    def goals(self: Review, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.goals.set(extracted or [])


class StakeholderFactory(DjangoModelFactory):
    class Meta:
        model = Stakeholder

    name = factory.Sequence(lambda number: f"Stakeholder {number}")
    email = factory.Sequence(lambda number: f"stakeholder{number}@example.net")


class ReportFactory(DjangoModelFactory):
    """Mondays at 08:00, to nobody yet and without figures; goals.reports.planned says when it is due."""

    class Meta:
        model = Report
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Report {number}")
    owner = factory.SubFactory(ManagerFactory)

    @factory.post_generation
    def people(self: Report, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.people.add(*(extracted or []))

    @factory.post_generation
    def stakeholders(self: Report, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.stakeholders.add(*(extracted or []))


class ReportItemFactory(DjangoModelFactory):
    class Meta:
        model = ReportItem

    report = factory.SubFactory(ReportFactory)
    kpi = "ticket_volume"


class EntranceFactory(DjangoModelFactory):
    """A printed code of an open survey, unless told otherwise."""

    class Meta:
        model = Entrance

    survey = factory.SubFactory(SurveyFactory)
    kind = Entrance.Kind.CODE
    name = factory.Sequence(lambda number: f"Door {number}")
