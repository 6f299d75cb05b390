import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kpiproject.lib.tokens import new_token
from kpiproject.models import Organisation
from surveys import answers, queries, tallies, tally_marks
from surveys.models import Answer, FactChange, Tally, TallyMark, TallyState
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, ask, days, give

pytestmark = pytest.mark.django_db


def hand_on() -> None:
    """What whoever computes figures does with the journal."""
    answers.forget_changes([pk for pk, _at in queries.fact_changes(10_000)])


def stored() -> list[tuple[object, ...]]:
    return sorted(Tally.objects.values_list("survey_id", "day", "dimension", "member", "n", "good", "bad", "total"))


def overall() -> dict[date, int]:
    return dict(Tally.objects.filter(dimension="").values_list("day", "n"))


def test_first_sweep_counts_everything_there_is():
    survey = SurveyFactory()
    give(survey, [5, 1])
    give(survey, [4], at=NOON + days(40))
    ask(survey, 3, at=NOON + days(2))
    FactChange.objects.all().delete()
    tallies.sweep(seconds=60)
    assert overall() == {date(2026, 3, 2): 2, date(2026, 4, 11): 1}
    assert list(Tally.objects.filter(dimension="stage").values_list("day", "member", "n")) == [
        (date(2026, 3, 4), "sent", 3)
    ]
    assert (TallyMark.objects.count(), TallyState.objects.get().zone) == (0, "UTC")


def test_sweep_replaces_the_marked_days_only():
    survey = SurveyFactory()
    give(survey, [5])
    give(survey, [5], at=NOON + days(1))
    tallies.sweep(seconds=60)
    hand_on()
    tallies.sweep(seconds=60)
    Answer.objects.filter(answered_at=NOON).update(score=1, standing=-1)  # nobody was told
    give(survey, [1], at=NOON + days(1))
    hand_on()
    tallies.sweep(seconds=60)
    found = Tally.objects.filter(dimension="").order_by("day").values_list("n", "good", "bad")
    assert list(found) == [(1, 1, 0), (2, 1, 1)]


def test_second_sweep_changes_nothing():
    give(SurveyFactory(), [5, 3], team="Billing")
    tallies.sweep(seconds=60)
    hand_on()
    tallies.sweep(seconds=60)
    once = stored()
    tally_marks.note([(NOON, "")])
    assert tallies.sweep(seconds=60) == 2  # answers and invitations of the day
    assert (stored(), tallies.sweep(seconds=60)) == (once, 0)


def test_order_of_marks_does_not_matter():
    surveys = [SurveyFactory(), SurveyFactory(kind="nps")]
    tallies.sweep(seconds=60)
    changes = [(survey, NOON + days(number)) for survey in surveys for number in range(12)]
    random.Random(7).shuffle(changes)
    for survey, at in changes:
        give(survey, [3], at=at)
        if at.day % 3 == 0:
            hand_on()
            tallies.sweep(seconds=60)
    hand_on()
    tallies.sweep(seconds=60)
    step_by_step = stored()
    Tally.objects.all().delete()
    TallyState.objects.update(zone="")
    tallies.sweep(seconds=60)
    assert stored() == step_by_step


def test_nothing_is_counted_while_somebody_else_counts():
    give(SurveyFactory(), [5])
    TallyState.objects.create(pk=1, lease_token=new_token(), lease_until=timezone.now() + timedelta(minutes=1))
    assert (tallies.sweep(seconds=60), stored()) == (0, [])
    TallyState.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert tallies.sweep(seconds=60) > 0


def test_whoever_lost_the_lease_writes_nothing(monkeypatch):
    survey = SurveyFactory()
    give(survey, [5])
    tallies.sweep(seconds=60)
    before = stored()
    give(survey, [1])
    hand_on()
    facts = tallies._facts

    def slow(*args):
        found = facts(*args)
        TallyState.objects.update(lease_token="another", lease_until=timezone.now() + timedelta(minutes=1))
        return found

    monkeypatch.setattr(tallies, "_facts", slow)
    assert (tallies.sweep(seconds=0.2), stored(), TallyMark.objects.count()) == (0, before, 1)


def test_change_while_a_day_is_counted_is_counted_next(monkeypatch):
    survey = SurveyFactory()
    tallies.sweep(seconds=60)
    give(survey, [5])
    hand_on()
    facts = tallies._facts
    late: list[int] = []

    def meanwhile(*args):
        found = facts(*args)
        if not late:
            late.append(give(survey, [4]))
            hand_on()
        return found

    monkeypatch.setattr(tallies, "_facts", meanwhile)
    tallies.sweep(seconds=60)
    assert overall() == {date(2026, 3, 2): 2}


def test_another_zone_counts_everything_anew():
    survey = SurveyFactory()
    give(survey, [5], at=NOON + timedelta(hours=11, minutes=30))
    tallies.sweep(seconds=60)
    assert overall() == {date(2026, 3, 2): 1}
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    tallies.sweep(seconds=60)
    assert overall() == {date(2026, 3, 3): 1}


def test_journal_is_handed_on_by_the_quarter_of_an_hour():
    answers.journal([NOON + timedelta(minutes=n) for n in range(31)], FactChange.About.ANSWER)
    hand_on()
    assert list(TallyMark.objects.values_list("at", "about")) == [
        (NOON + timedelta(minutes=n), "answer") for n in (0, 15, 30)
    ]


def test_days_take_as_many_queries_for_many_answers_as_for_one(django_assert_num_queries):
    survey = SurveyFactory()
    tallies.sweep(seconds=60)
    for count in (1, 30):
        give(survey, [5] * count, team="Billing")
        hand_on()
        with django_assert_num_queries(40, exact=False):
            tallies.sweep(seconds=60)
