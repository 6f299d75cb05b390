"""Follow-ups for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from surveys.models import FollowUp, FollowUpAnswer, FollowUpNote, FollowUpRoute
from tests.factories import AnswerFactory, ContactFactory, ManagerFactory, SurveyFactory


class FollowUpFactory(DjangoModelFactory):
    """Nobody has taken it yet; its answer is an unhappy one, unless told otherwise."""

    class Meta:
        model = FollowUp
        skip_postgeneration_save = True

    survey = factory.SubFactory(SurveyFactory)
    contact = factory.SubFactory(ContactFactory)
    opened_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda follow_up: follow_up.opened_at + timedelta(hours=24))
    one_day_at = factory.LazyAttribute(lambda follow_up: follow_up.opened_at + timedelta(hours=24))
    escalate_at = factory.LazyAttribute(lambda follow_up: follow_up.opened_at + timedelta(hours=12))
    taken_at = factory.LazyAttribute(
        lambda follow_up: None if getattr(follow_up, "state", "new") == "new" else follow_up.opened_at
    )

    @factory.post_generation
    def said(self: FollowUp, create: bool, extracted: Any, **kwargs: Any) -> None:
        given = {"score": 1, "comment": "Nobody called me back.", "answered_at": self.opened_at} | kwargs
        answer = AnswerFactory(survey=self.survey, contact=self.contact, ticket=self.ticket, **given)
        FollowUpAnswer.objects.create(
            follow_up=self, answer=answer, standing=answer.standing, seen_at=answer.answered_at
        )
        FollowUpNote.objects.create(follow_up=self, kind="opened", at=self.opened_at)


class FollowUpRouteFactory(DjangoModelFactory):
    class Meta:
        model = FollowUpRoute

    owner = factory.SubFactory(ManagerFactory)
