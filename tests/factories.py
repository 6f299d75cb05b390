"""Objects for tests. Add a factory where you need one; keep those of others."""

from datetime import timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from kpiproject.lib.tokens import new_token
from kpiproject.models import User
from kpiproject.roles import MANAGERS, STAFF
from surveys.models import Contact, Invitation, Survey
from surveys.scales import KINDS

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
    question = factory.LazyAttribute(lambda invitation: invitation.survey.question)
    low_label = factory.LazyAttribute(lambda invitation: invitation.survey.low_label)
    high_label = factory.LazyAttribute(lambda invitation: invitation.survey.high_label)
    scale_min = factory.LazyAttribute(lambda invitation: invitation.survey.scale_min)
    scale_max = factory.LazyAttribute(lambda invitation: invitation.survey.scale_max)
    created_at = factory.LazyFunction(timezone.now)
    sent_at = factory.LazyAttribute(lambda invitation: invitation.created_at)
    expires_at = factory.LazyAttribute(lambda invitation: invitation.created_at + timedelta(days=28))
