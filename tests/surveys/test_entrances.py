from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import answers, entrances
from surveys.answers import Given
from surveys.models import Answer
from tests.factories import AnswerFactory, EntranceFactory, SurveyFactory

pytestmark = pytest.mark.django_db


def test_entrance_is_found_by_its_kind_and_token_only(django_assert_num_queries):
    kiosk = EntranceFactory(kind="kiosk")
    with django_assert_num_queries(1):
        assert entrances.find("kiosk", kiosk.token).survey == kiosk.survey
    assert entrances.find("widget", kiosk.token) is None
    with django_assert_num_queries(0):
        assert entrances.find("kiosk", "short") is None


@pytest.mark.parametrize("kind", ["kiosk", "widget", "code"])
def test_answer_counts_under_the_place_it_came_by(kind):
    entrance = EntranceFactory(kind=kind, team="Till", channel="shop")
    answer = answers.record_public(entrance.survey, Given(score=4), entrances.way_in(entrance))
    assert (answer.origin, answer.entrance, answer.team, answer.channel) == (kind, entrance, "Till", "shop")


def test_place_of_an_employee_is_the_team_at_most():
    entrance = EntranceFactory(survey__kind="esat", kind="kiosk", team="Till", channel="canteen")
    answer = answers.record_public(entrance.survey, Given(score=4), entrances.way_in(entrance))
    assert (answer.team, answer.channel, answer.contact, answer.invitation) == ("Till", "", None, None)


def test_two_answers_by_one_kiosk_have_nothing_in_common_but_the_place():
    entrance = EntranceFactory(kind="kiosk")
    for _person in range(2):
        answers.record_public(entrance.survey, Given(score=4), entrances.way_in(entrance))
    assert Answer.objects.values("form_key").distinct().count() == 2


def test_new_address_replaces_the_old_one():
    entrance = EntranceFactory()
    old = entrance.token
    entrances.renew_address(entrance)
    entrance.refresh_from_db()
    assert entrances.find("code", old) is None
    assert entrances.find("code", entrance.token) == entrance


def test_switched_off_and_on():
    entrance = EntranceFactory()
    for is_active in (False, True):
        entrances.switch(entrance, is_active=is_active)
        entrance.refresh_from_db()
        assert entrance.is_active == is_active


def test_counts_are_of_the_last_thirty_days():
    now = timezone.now()
    survey = SurveyFactory()
    busy, quiet = EntranceFactory(survey=survey), EntranceFactory(survey=survey)
    for days in (0, 29, 31):
        AnswerFactory(survey=survey, entrance=busy, answered_at=now - timedelta(days=days))
    AnswerFactory(survey=survey, answered_at=now)
    assert entrances.counts(survey, [busy, quiet], now=now) == {busy.pk: 2, quiet.pk: 0}


def test_of_employees_no_counts_are_told():
    entrance = EntranceFactory(survey__kind="enps")
    answers.record_public(entrance.survey, Given(score=9), entrances.way_in(entrance))
    assert entrances.counts(entrance.survey, [entrance], now=timezone.now() + timedelta(days=2)) == {}
