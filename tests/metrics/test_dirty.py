from datetime import UTC, datetime

import numpy as np
import pytest

from kpiproject.lib.periods import MISSING, Grain, epoch
from metrics import dirty, rollups
from metrics.models import DirtyDay
from metrics.queries import Question, figures
from surveys import answers
from surveys.answers import Given
from surveys.models import FactChange
from tests.factories import (
    AnswerFactory,
    CustomerFactory,
    InvitationFactory,
    SurveyFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import at, day, organisation

pytestmark = pytest.mark.django_db


def marked(frame=dirty.TICKETS):
    return [str(one) for one in DirtyDay.objects.filter(frame=frame).order_by("day").values_list("day", flat=True)]


def test_marking_again_raises_the_generation_and_frees_the_day():
    dirty.mark(dirty.TICKETS, [day("2026-03-02"), day("2026-03-02")])
    DirtyDay.objects.update(claimed_until=datetime(2030, 1, 1, tzinfo=UTC))
    dirty.mark(dirty.TICKETS, [20514])  # the same day as a number
    dirty.mark(dirty.ANSWERS, [day("2026-03-02")])
    assert list(DirtyDay.objects.order_by("frame").values_list("frame", "generation", "claimed_until")) == [
        ("answers", 1, None),
        ("tickets", 2, None),
    ]


def test_marking_thousands_of_days_takes_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        dirty.mark(dirty.TICKETS, range(3000))
    assert DirtyDay.objects.count() == 3000


def test_unknown_frame_is_refused():
    with pytest.raises(ValueError, match=r"^'spells' is not a frame that days are marked for; those are tickets, "):
        dirty.mark("spells", [1])


def test_instants_are_marked_under_their_local_day():
    organisation(time_zone="America/New_York")
    dirty.mark_instants(dirty.TICKETS, [at("2026-02-12 04:00"), None, at("2026-02-12 05:00")])
    assert marked() == ["2026-02-11", "2026-02-12"]


def test_instants_may_be_epoch_seconds():
    dirty.mark_instants(dirty.ANSWERS, np.array([MISSING, epoch(at("2026-02-12 04:00"))]))
    assert marked(dirty.ANSWERS) == ["2026-02-12"]


def test_a_ticket_marks_every_day_on_which_it_counts():
    ticket = TicketFactory(
        created_at="2026-03-01T10:00Z",
        first_agent_reply_at="2026-03-02T10:00Z",
        first_solved_at="2026-03-03T10:00Z",
        solved_at="2026-03-04T10:00Z",
        closed_at="2026-03-05T10:00Z",
        target_due_at="2026-03-06T10:00Z",
        satisfaction_score=4,
        satisfaction_at="2026-03-07T10:00Z",
    )
    TicketEventFactory(ticket=ticket, kind="reopen", at="2026-03-08T10:00Z")
    TicketEventFactory(ticket=ticket, kind="note", at="2026-03-09T10:00Z")
    dirty.mark_tickets([ticket.pk])
    assert marked() == [f"2026-03-0{number}" for number in (1, 2, 3, 4, 5, 6, 8)]
    assert marked(dirty.ANSWERS) == ["2026-03-07"]


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-03-04T10:00Z", ["2026-03-03", "2026-03-04"]),
        ("2026-03-10T10:00Z", ["2026-03-03", "2026-03-10"]),
        ("2026-03-11T10:00Z", ["2026-03-11"]),
        ("2026-03-02T10:00Z", ["2026-03-02"]),
    ],
)
def test_a_ticket_marks_the_solve_that_it_may_turn_into_a_first_contact_of_two(created, expected):
    customer = CustomerFactory()
    TicketFactory(customer=customer, solved_at="2026-03-03T10:00Z")
    TicketFactory(customer=CustomerFactory(), solved_at="2026-03-01T10:00Z")
    dirty.mark_tickets([TicketFactory(customer=customer, created_at=created).pk])
    assert marked() == expected


def test_answer_of_an_employee_marks_the_local_day_of_its_invitation(time_machine):
    organisation(time_zone="Asia/Tokyo")
    time_machine.move_to("2026-03-01T20:00Z")
    invitation = InvitationFactory(survey__kind="esat")
    time_machine.move_to("2026-03-03T10:00Z")
    answers.record(invitation, Given(score=2))
    assert dirty.take_over_survey_changes()
    assert marked(dirty.INVITATIONS) == ["2026-03-02", "2026-03-03"]


def test_survey_changes_are_taken_over_once(time_machine):
    survey = SurveyFactory(lock_after_days=30)
    time_machine.move_to("2026-03-01T10:00Z")
    invitation = InvitationFactory(survey=survey)
    time_machine.move_to("2026-03-03T10:00Z")
    answers.record(invitation, Given(score=2))
    assert dirty.take_over_survey_changes()
    assert (marked(dirty.INVITATIONS), marked(dirty.ANSWERS)) == (
        ["2026-03-01", "2026-03-03"],
        ["2026-03-01", "2026-03-03"],
    )
    assert not FactChange.objects.exists()
    assert not dirty.take_over_survey_changes()


def test_an_answer_replaces_older_ones_and_the_score_of_its_ticket():
    survey = SurveyFactory()
    ticket = TicketFactory(satisfaction_score=1, satisfaction_scale=5, satisfaction_at="2026-03-01T10:00Z")
    about = {"survey": survey, "ticket": ticket.external_id, "ticket_source": "test"}
    dirty.mark_tickets([ticket.pk])
    assert csat() == [1, 0, 0]
    AnswerFactory(**about, answered_at="2026-03-02T10:00Z")
    answers.journal([at("2026-03-02 10:00")])
    assert csat() == [0, 1, 0]
    AnswerFactory(**about, answered_at="2026-03-03T10:00Z")
    answers.journal([at("2026-03-03 10:00")])
    assert csat() == [0, 0, 1]


def csat():
    rollups.recompute()
    period = {"start": day("2026-03-01"), "end": day("2026-03-04")}
    return [point.n for point in figures(Question(code="csat", grain=Grain.DAY, **period)).points]
