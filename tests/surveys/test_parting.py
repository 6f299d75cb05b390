"""Answers of employees on days that are over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from surveys import answers, parting, search, tallies, tasks
from surveys.answers import Given, Said
from surveys.models import Answer, FactChange, Reply, Survey, Tally, TallyMark, TallyState
from tests.factories import InvitationFactory, QuestionFactory, SurveyFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST = 40


@pytest.fixture
def survey() -> Survey:
    return SurveyFactory(kind="esat", slug="team", has_public_link=True)


def answer_all(survey: Survey, *, at: datetime = MONDAY) -> None:
    """One after the other, in the order of their invitations; every second one says more."""
    asked = QuestionFactory(survey=survey, kind="short")
    for number in range(MOST):
        replies = {asked.pk: Said(text=f"more {number}")} if number % 2 else {}
        given = Given(score=1 + number % 5, comment=f"word{number}", replies=replies, form_key=f"{number:022}")
        answers.record(InvitationFactory(survey=survey, team="Billing"), given, now=at)


def said() -> set[tuple[object, ...]]:
    return set(Answer.objects.values_list("score", "standing", "comment", "team", "answered_at", "replies__text"))


def order() -> list[str]:
    return list(Answer.objects.order_by("id").values_list("comment", flat=True))


def test_order_and_keys_go_and_everything_that_was_said_stays(survey: Survey) -> None:
    answer_all(survey)
    before, came, ids = said(), order(), set(Answer.objects.values_list("pk", flat=True))
    replied = list(Reply.objects.order_by("id").values_list("text", flat=True))
    assert parting.part(MONDAY + timedelta(days=2)) == MOST
    assert said() == before
    assert (order() != came, sorted(order()) == sorted(came)) == (True, True)
    assert not ids & set(Answer.objects.values_list("pk", flat=True))
    assert set(Answer.objects.values_list("form_key", flat=True)) == {""}
    again = list(Reply.objects.order_by("id").values_list("text", flat=True))
    assert (again != replied, sorted(again) == sorted(replied)) == (True, True)


def test_second_run_changes_nothing(survey: Survey) -> None:
    answer_all(survey)
    parting.part(MONDAY + timedelta(days=2))
    before = list(Answer.objects.order_by("id").values_list("pk", "comment"))
    assert parting.part(MONDAY + timedelta(days=3)) == 0
    assert list(Answer.objects.order_by("id").values_list("pk", "comment")) == before


def test_what_can_still_be_changed_and_what_customers_said_is_left_alone(survey: Survey) -> None:
    answers.record(InvitationFactory(survey=survey), Given(score=4, form_key="k" * 22), now=MONDAY)
    shop = SurveyFactory(has_public_link=True)
    answers.record_public(shop, Given(score=4, form_key="s" * 22), now=MONDAY)
    answers.record(InvitationFactory(survey=shop), Given(score=4), now=MONDAY)
    before = list(Answer.objects.order_by("id").values_list("pk", "form_key"))
    assert parting.part(MONDAY.replace(hour=0) + timedelta(hours=30)) == 0
    assert list(Answer.objects.order_by("id").values_list("pk", "form_key")) == before
    assert parting.part(MONDAY + timedelta(days=60)) == 1
    assert list(Answer.objects.filter(survey=shop).values_list("pk", "form_key")) == before[1:]


def test_days_count_as_before_and_words_are_found(survey: Survey) -> None:
    answer_all(survey)
    answers.forget_changes(list(FactChange.objects.values_list("pk", flat=True)))
    tallies.sweep(seconds=30)
    values = [field.name for field in Tally._meta.concrete_fields if field.name != "id"]
    before = sorted(map(str, Tally.objects.values_list(*values)))
    parting.part(MONDAY + timedelta(days=2))
    assert (FactChange.objects.count(), TallyMark.objects.count()) == (0, 0)
    TallyState.objects.update(zone="")  # everything is counted anew
    tallies.sweep(seconds=30)
    assert sorted(map(str, Tally.objects.values_list(*values))) == before != []
    assert search.matching(Answer.objects.all(), "word17").get().comment == "word17"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="other databases keep no number of the transaction")
def test_all_rows_are_of_one_transaction(survey: Survey) -> None:
    answer_all(survey)
    parting.part(MONDAY + timedelta(days=2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_answer")
        assert cursor.fetchone() == (1,)


def test_page_of_an_answer_that_was_parted_changes_nothing(client: Client, survey: Survey) -> None:
    invitation = InvitationFactory(survey=survey)
    answers.record(invitation, Given(score=4, form_key="k" * 22), now=MONDAY)
    with time_machine.travel(MONDAY + timedelta(days=2)):
        tasks.part_employees()
        sent = client.post(f"/s/{invitation.token}/", {"score": "1", "form_key": "k" * 22})
    assert (sent.status_code, Answer.objects.get().score) == (410, 4)


def test_it_is_done_every_day() -> None:
    assert settings.CELERY_BEAT_SCHEDULE[tasks.part_employees.name]["schedule"] == timedelta(days=1).total_seconds()
