"""The demonstration company: the same for a given day, complete, and harmless when built twice."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db.models import F, Q
from django.utils import timezone

from goals import guardrails
from goals.models import Action, Alarm, AlarmNotice, Alert, CheckIn, Decision, Goal, ReportRun, Review, StatusChange
from kpiproject.front.demo import (
    alarms,
    build,
    closing,
    comments,
    company,
    goals,
    house,
    manual,
    milestones,
    people,
    tickets,
    timeline,
)
from kpiproject.front.demo.surveys import SurveyHistory
from kpiproject.front.demo.tickets import TicketHistory
from kpiproject.front.demo.timeline import Step
from kpiproject.lib.periods import day_start, zone_info
from kpiproject.lib.worktime import WorkTime
from kpiproject.models import Mail, User
from manual import editions, followers, passphrases, rendering, shares
from manual.models import Edition, SectionVersion, Share
from metrics.catalogue import CATALOGUE
from metrics.models import DirtyDay, ImportRun, ServiceTarget, Ticket, TicketEvent
from metrics.queries import Question, figures
from surveys.models import Answer, FollowUp, FollowUpTelling, Invitation, Survey
from tests.factories import GoalFactory
from tests.goals import measured

TODAY = date(2026, 11, 23)
NOW = day_start(TODAY, company.ZONE)


def drawn():
    return TicketHistory(NOW, TODAY, WorkTime(company.WEEK, company.ZONE)).rows


@pytest.fixture(scope="module")
def rows():
    return drawn()


def test_there_are_tickets_enough_and_the_same_for_a_given_day(rows):
    assert len(rows) > 20_000
    assert drawn() == rows
    assert (rows[0]["created_at"] >= "2025-05-23", rows[-1]["created_at"] < "2026-11-23") == (True, True)


def test_nothing_has_happened_yet_that_lies_in_the_future(rows):
    instants = [str(row[name]) for row in rows for name in row if name.endswith("_at") and row[name]]
    assert max(datetime.fromisoformat(text) for text in instants) <= NOW


def test_events_of_a_ticket_come_in_order(rows):
    trail = list(tickets.events(rows[:3000]))
    assert len(trail) > 9000
    for one, other in pairwise(trail):
        assert one["ticket"] != other["ticket"] or str(one["at"]) <= str(other["at"])


def test_answers_lie_on_their_scales(rows):
    history = SurveyHistory(rows, NOW)
    for past, low, high in ((history.csat(), 1, 5), (history.ces(), 1, 7), (history.nps(), 0, 10)):
        scores = Counter(one.score for one in past)
        assert {high, high - 1} <= set(scores) - {None} <= set(range(low, high + 1))


def test_no_address_can_be_reached():
    assert {people.email_of(number).rpartition(".")[2] for number in range(people.COUNT)} == {"example"}


@pytest.fixture
def small(monkeypatch):
    """Five weeks instead of eighteen months."""
    monkeypatch.setattr(tickets, "DAYS", 35)


@pytest.mark.django_db
def test_a_clock_that_was_set_back_goes_on_afterwards():
    """In order of time, without what lies ahead, also when a step fails."""
    seen = []
    with time_machine.travel(NOW, tick=False):
        ahead, long_ago, lately = (NOW + timedelta(days=days) for days in (1, -300, -2))
        note = lambda at: seen.append((at, timezone.now()))  # noqa: E731 (one line, used here only)
        timeline.play([Step(at=at, do=note) for at in (ahead, lately, long_ago)], lambda _share: None)
        assert seen == [(long_ago, long_ago), (lately, lately)]
        with timeline.standing_at(long_ago):
            assert Mail().created_at == long_ago
        assert Mail().created_at == NOW
        with pytest.raises(ZeroDivisionError):
            timeline.play([Step(at=lately, do=lambda _at: 1 / 0)], lambda _share: None)
        assert timezone.now() == NOW


def test_customers_say_many_things():
    said = [words for topics in comments.COMMENTS.values() for group in topics.values() for words in group]
    assert len(said) == len(set(said)) > 60
    assert all(topic in company.TOPICS for topics in comments.COMMENTS.values() for topic in topics if topic)


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
def test_built_twice_is_built_once():
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        build.build(lambda _what, _share: None)
        first = counts()
        build.build(lambda _what, _share: None)
        assert counts() == first
        assert build.is_built()
        check_what_people_did()
        assert [(run.created, run.unchanged, run.rejected) for run in ImportRun.objects.order_by("-id")[:1]] == [
            (0, 5, 3)
        ]
        assert not DirtyDay.objects.exists()
        volume = figures(Question(code="ticket_volume")).points[0]
        assert volume.n + sum(volume.excluded.values()) == Ticket.objects.count()


MODELS = (
    Ticket, TicketEvent, Invitation, Answer, Mail, Goal, StatusChange, Review, ReportRun, Edition, Share, Alert, Alarm,
    AlarmNotice,
)  # fmt: skip


def counts():
    return [model.objects.count() for model in MODELS]


def check_what_people_did():
    """Of goals only their number and their people: five weeks are too few to judge them."""
    assert Goal.objects.exclude(kpi="").count() == len(goals.SPECS)
    assert list(Goal.objects.filter(kpi="").values_list("statement", "status")) == [(milestones.STATEMENT, "on_track")]
    assert not Goal.objects.filter(Q(reviewer=F("owner")) | Q(reviewer=None) | Q(review_cadence="")).exists()
    assert not [
        goal for goal in Goal.objects.filter(guardrail="").exclude(kpi="") if guardrails.is_needed(CATALOGUE[goal.kpi])
    ]
    assert list(Review.objects.values_list("state", flat=True)) == ["held", "held", "planned", "planned"]
    check_what_was_agreed()
    assert [run.deliveries.count() for run in ReportRun.objects.order_by("id")] == [3, 2, 3, 2, 3, 2]
    assert not ReportRun.objects.exclude(problem="").exists()
    first, second = Edition.objects.order_by("number")
    assert (first.as_of.date(), second.as_of.date()) == (date(2026, 9, 30), date(2026, 11, 19))
    promised = [
        edition.figures[f"target:{target.pk}"]["words"] for target in first_answers() for edition in (first, second)
    ]
    assert promised == [
        f"{hours} h of business time, channel: {name}" for name in ("email", "social") for hours in "84"
    ]
    assert [len(goals_in(edition)) for edition in (first, second)] == [10, 11]
    assert not SectionVersion.objects.filter(version=1, at__gte=first.published_at).exists()
    assert all(editions.verify(edition) for edition in (first, second))
    assert [shares.state(share).value for share in Share.objects.order_by("id")] == ["revoked", "open", "open"]
    check_what_is_shared()
    assert not Survey.objects.filter(status="open", owner=None).exists()
    check_follow_ups()
    check_alarms()


def check_what_is_shared():
    """The passphrase that is printed opens a part of the manual, with figures and a picture in its prose."""
    share = manual.protected_share()
    assert passphrases.is_right(share, house.passphrase())
    (follower,) = share.followers.all()
    assert followers.follows(follower)
    outside = rendering.for_outsiders(share.edition, share.sections)
    assert [anchor for anchor, _number, _title in outside.manual.places] == [
        slug for slug in (place[0] for place in rendering.of_edition(share.edition).places) if slug in share.sections
    ]
    assert len(outside.pictures) == 1
    assert "{{" not in outside.manual.body


def check_alarms():
    """One is open; whoever was told of one was told on a working day by a mail that left then."""
    assert Alarm.objects.filter(ended_at__isnull=True).exists()
    notices = AlarmNotice.objects.select_related("mail")
    assert all(one.mail.created_at == one.at == one.mail.sent_at for one in notices)
    assert not [one for one in notices if one.at.astimezone(zone_info(company.ZONE)).weekday() > 4]


@pytest.mark.parametrize(
    ("code", "values", "past", "now"),
    [
        ("csat", [90, 80, 88, 89, 91], 84.0, 92.0 - 0.5),
        ("csat", [90, 91, 88, 89, 80], None, 84.0),
        ("csat", [90, 80, 80, 89, 88], None, 88.5),
        ("csat", [90, 80], None, 85.0),
        ("reopen_rate", [-4, -9, -5, -3, -4.5], 7.0, 4.2),
    ],
)
def test_limits_are_found_in_the_figures(code, values, past, now):
    """Past the first lies one bad week that is over; past the second the last one. Of lower is better the negative."""
    assert alarms._limit_of_the_past(code, values) == past
    assert alarms._limit_of_now(code, values) == pytest.approx(now, abs=0.06)


def check_what_was_agreed():
    assert Decision.objects.count() == 5
    assert sorted(Action.objects.values_list("state", flat=True)) == ["done"] * 3 + ["open"] * 3
    assert Action.objects.filter(state="open", due__lt=date(2026, 11, 23)).count() == 1
    said = CheckIn.objects.select_related("goal")
    assert {one.goal.kpi for one in said} >= {"csat", "reopen_rate", "survey_response_rate"}
    assert all(one.goal.start <= one.at.date() <= one.goal.due for one in said)


def check_follow_ups():
    """Each unhappy customer of the last weeks is told of a minute after the answer came, by a mail that left then."""
    told = FollowUpTelling.objects.filter(note__kind="opened").select_related("note", "mail")
    assert {one.at - one.note.at for one in told if one.at - one.note.at < timedelta(minutes=2)} == {
        timedelta(minutes=1)
    }
    assert all(one.mail.created_at == one.at == one.mail.sent_at for one in told)
    assert {"new", "taken", "contacted", "resolved"} <= set(FollowUp.objects.values_list("state", flat=True))
    alerts = Alert.objects.select_related("follow_up")
    # An older limit is of a follow-up that was told of before its customer was unhappy again.
    latest = alerts.filter(limit=F("follow_up__escalate_at"))
    assert all(alert.at == alert.follow_up.escalated_at for alert in latest)
    assert all(alert.at >= alert.limit for alert in alerts)
    assert not FollowUp.objects.filter(closed_at__isnull=False, contacted_at__isnull=True, is_reachable=True).exists()


def goals_in(edition):
    return [name for name in edition.figures if name.startswith("goal:") and name.endswith(".target")]


def first_answers():
    return ServiceTarget.objects.filter(name__in=house.FIRST_ANSWERS.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "outcome", "target"), [(84, "missed", 90.0), (92, "achieved", 98.0)])
def test_the_goal_that_has_ended_is_followed_by_one_that_runs(now, outcome, target):
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        measured.house()
        measured.weeks("csat", [now] * 13)
        ended = GoalFactory(status=outcome, value=now, baseline=86.0, target=90.0 if now < 90 else 92.0)
        closing.close(ended, by=ended.owner, now=timezone.now())
    ended.refresh_from_db()
    following = ended.close_out.next_goal
    assert (ended.close_out.outcome, ended.close_out.worked) == (outcome, closing.LEARNED.worked)
    assert (following.state, following.baseline, following.target) == ("active", now, target)
    assert following.statement.replace("\u00a0", " ") == f"Half of all requests are solved within {target} %"


@pytest.mark.django_db
def test_passwords_are_told_again_as_long_as_the_people_exist(settings, tmp_path):
    settings.VAR = tmp_path
    logins = house.people_who_log_in()
    assert house.people_who_log_in() == logins
    assert [User.objects.get(email=email).check_password(password) for email, password in logins.items()] == [True] * 2
    assert [User.objects.get(email=email).is_manager for email in logins] == [True, False]
    assert house.logins_file().stat().st_mode & 0o777 == 0o600
