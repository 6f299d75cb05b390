"""What stands around an alarm in its mail: a chart with its limits, what else moved, what customers wrote."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings

from goals.alarms import guidance, surroundings, telling, watch
from goals.alarms.guidance import Chapter
from goals.models import Alarm, AlertRule
from kpiproject.lib import charts
from kpiproject.models import Agent, Mail, User
from metrics.catalogue import CATALOGUE
from tests.alarm_factories import AlertRuleFactory
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, StakeholderFactory, UserFactory
from tests.goals.measured import rollup, tickets, weeks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
Kind = AlertRule.Kind
STEADY = [85, 86, 84, 85, 87, 85, 84, 86, 85, 84, 85]


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> User:
    person: User = ManagerFactory(email="mara@example.org")
    return person


def letter(**fields: Any) -> Mail:
    """What its owner is told of an alarm about satisfaction."""
    AlertRuleFactory(**fields)
    watch.check_due(NOW)
    telling.tell(NOW)
    return Mail.objects.order_by("pk").first() or pytest.fail("Nobody was told.")


def comment(text: str, **fields: Any) -> None:
    AnswerFactory(comment=text, answered_at=datetime(2026, 5, 27, 12, tzinfo=UTC), **fields)


# --- The chart ----------------------------------------------------------------------------------------------------
def test_the_picture_and_the_text_have_the_same_numbers(owner: User) -> None:
    weeks("csat", [90, None, 80])
    found = letter(owner=owner, clear_level=88)
    [picture] = found.files.all()
    assert bytes(picture.content[:8]) == b"\x89PNG\r\n\x1a\n"
    assert f'src="cid:{picture.content_id}"' in found.html
    rows = ["11 May: 90.0\xa0% (100 answers)", "18 May: no data", "25 May: 80.0\xa0% (100 answers)"]
    assert [row for row in rows if row not in found.text] == []
    levels = "limit 85.0\xa0%, over again at 88.0\xa0%"
    assert f"The last 3 weeks; {levels}." in found.text
    alt = f'alt="Customer satisfaction (CSAT): {"; ".join(rows)}; {levels}"'
    assert alt.replace("\xa0", "&nbsp;") in found.html


def test_the_limits_of_a_signal(owner: User) -> None:
    weeks("csat", [*STEADY, 60])
    found = letter(owner=owner, kind=Kind.SIGNAL, fire_level=None)
    alarm = Alarm.objects.get()
    assert [level.is_limit for level in surroundings.levels(alarm)] == [True, False, True]
    assert f"mean {alarm.facts['centre']:.1f}\xa0%" in found.text


def test_a_chart_that_cannot_be_drawn_is_named_and_stops_nothing(
    owner: User, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    weeks("csat", [90, 80])
    monkeypatch.setattr(charts, "to_mail_png", lambda _spec: 1 // 0)
    found = letter(owner=owner)
    assert "The chart could not be drawn." in found.text
    assert "The chart could not be drawn." in found.html
    assert "25 May: 80.0\xa0% (100 answers)" in found.text
    assert (found.files.count(), "The chart of alarm" in caplog.text) == (0, True)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("_all_moved", "Whether other figures moved as well could not be found out."),
        ("_comments", "What customers wrote could not be read."),
    ],
)
def test_any_part_may_fail_alone(owner: User, monkeypatch: pytest.MonkeyPatch, part: str, sentence: str) -> None:
    weeks("csat", [90, 80])
    monkeypatch.setattr(surroundings.Gatherer, part, lambda *_given: 1 // 0)
    found = letter(owner=owner)
    assert (sentence in found.text, found.files.count()) == (True, 1)


def test_nothing_is_drawn_while_anything_is_locked(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks("csat", [90, 80])
    seen: list[str] = []
    draw, send = charts.to_mail_png, telling._send

    def drawn(spec: Any) -> bytes:
        seen.append("drawn")
        return draw(spec)

    def sent(*given: Any) -> int:
        seen.append("sent")
        return send(*given)

    monkeypatch.setattr(charts, "to_mail_png", drawn)
    monkeypatch.setattr(telling, "_send", sent)
    letter(owner=owner)
    assert seen == ["drawn", "sent"]
    telling.tell(NOW)
    assert seen.count("drawn") == 1  # nothing is drawn of what nobody is told


def test_a_tick_with_many_alarms_draws_a_few(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks("csat", [90, 80])
    monkeypatch.setattr(surroundings, "MOST_AT_ONCE", 2)
    for number in range(4):
        AlertRuleFactory(owner=owner, name=f"Rule {number}")
    assert letter(owner=owner, name="Last").files.count() == 2


# --- What else moved ----------------------------------------------------------------------------------------------
def test_another_figure_of_the_same_weeks(owner: User) -> None:
    weeks("csat", [*STEADY, 60])
    weeks("ces", [*STEADY, 30])
    weeks("survey_response_rate", [*STEADY, 85])
    found = letter(owner=owner)
    [line] = [line.strip() for line in found.text.splitlines() if "normally" in line]
    assert line.startswith(f"{CATALOGUE['ces'].name}: 30.0\xa0%, normally ")
    assert line.endswith("(worse)")


def test_of_the_same_channel_only(owner: User) -> None:
    weeks("csat", [*STEADY, 60], of=("channel", "chat"))
    weeks("ces", [*STEADY, 30], of=("channel", "phone"))
    assert "normally" not in letter(owner=owner, dimension="channel", member="chat").text
    weeks("ces", [*STEADY, 30], of=("channel", "chat"))
    alarm = Alarm.objects.get()
    moved = surroundings.gather([alarm], NOW)[alarm.pk].moved
    assert [one.kpi.code for one in moved] == ["ces"]


def test_numbers_of_tickets_are_whole(owner: User) -> None:
    weeks("csat", [*STEADY, 60])
    tickets(date(2026, 3, 9), date(2026, 6, 1))
    for week, count in enumerate([50, 51, 50, 49, 50, 51, 50, 49, 50, 51, 50, 90]):
        rollup("ticket_volume", date.fromordinal(date(2026, 3, 9).toordinal() + 7 * week), whole=count)
    [line] = [line.strip() for line in letter(owner=owner).text.splitlines() if "Ticket volume" in line]
    assert line == "Ticket volume: 90, normally 47 to 53"


# --- What customers wrote -----------------------------------------------------------------------------------------
def test_the_last_three_comments_without_the_names_of_agents(owner: User) -> None:
    weeks("csat", [90, 80])
    Agent.objects.create(external_id="a1", name="Tom Ford")
    for number in range(3):
        comment(f"Number {number} was slow")
    comment("Tom let me down, call 0170 1234567", agent="a1", team="t")
    found = letter(owner=owner)
    said = [line.strip() for line in found.text.splitlines() if line.strip().startswith("“")]
    assert said == ["“[…] let me down, call […]”", "“Number 2 was slow”", "“Number 1 was slow”"]
    assert "Tom" not in found.html


def test_only_for_people_who_may_read_comments() -> None:
    weeks("csat", [90, 80])
    comment("Too slow")
    assert "Too slow" not in letter(owner=UserFactory()).text


def test_never_for_people_outside(owner: User) -> None:
    weeks("csat", [90, 80])
    comment("Too slow")
    letter(owner=owner, stakeholders=[StakeholderFactory(email="bea@example.net")])
    outside = Mail.objects.get(recipient="bea@example.net")
    assert ("Too slow" in outside.text, "Too slow" in outside.html, outside.files.count()) == (False, False, 1)


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"channel": "chat"}, True),
        ({"channel": "phone"}, False),
        ({"channel": "chat", "kind": "nps"}, False),
        ({"channel": "chat", "answered_at": datetime(2026, 5, 24, tzinfo=UTC)}, False),
    ],
)
def test_of_the_same_scope_and_since_it_is_bad(owner: User, fields: dict[str, Any], is_told: bool) -> None:
    weeks("csat", [90, 80], of=("channel", "chat"))
    given = {"answered_at": datetime(2026, 5, 27, tzinfo=UTC)} | fields
    AnswerFactory(comment="Too slow", **given)
    assert ("Too slow" in letter(owner=owner, dimension="channel", member="chat").text) == is_told


def test_what_somebody_wrote_is_escaped(owner: User) -> None:
    weeks("csat", [90, 80])
    comment("<script>alert(1)</script> slow")
    assert "<script>" not in letter(owner=owner).html


def test_nothing_twice_in_one_mail(owner: User) -> None:
    weeks("csat", [90, 80])
    comment("Too slow")
    AlertRuleFactory(owner=owner, fire_level=84)
    assert letter(owner=owner).text.count("Too slow") == 1


# --- What to do ---------------------------------------------------------------------------------------------------
@pytest.fixture
def chapters(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [
        Chapter(code="unhappy", title="Unhappy customers", path="/manual/unhappy/"),
        Chapter(code="kpi:csat", title="CSAT", path="/manual/kpis/#kpi-csat", kpi="csat"),
    ]
    monkeypatch.setattr(guidance, "_FINDERS", [lambda: offered])


@pytest.mark.parametrize(
    ("chosen", "line"),
    [
        ("unhappy", "In the manual: Unhappy customers: %s/manual/unhappy/"),
        ("", "In the manual: CSAT: %s/manual/kpis/#kpi-csat"),
        ("gone", "In the manual: CSAT: %s/manual/kpis/#kpi-csat"),
    ],
)
def test_the_chapter_that_says_what_to_do(owner: User, chapters: None, chosen: str, line: str) -> None:
    weeks("csat", [90, 80])
    assert line % settings.BASE_URL in [
        found.strip() for found in letter(owner=owner, guidance=chosen).text.splitlines()
    ]


def test_a_manual_that_cannot_be_read_stops_nothing(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks("csat", [90, 80])
    monkeypatch.setattr(guidance, "_FINDERS", [lambda: 1 // 0])
    assert "In the manual" not in letter(owner=owner).text


def test_acknowledge_and_snooze_are_two_links(owner: User) -> None:
    weeks("csat", [90, 80])
    found = letter(owner=StaffFactory())
    assert [found.text.count(mark) for mark in ("/#acknowledge", "/#snooze")] == [1, 1]
