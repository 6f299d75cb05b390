"""Who is reminded of what when, each moment once, and never at night."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from kpiproject import mail
from kpiproject.models import Agent, Mail, User
from manual import acknowledgements, questions, reading_reminders
from manual.models import ReadingReminder
from metrics.models import AgentTime
from tests.factories import ManagerFactory, StaffFactory
from tests.manual.readers import FIRST, audience, published, question
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu"]


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org")


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def local(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def told() -> list[tuple[str, str, str, str]]:
    """Whom, of whom, what, on which day in UTC."""
    rows = ReadingReminder.objects.select_related("person", "recipient").order_by("id")
    return [(row.recipient.name, row.person.name, row.kind, f"{row.at:%m-%d}") for row in rows]


@pytest.mark.parametrize("zone", ZONES)
def test_a_sweep_in_every_hour_of_a_month_tells_each_moment_once(zone: str, mara: User, jon: User) -> None:
    organisation(time_zone=zone)
    published("promise", "tone")
    audience(jon)
    at = FIRST
    while at < FIRST + timedelta(days=24):
        reading_reminders.remind(at)
        at += timedelta(hours=1)
    rows = list(ReadingReminder.objects.select_related("recipient", "mail").order_by("id"))
    assert [(row.recipient.name, row.kind) for row in rows] == [
        ("Jon", "third_day"),
        ("Jon", "soon"),
        ("Jon", "due"),
        ("Mara", "overdue"),
    ]
    assert Mail.objects.count() == 4
    for row in rows:
        there = row.at.astimezone(ZoneInfo(zone))
        assert 8 <= there.hour < 18
        assert there.weekday() < 5


def test_the_moments_come_on_their_days(mara: User, jon: User) -> None:
    published("promise")
    audience(jon)
    for day in range(1, 25):
        reading_reminders.remind(FIRST.replace(day=1) + timedelta(days=day))
    assert told() == [
        ("Jon", "Jon", "third_day", "03-05"),
        ("Jon", "Jon", "soon", "03-13"),
        ("Jon", "Jon", "due", "03-16"),
        ("Mara", "Jon", "overdue", "03-17"),
    ]


def test_what_comes_on_a_weekend_is_told_on_monday_and_what_comes_together_is_one_mail(jon: User) -> None:
    published("promise")  # on a Monday
    audience(jon, days=6)  # third day on Thursday, soon on Thursday, due on Sunday
    assert reading_reminders.remind(local("2026-03-05 09:00")) == 1
    assert [row[2] for row in told()] == ["third_day", "soon"]
    assert [reading_reminders.remind(local(f"2026-03-{day} 12:00")) for day in ("07", "08", "09")] == [0, 0, 1]
    assert Mail.objects.latest("id").subject == "A section of the manual is not confirmed yet"


@pytest.mark.parametrize(("hour", "count"), [(7, 0), (8, 1), (17, 1), (18, 0), (23, 0)])
def test_nobody_is_written_to_at_night_by_their_own_clock(hour: int, count: int, jon: User) -> None:
    published("promise")
    audience(jon)
    User.objects.filter(pk=jon.pk).update(time_zone="Asia/Tokyo")
    assert reading_reminders.remind(local(f"2026-03-06 {hour:02}:30", "Asia/Tokyo")) == count


def test_whoever_has_confirmed_is_not_reminded(jon: User) -> None:
    published("promise")
    audience(jon)
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    assert reading_reminders.remind(FIRST + timedelta(days=30)) == 0


def test_a_material_change_reminds_of_itself(jon: User) -> None:
    audience(jon)
    published("promise")
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    published("promise", promise="Another.", at=FIRST + timedelta(days=7))
    assert reading_reminders.remind(FIRST + timedelta(days=7)) == 0
    assert reading_reminders.remind(FIRST + timedelta(days=10)) == 1
    letter = Mail.objects.get()
    assert letter.subject == "A section of the manual to read by 23 Mar 2026"
    assert "changed since edition 1, which you have confirmed" in letter.text


def test_it_stops_for_whoever_is_deactivated_and_goes_on_when_they_are_back(mara: User, jon: User) -> None:
    published("promise")
    audience(jon)
    User.objects.filter(pk=jon.pk).update(is_active=False)
    assert reading_reminders.remind(FIRST + timedelta(days=30)) == 0
    User.objects.filter(pk=jon.pk).update(is_active=True)
    back = FIRST + timedelta(days=31)
    assert [reading_reminders.remind(back + timedelta(days=days)) for days in (0, 4)] == [0, 1]  # on a Monday
    assert told() == [("Jon", "Jon", "third_day", "04-06")]


def test_it_is_held_back_while_somebody_is_absent_or_invited(jon: User) -> None:
    published("promise")
    audience(jon)
    agent = Agent.objects.create(external_id="j", name="Jon", email="Jon@Example.org")
    friday = local("2026-03-06 10:00")
    AgentTime.objects.create(
        source="rota",
        key="1",
        agent=agent,
        kind="absence",
        starts_at=friday - timedelta(days=1),
        ends_at=friday + timedelta(days=1),
    )
    assert reading_reminders.remind(friday) == 0
    assert reading_reminders.remind(friday + timedelta(days=3)) == 1
    invited = StaffFactory(invited_at=FIRST)
    invited.set_unusable_password()
    invited.save()
    audience(invited)
    assert reading_reminders.remind(friday + timedelta(days=4)) == 0


def test_whoever_waits_for_an_answer_is_not_reminded(mara: User, jon: User) -> None:
    published("promise")
    audience(jon)
    asked = question(jon, "promise")
    assert reading_reminders.remind(FIRST + timedelta(days=30)) == 0
    questions.answer(asked, "Yes.", by=mara, now=FIRST)
    assert reading_reminders.remind(FIRST + timedelta(days=30)) == 2


def test_managers_get_one_mail_about_all_who_are_late_and_nobody_twice(mara: User, jon: User) -> None:
    other = ManagerFactory(name="Otto")
    ManagerFactory(is_active=False)
    published("promise", "tone")
    audience(jon, StaffFactory(name="Ida <i>"))
    late = FIRST + timedelta(days=17)  # a Thursday
    assert reading_reminders.remind(late) == 4
    letters = Mail.objects.filter(kind="reading_digest").order_by("recipient")
    assert {letter.recipient for letter in letters} == {mara.email, other.email}
    assert letters[0].subject == "2 people have not confirmed the manual in time"
    assert "* Ida <i>\n  2 sections since edition 1, due by 16 Mar 2026\n* Jon\n" in letters[0].text.replace(
        "\n\n", "\n"
    )
    assert "Ida <i>" not in letters[0].html
    assert reading_reminders.remind(late + timedelta(hours=1)) == 0
    audience(StaffFactory(name="Kim"), days=1)
    assert reading_reminders.remind(late + timedelta(days=1)) == 3  # Kim, Mara and Otto
    assert "Jon" not in Mail.objects.latest("id").text


def test_one_that_cannot_be_told_keeps_nobody_else_from_being_told(jon: User, monkeypatch: pytest.MonkeyPatch) -> None:
    published("promise")
    audience(jon, StaffFactory(name="Ada"))
    compose = mail.compose

    def refuse(*arguments: object, to: str, **more: object) -> Mail:
        if to != jon.email:
            raise ValueError(to)
        return compose(*arguments, to=to, **more)

    monkeypatch.setattr(mail, "compose", refuse)
    assert reading_reminders.remind(local("2026-03-05 09:00")) == 1
    assert Counter((row.recipient.name, row.mail is None) for row in ReadingReminder.objects.all()) == {
        ("Ada", True): 1,
        ("Jon", False): 1,
    }
    assert reading_reminders.remind(local("2026-03-05 10:00")) == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_one_mail(jon: User) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("In memory, all threads have one connection.")
    published("promise")
    audience(jon)
    at = datetime(2026, 3, 5, 9, tzinfo=UTC)

    def sweep() -> int:
        try:
            return reading_reminders.remind(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [future.result() for future in [pool.submit(sweep) for _n in range(4)]]
    assert (sorted(found), Mail.objects.count(), ReadingReminder.objects.count()) == ([0, 0, 0, 1], 1, 1)


def test_without_an_audience_it_costs_one_query(django_assert_num_queries) -> None:
    published("promise")
    with django_assert_num_queries(1):
        assert reading_reminders.remind(timezone.now()) == 0
