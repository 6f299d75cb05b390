"""Which answers open a follow-up, which are appended to one, and what is noted when customers change their mind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from kpiproject.models import User
from surveys import answers, follow_up_steps, follow_ups
from surveys.answers import Given, WayIn
from surveys.history import Past, load
from surveys.models import Answer, FactChange, FollowUp, FollowUpAnswer, FollowUpNote, FollowUpRules
from tests.factories import (
    AnswerFactory,
    CalendarFactory,
    ContactFactory,
    InvitationFactory,
    ManagerFactory,
    SurveyFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def owner() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org", time_zone="UTC")


def unhappy(owner: User | None = None, *, kind: str = "csat", score: int = 2, **fields: Any) -> Answer:
    survey = fields.pop("survey", None) or SurveyFactory(kind=kind, owner=owner)
    return AnswerFactory(survey=survey, score=score, **{"answered_at": AN_HOUR_AGO} | fields)


def happened(follow_up: FollowUp | None = None) -> list[tuple[str, str]]:
    rows = FollowUpNote.objects.order_by("at", "id")
    return list((rows.filter(follow_up=follow_up) if follow_up else rows).values_list("kind", "text"))


def linked() -> list[tuple[int, int]]:
    return sorted(FollowUpAnswer.objects.values_list("answer", "follow_up"))


# --- Of what ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "scale", "opened_by"),
    [
        ("csat", (1, 5), [1, 2]),
        ("csat", (1, 3), [1]),
        ("csat", (1, 10), [1, 2, 3, 4, 5, 6]),
        ("csat", (1, 6), []),  # nobody has published what is bad
        ("csat", (0, 4), [0, 1]),
        ("nps", (0, 10), [0, 1, 2, 3, 4, 5, 6]),
        ("nps", (1, 11), []),
        ("ces", (1, 7), [1, 2, 3]),
        ("ces", (1, 5), [1, 2]),
        ("esat", (1, 5), []),
        ("enps", (0, 10), []),
    ],
)
def test_bad_group_of_every_scale(owner: User, kind: str, scale: tuple[int, int], opened_by: list[int]) -> None:
    low, high = scale
    survey = SurveyFactory(kind=kind, owner=owner, scale_min=low, scale_max=high)
    for score in range(low, high + 1):
        unhappy(survey=survey, score=score)
    assert follow_ups.open_for_unhappy(NOW) == len(opened_by)
    assert sorted(FollowUpAnswer.objects.values_list("answer__score", flat=True)) == opened_by
    assert FollowUp.objects.count() == len(opened_by)


def test_thresholds_of_the_survey_decide_where_effort_is_bad(owner: User) -> None:
    survey = SurveyFactory(kind="ces", owner=owner, lower_is_better=True, has_public_link=True)
    for score in range(1, 8):
        answers.record_public(survey, Given(score=score), now=AN_HOUR_AGO)
    follow_ups.open_for_unhappy(NOW)
    assert sorted(FollowUpAnswer.objects.values_list("answer__score", flat=True)) == [5, 6, 7]


@pytest.mark.parametrize(
    ("answered", "changed", "is_opened"),
    [
        (timedelta(0), None, True),
        (timedelta(seconds=-1), None, False),
        (timedelta(hours=24), None, True),
        (timedelta(hours=24, seconds=1), None, False),
        (timedelta(days=6), timedelta(hours=24), True),
        (timedelta(days=6), timedelta(hours=25), False),
    ],
)
def test_last_24_hours(owner: User, answered: timedelta, changed: timedelta | None, is_opened: bool) -> None:
    unhappy(owner, answered_at=NOW - answered, changed_at=changed and NOW - changed)
    assert follow_ups.open_for_unhappy(NOW) == int(is_opened)


def test_past_answers_that_are_loaded_open_none_unless_they_are_of_today(owner: User) -> None:
    survey = SurveyFactory(owner=owner)
    rows = [
        Past(email=f"c{days}@example.com", sent_at=at, cause=str(days), score=1, answered_at=at)
        for days in (0, 2, 40)
        for at in [AN_HOUR_AGO - timedelta(days=days)]
    ]
    load(survey, rows)
    follow_ups.open_for_unhappy(NOW)
    assert list(FollowUp.objects.values_list("contact__email", flat=True)) == ["c0@example.com"]


@pytest.mark.parametrize(
    ("said", "opened", "kinds"),
    [
        ([2], 1, ["opened"]),
        ([4], 0, []),
        ([3], 0, []),
        ([5, 1], 1, ["opened"]),
        ([1, 5], 0, []),  # thought better of it before the sweep
        ([2, "sweep", 1], 1, ["opened", "changed"]),
        ([5, "sweep", 2], 1, ["opened"]),
        ([2, "sweep", 5, "sweep", 1], 1, ["opened", "changed", "changed"]),
    ],
)
def test_changed_answers(owner: User, said: list[Any], opened: int, kinds: list[str]) -> None:
    invitation = InvitationFactory(survey=SurveyFactory(owner=owner), created_at=NOW)
    for minutes, what in enumerate([*said, "sweep", "sweep"]):
        now = NOW + timedelta(minutes=minutes)
        if what == "sweep":
            follow_ups.open_for_unhappy(now)
            follow_ups.note_changes(now)
        else:
            answers.record(invitation, Given(score=what, comment=f"said after {minutes} minutes"), now=now)
    assert FollowUp.objects.count() == opened
    assert [kind for kind, _text in happened()] == kinds


def test_what_was_changed_stands_in_the_history(owner: User) -> None:
    invitation = InvitationFactory(survey=SurveyFactory(owner=owner), created_at=NOW)
    answers.record(invitation, Given(score=2, comment="Bad."), now=NOW)
    follow_ups.open_for_unhappy(NOW)
    answers.record(invitation, Given(score=5), now=NOW + timedelta(minutes=5))
    follow_ups.note_changes(NOW + timedelta(minutes=6))
    assert happened()[1:] == [("changed", "no longer unhappy: 5 of 5: “Bad.”")]
    assert FollowUp.objects.get().state == "new"  # somebody may be glad of a call all the same
    assert follow_ups.note_changes(NOW + timedelta(minutes=7)) == 0


def test_who_becomes_unhappy_again_after_it_was_closed_makes_it_new(owner: User) -> None:
    invitation = InvitationFactory(survey=SurveyFactory(owner=owner), created_at=NOW)
    for minutes, score in enumerate([1, 5]):
        answers.record(invitation, Given(score=score), now=NOW + timedelta(minutes=minutes))
        follow_ups.open_for_unhappy(NOW + timedelta(minutes=minutes))
        follow_ups.note_changes(NOW + timedelta(minutes=minutes))
    follow_up = FollowUp.objects.get()
    follow_up_steps.contacted(follow_up.pk, by=owner, how="phone", now=NOW)
    follow_up_steps.resolve(follow_up.pk, by=owner, now=NOW)
    later = NOW + timedelta(hours=3)
    answers.record(invitation, Given(score=1, comment="No, it is not."), now=later)
    follow_ups.note_changes(later)
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.taken_at, follow_up.closed_at) == ("new", None, None)
    assert follow_up.due_at == later + timedelta(hours=24)
    assert follow_up.recoveries.get().reason == "reopened"


# --- What it holds ------------------------------------------------------------------------------------------------
def test_what_a_follow_up_keeps_of_its_answer(owner: User) -> None:
    CalendarFactory()
    contact = ContactFactory()
    context = {"ticket": "T-1", "ticket_source": "zendesk", "team": "Tier 1", "channel": "chat", "category": "bill"}
    answer = unhappy(owner, contact=contact, agent="Ada", answered_at=NOW.replace(hour=16), **context)
    follow_ups.open_for_unhappy(NOW + timedelta(hours=5))
    found = FollowUp.objects.get()
    assert {name: getattr(found, name) for name in context} == context
    assert (found.survey, found.contact, found.assignee, found.agent) == (answer.survey, contact, owner, "Ada")
    assert (found.state, found.is_reachable, found.opened_at) == ("new", True, NOW.replace(hour=16))
    assert (found.due_at, found.due_clock) == (datetime(2026, 3, 3, 16, tzinfo=UTC), "business")
    assert found.escalate_at == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert FactChange.objects.filter(at=found.one_day_at).exists()
    assert happened() == [("opened", "")]


@pytest.mark.parametrize(
    ("fields", "is_reachable"),
    [({}, False), ({"ticket": "T-1"}, True), ({"customer": "C-77"}, True), ({"channel": "shop"}, False)],
)
def test_answers_without_an_address_open_one_that_says_whether_there_is_anybody(
    owner: User, fields: dict[str, str], is_reachable: bool
) -> None:
    survey = SurveyFactory(owner=owner, has_public_link=True)
    answers.record_public(survey, Given(score=1), WayIn(origin="kiosk", context=fields), now=NOW)
    answers.record_public(survey, Given(score=5), WayIn(origin="kiosk", context=fields), now=NOW)
    assert follow_ups.open_for_unhappy(NOW) == 1
    found = FollowUp.objects.get()
    assert (found.contact, found.is_reachable) == (None, is_reachable)


# --- One for a customer -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "join_days", "follow_up_count"),
    [(0, 7, 1), (6.9, 7, 1), (7, 7, 1), (7.1, 7, 2), (2, 1, 2), (0.5, 1, 1)],
)
def test_later_answers_of_a_customer_are_appended_for_some_days(
    owner: User, days: float, join_days: int, follow_up_count: int
) -> None:
    FollowUpRules.objects.update_or_create(pk=1, defaults={"join_days": join_days})
    contact, later = ContactFactory(), NOW + timedelta(days=days)
    unhappy(owner, contact=contact, answered_at=NOW)
    follow_ups.open_for_unhappy(NOW)
    unhappy(owner, contact=contact, answered_at=later, comment="Again.", score=1)
    follow_ups.open_for_unhappy(later + timedelta(minutes=1))
    assert FollowUp.objects.count() == follow_up_count
    assert FollowUpAnswer.objects.count() == 2
    assert (("joined", "1 of 5: “Again.”") in happened()) == (follow_up_count == 1)


def test_two_addresses_of_one_person_are_one_customer(owner: User) -> None:
    ada, tagged, capital, bob = (
        ContactFactory(email=email)
        for email in ("ada@example.org", "ada+shop@example.org", "ADA+x@example.org", "bob@example.org")
    )
    unhappy(owner, contact=ada, answered_at=NOW)
    follow_ups.open_for_unhappy(NOW)
    for contact in (tagged, capital, bob):
        unhappy(owner, contact=contact, answered_at=NOW + timedelta(hours=1))
    follow_ups.open_for_unhappy(NOW + timedelta(hours=1))
    found = FollowUp.objects.order_by("id")
    assert [(one.contact, one.links.count()) for one in found] == [(ada, 3), (bob, 1)]


def test_answers_of_one_sweep_are_one_for_each_customer(owner: User) -> None:
    ann, ben = ContactFactory(), ContactFactory()
    given = [unhappy(owner, contact=contact) for contact in (ann, ben, ann, None, None)]
    by_name = [unhappy(owner, customer=name) for name in ("C-1", "C-1", "C-2")]
    assert follow_ups.open_for_unhappy(NOW) == 8
    groups: dict[int, list[Answer]] = {}
    for link in FollowUpAnswer.objects.select_related("answer").order_by("answer_id"):
        groups.setdefault(link.follow_up_id, []).append(link.answer)
    assert sorted(groups.values(), key=lambda found: found[0].pk) == [
        [given[0], given[2]],
        [given[1]],
        [given[3]],
        [given[4]],
        by_name[:2],
        by_name[2:],
    ]


def test_customer_who_complains_again_after_it_was_closed_makes_it_new(owner: User) -> None:
    contact = ContactFactory()
    unhappy(owner, contact=contact, answered_at=NOW)
    follow_ups.open_for_unhappy(NOW)
    follow_up = FollowUp.objects.get()
    follow_up_steps.contacted(follow_up.pk, by=owner, how="mail", now=NOW)
    follow_up_steps.give_up(follow_up.pk, by=owner, now=NOW)
    later = NOW + timedelta(days=3)
    unhappy(owner, contact=contact, answered_at=later, comment="Still.")
    follow_ups.open_for_unhappy(later)
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.assignee, follow_up.contacted_at) == ("new", owner, NOW)
    assert follow_up.due_at == later + timedelta(hours=24)
    assert FollowUpNote.objects.get(kind="joined").is_to_tell


# --- Exactly once -------------------------------------------------------------------------------------------------
def test_a_second_sweep_changes_nothing(owner: User) -> None:
    unhappy(owner, contact=ContactFactory())
    assert [follow_ups.open_for_unhappy(NOW) for _ in range(2)] == [1, 0]
    before = linked()
    follow_ups.open_for_unhappy(NOW + timedelta(hours=1))
    assert linked() == before


def test_all_or_nothing(owner: User, monkeypatch) -> None:
    unhappy(owner)

    def die(*_anything: object, **_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(answers, "journal", die)
        with pytest.raises(KeyboardInterrupt):
            follow_ups.open_for_unhappy(NOW)
    assert (FollowUp.objects.count(), FollowUpAnswer.objects.count(), FollowUpNote.objects.count()) == (0, 0, 0)
    assert follow_ups.open_for_unhappy(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_open_once(at_once) -> None:
    survey, contacts = SurveyFactory(owner=ManagerFactory()), ContactFactory.create_batch(4)
    for number in range(20):
        unhappy(survey=survey, contact=contacts[number % 4])

    def counts() -> tuple[int, int, int]:
        return FollowUp.objects.count(), FollowUpAnswer.objects.count(), FollowUpNote.objects.count()

    opened = at_once(*[lambda: follow_ups.open_for_unhappy(NOW)] * 4)
    assert sorted(opened) == [0, 0, 0, 20]
    assert at_once(counts) == [(4, 20, 20)]


# --- Quick --------------------------------------------------------------------------------------------------------
def test_quiet_sweep_asks_once_and_many_answers_cost_as_much_as_one(owner: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        follow_ups.open_for_unhappy(NOW)
    survey = SurveyFactory(owner=owner)
    costs = []
    for count in (1, 3):
        for _ in range(count):
            unhappy(survey=survey, contact=ContactFactory())
        connection.force_debug_cursor, before = True, len(connection.queries_log)
        follow_ups.open_for_unhappy(NOW)
        costs.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False
    assert costs[0] == costs[1]


def test_old_answers_are_not_read() -> None:
    survey = SurveyFactory()
    old = [
        Answer(
            survey=survey,
            kind="csat",
            score=1,
            scale_min=1,
            scale_max=5,
            standing=-1,
            answered_at=NOW - timedelta(hours=number),
        )
        for number in range(30, 5030)
    ]
    Answer.objects.bulk_create(old)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = follow_ups._unattended(NOW).explain()
    assert ("answer_when" in plan, "answer_changed" in plan) == (True, True), plan
