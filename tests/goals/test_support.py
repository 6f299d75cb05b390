from datetime import timedelta

import pytest
import time_machine

from goals import support, tasks
from goals.models import SupportHint
from kpiproject.models import Mail
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.goals import recognised
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def unhappy(*hours_ago, agent="ada", **other):
    for hours in hours_ago:
        AnswerFactory(score=1, agent=agent, answered_at=NOW - timedelta(hours=hours), **other)


# --- Hard days
@pytest.mark.parametrize(
    ("hours", "expected"),
    [([1, 5, 23], 1), ([1, 1, 1], 1), ([1, 5], 0), ([1, 5, 24], 0), ([1, 2, 3, 4, 5, 6], 1)],
)
def test_three_unhappy_answers_within_a_day_are_a_hint(hours, expected):
    recognised.agent()
    unhappy(*hours)
    assert len(support.notice(NOW)) == expected
    assert SupportHint.objects.count() == expected


def test_happy_and_middling_answers_answers_of_employees_and_those_about_nobody_are_none():
    recognised.agent()
    for score in (3, 4, 5):
        AnswerFactory(score=score, agent="ada", answered_at=NOW - timedelta(hours=1))
    unhappy(1, 2, 3, survey=SurveyFactory(kind="esat"))
    unhappy(1, 2, 3, agent="")
    unhappy(1, 2, 3, agent="somebody unknown")
    assert support.notice(NOW) == []


def test_managers_are_told_once_in_one_mail_without_any_number_and_nobody_else():
    managers = [ManagerFactory(name="Mara"), ManagerFactory(name="Jon")]
    StaffFactory()
    ManagerFactory(is_active=False)
    recognised.agent()
    recognised.agent("Bob Ray")
    unhappy(1, 2, 3)
    unhappy(1, 2, 3, agent="bob")
    support.notice(NOW)
    assert support.notice(NOW + timedelta(minutes=10)) == []
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == sorted(one.email for one in managers)
    letter = Mail.objects.first()
    assert "* Ada Byron" in letter.text
    assert "* Bob Ray" in letter.text
    body = letter.text.partition("http")[0]
    assert not any(character.isdigit() for character in body)


def test_a_new_hint_needs_three_new_answers():
    recognised.agent()
    unhappy(1, 2, 3)
    support.notice(NOW)
    later = NOW + timedelta(hours=13)
    AnswerFactory(score=1, agent="ada", answered_at=later)
    assert support.notice(later) == []
    for minutes in (1, 2):
        AnswerFactory(score=1, agent="ada", answered_at=later - timedelta(minutes=minutes))
    assert [found.day for found in support.notice(later)] == [later.date()]


def test_hints_stay_until_somebody_has_talked_or_two_weeks_have_passed():
    manager, found = ManagerFactory(), recognised.hint()
    assert list(support.open_hints(NOW)) == [found]
    assert list(support.open_hints(NOW + timedelta(days=14))) == []
    assert support.settle(found.pk, by=manager, now=NOW)
    assert not support.settle(found.pk, by=ManagerFactory(), now=NOW)
    assert list(support.open_hints(NOW)) == []
    assert SupportHint.objects.get().settled_by == manager


# --- Long without thanks
def account(name="Ines", *, days=100, seen=1, **other):
    seen_at = None if seen is None else NOW - timedelta(days=seen)
    return StaffFactory(name=name, created_at=NOW - timedelta(days=days), last_login=seen_at, **other)


def test_whoever_is_active_and_was_not_thanked_for_sixty_days():
    waiting = account()
    account("New", days=59)
    account("Away", seen=61)
    account("Never", seen=None)
    account("Gone", is_active=False)
    thanked, praised, long_ago, of_team = account("T"), account("P"), account("A long time"), account("Z")
    recognised.thanks(thanked, at=NOW - timedelta(days=59))
    recognised.thanks(long_ago, at=NOW - timedelta(days=60))
    recognised.praise(praised, at=NOW - timedelta(days=1))
    recognised.praise(of_team, state="refused", at=NOW)
    assert support.without_thanks(NOW) == [long_ago, waiting, of_team]


def test_managers_are_reminded_once_a_week_at_most():
    manager = ManagerFactory()
    account()
    assert support.remind_of_gaps(NOW) == 1
    assert support.remind_of_gaps(NOW + timedelta(days=4)) == 0  # Sunday of the same week
    assert support.remind_of_gaps(NOW + timedelta(days=5)) == 1
    assert set(Mail.objects.values_list("recipient", flat=True)) == {manager.email}
    assert "* Ines" in Mail.objects.first().text


def test_without_anybody_in_the_gap_there_is_no_mail_and_none_about_oneself():
    ManagerFactory(created_at=NOW - timedelta(days=100), last_login=NOW)
    assert support.remind_of_gaps(NOW) == 0
    assert not Mail.objects.exists()


# --- Private
def test_hints_and_gaps_are_told_to_managers_who_may_know_and_to_nobody_else():
    mara = ManagerFactory()
    ManagerFactory(is_active=False)
    account("Staff")  # among those without thanks, and no reader
    recognised.agent(person=StaffFactory(email="ada@example.org"))
    unhappy(1, 2, 3)
    support.notice(NOW)
    support.remind_of_gaps(NOW)
    assert list(Mail.objects.order_by("kind").values_list("kind", "recipient")) == [
        ("support_hint", mara.email),
        ("thanks_gap", mara.email),
    ]


def test_neither_tells_a_score_or_a_number():
    ManagerFactory()
    account()
    recognised.agent()
    unhappy(1, 2, 3)
    support.notice(NOW)
    support.remind_of_gaps(NOW)
    hint, gap = Mail.objects.order_by("kind")
    about_ada = [line for line in hint.text.splitlines() if "Ada" in line]
    assert about_ada == ["* Ada Byron"]
    assert [line for line in gap.text.splitlines() if "Ines" in line] == ["* Ines"]


@pytest.mark.parametrize("path", ["/", "/thanks/", "/goals/", "/reviews/", "/reviews/actions/", "/follow-ups/"])
def test_no_page_of_staff_shows_either(client, path):
    recognised.hint()
    account("Ines Without")
    client.force_login(StaffFactory(name="Jon"))
    page = client.get(path, follow=True).content.decode()
    assert SupportHint.objects.get().agent.name not in page
    assert "Without thanks" not in page


def test_the_worker_sends_what_it_has_written_and_nothing_else(monkeypatch):
    nudged = []
    monkeypatch.setattr(tasks, "nudge", lambda task: nudged.append(task.name))
    ManagerFactory()
    tasks.look_after_people()
    assert nudged == []
    recognised.agent()
    unhappy(1, 2, 3)
    tasks.look_after_people()
    assert nudged == ["kpiproject.sweep_mail"]
    tasks.look_after_people()
    assert len(nudged) == 1
