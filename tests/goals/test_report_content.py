"""What a report says: the numbers of the KPI pages, in words, and a reason where there is no number."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError
from time_machine import travel

from goals import report_content
from goals.models import Report
from kpiproject.lib.periods import Grain, Period
from metrics import queries
from metrics.queries import Question
from tests.factories import AgentFactory, GoalFactory, ReportFactory, ReportItemFactory, TicketFactory
from tests.goals.measured import house, rollup, weeks
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with travel(datetime(2026, 6, 1, 8, tzinfo=UTC), tick=False):
        yield


def freeze(made: Report, week: Period) -> report_content.Content:
    """With plain spaces: what is compared is the words."""
    content = json.dumps(report_content.freeze(made, week), ensure_ascii=False)
    found: report_content.Content = json.loads(content.replace("\u00a0", " "))
    return found


def report(*codes: str, **values: object) -> Report:
    made = ReportFactory(name="Service", **({"includes_goals": False} | values))
    for position, code in enumerate(codes):
        ReportItemFactory(report=made, position=position, kpi=code)
    return made


def test_a_figure_as_number_and_in_words() -> None:
    weeks("csat", [80.0, 90.0], n=100)
    (item,) = freeze(report("csat"), WEEK)["items"]
    assert {name: item[name] for name in ("name", "scope", "value", "value_text", "n", "counted", "previous")} == {
        "name": "Customer satisfaction (CSAT)",
        "scope": "",
        "value": 90.0,
        "value_text": "90.0 %",
        "n": 100,
        "counted": "100 answers",
        "previous": 80.0,
    }
    assert (item["interval"], item["revision"], item["clock"]) == (
        "82.6 % to 94.5 %",
        queries.CATALOGUE["csat"].revision,
        None,
    )
    assert item["change"] == {
        "text": "+10.0 points",
        "words": "before: 80.0 %",
        "direction": "up",
        "tone": "good",
    }


def test_a_change_that_may_be_chance_is_called_so() -> None:
    weeks("csat", [80.0, 82.0], n=50)
    (item,) = freeze(report("csat"), WEEK)["items"]
    assert (item["change"]["words"], item["change"]["tone"]) == ("before: 80.0 %; may be chance", "")


def test_a_figure_of_one_member() -> None:
    for channel, count in (("chat", 3), ("email", 5)):
        for _ in range(count):
            TicketFactory(created_at="2026-05-26T10:00Z", channel=channel)
    compute()
    made = report("ticket_volume")
    ReportItemFactory(report=made, kpi="ticket_volume", dimension="channel", member="chat")
    everything, chat = freeze(made, WEEK)["items"]
    assert (everything["value"], chat["value"], chat["scope"]) == (8, 3, "channel: chat")


def test_an_agent_is_called_by_name_and_only_told_inside() -> None:
    AgentFactory(external_id="a-1", name="Ada Moss")
    made = report("csat")
    ReportItemFactory(report=made, kpi="csat", dimension="agent", member="a-1")
    GoalFactory(dimension="agent", member="a-1")
    GoalFactory()
    made.includes_goals = True
    content = freeze(made, WEEK)
    assert [item["scope"] for item in content["items"]] == ["", "agent: Ada Moss"]
    outside = report_content.for_outsiders(content)
    assert [item["scope"] for item in outside["items"]] == [""]
    assert ([goal["is_personal"] for goal in content["goals"]], len(outside["goals"])) == ([True, False], 1)


def test_nothing_measured_is_no_data_and_never_zero() -> None:
    (item,) = freeze(report("nps"), WEEK)["items"]
    assert (item["value"], item["value_text"], item["counted"], item["change"]) == (None, "no data", "", None)


def test_a_figure_whose_rows_are_too_recent_is_on_its_way() -> None:
    for number in range(4):
        at = f"2026-05-2{5 + number}T10:00Z"
        TicketFactory(created_at=at, first_solved_at=at, solved_at=at, first_agent_reply_at=at, agent_replies=1)
    compute()
    (item,) = freeze(report("first_contact_resolution"), WEEK)["items"]
    assert (item["value"], item["value_text"], item["notes"]) == (
        None,
        "not final yet",
        ["Left out: 4 too recent to be counted for good.", "With the too recent ones it would be 100.0 %."],
    )


def test_what_is_left_out_is_told() -> None:
    TicketFactory(created_at="2026-05-26T10:00Z")
    TicketFactory(created_at="2026-05-26T10:00Z", is_spam=True)
    compute()
    (item,) = freeze(report("ticket_volume"), WEEK)["items"]
    assert (item["value"], item["excluded"], item["notes"]) == (1, {"spam": 1}, ["Left out: 1 spam."])


@pytest.mark.parametrize(
    ("kpi", "dimension", "name", "sentence"),
    [
        (
            "gone",
            "",
            "gone",
            f"Could not be computed: “gone” is not a KPI; there are {', '.join(queries.CATALOGUE)}.",
        ),
        (
            "csat",
            "moon",
            "Customer satisfaction (CSAT)",
            (
                "Could not be computed: “moon” is not a dimension of csat; there are channel, category, team, agent, "
                "survey."
            ),
        ),
    ],
)
def test_what_cannot_be_computed_says_why(kpi: str, dimension: str, name: str, sentence: str) -> None:
    weeks("nps", [30.0])
    made = report("nps")
    ReportItemFactory(report=made, kpi=kpi, dimension=dimension, member="x" if dimension else "")
    fine, broken = freeze(made, WEEK)["items"]
    assert (fine["problem"], broken["name"], broken["problem"]) == ("", name, sentence)


def test_an_error_of_ours_takes_nothing_else_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    weeks("csat", [90.0])
    figures = queries.told

    def broken(question: Question) -> queries.Figures:
        if question.code == "nps":
            raise ZeroDivisionError
        return figures(question)

    monkeypatch.setattr("metrics.queries.told", broken)
    first, second = freeze(report("nps", "csat"), WEEK)["items"]
    assert first["problem"] == "Could not be computed: an unexpected error; the log of the worker says more."
    assert second["value_text"] == "90.0 %"


def test_an_error_of_the_database_is_not_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_question: Question) -> queries.Figures:
        raise DatabaseError

    monkeypatch.setattr("metrics.queries.told", gone)
    with pytest.raises(DatabaseError):
        freeze(report("csat"), WEEK)


def test_a_chart_has_the_last_thirteen_weeks() -> None:
    weeks("csat", [70.0 + n for n in range(15)])
    made = report()
    ReportItemFactory(report=made, kpi="csat", has_chart=True)
    (item,) = freeze(made, WEEK)["items"]
    course = queries.figures(Question(code="csat", start=date(2026, 3, 2), end=WEEK.end, grain=Grain.WEEK)).points
    assert [step["value"] for step in item["course"]] == [point.value for point in course]
    assert (len(item["course"]), item["course"][0]["label"], item["course"][-1]["value_text"]) == (
        13,
        "2–8 Mar 2026",
        "84.0 %",
    )
    assert item["chart"]["description"] == "Customer satisfaction (CSAT), the last 13 weeks"
    assert (item["value"], item["previous"]) == (84.0, 83.0)


def test_weeks_before_the_first_ticket_have_no_number() -> None:
    for _number in range(3):
        TicketFactory(created_at="2026-05-26T10:00Z")
    compute()
    made = report()
    ReportItemFactory(report=made, kpi="ticket_volume", has_chart=True)
    (item,) = freeze(made, WEEK)["items"]
    assert (item["value"], item["previous"], item["previous_text"], item["change"]) == (3, None, "no data", None)
    assert [step["value"] for step in item["course"]] == [*[None] * 12, 3]


def test_a_chart_of_nothing_is_left_out() -> None:
    made = report()
    ReportItemFactory(report=made, kpi="csat", has_chart=True)
    assert freeze(made, WEEK)["items"][0]["chart"] is None


def test_weeks_begin_where_the_organisation_says() -> None:
    house(week_start=6)
    rollup("csat", date(2026, 5, 24), whole=10, part=5)  # a Sunday
    rollup("csat", date(2026, 5, 23), whole=10, part=9)
    (item,) = freeze(report("csat"), Period(date(2026, 5, 24), date(2026, 5, 31), "UTC"))["items"]
    assert (item["value"], item["previous"]) == (50.0, 90.0)


def test_goals_in_words() -> None:
    GoalFactory(statement="Nine of ten are satisfied", value=83.0, value_start=date(2026, 5, 25), value_n=100)
    GoalFactory(state="draft")
    content = freeze(report("csat", includes_goals=True), WEEK)
    (goal,) = content["goals"]
    assert (goal["statement"], goal["baseline"], goal["value"], goal["target"], goal["due"]) == (
        "Nine of ten are satisfied",
        "80.0 %",
        "83.0 %",
        "90.0 %",
        "30 Jun 2026",
    )
    assert freeze(report("csat"), WEEK)["goals"] == []


def test_the_content_survives_json_and_says_where_and_when() -> None:
    weeks("csat", [90.0])
    TicketFactory(created_at="2026-05-26T10:00Z")
    compute()
    made = report(*queries.CATALOGUE)
    made.items.update(has_chart=True)
    content = report_content.freeze(made, WEEK)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert (content["week"], content["before"]["text"], content["time_zone"], content["as_of_text"]) == (
        {"start": "2026-05-25", "end": "2026-06-01", "text": "25–31 May 2026"},
        "18–24 May 2026",
        "UTC",
        "1 Jun 2026, 08:00",
    )


def test_goals_cost_the_same_however_many_there_are(django_assert_max_num_queries) -> None:
    made = report(includes_goals=True)
    freeze(made, WEEK)
    for _ in range(5):
        GoalFactory()
    with django_assert_max_num_queries(12):
        freeze(made, WEEK)
