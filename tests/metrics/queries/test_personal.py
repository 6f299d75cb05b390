"""Nobody is judged by a handful of answers; see metrics.queries.personal."""

import ast
from datetime import date
from pathlib import Path

import pytest

from kpiproject.lib.periods import Grain, Period
from metrics import queries
from metrics.kpi import Kpi
from metrics.models import Rollup
from metrics.queries import LEAST_ANSWERS, Question
from metrics.queries.personal import is_personal, withheld
from tests.goals.measured import rollup

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
DAY = date(2026, 3, 4)
WEEK = {"start": date(2026, 3, 2), "end": date(2026, 3, 9)}
SENTENCE = "Fewer than 30 answers say too little about one person, so this figure is not shown."


def answers(**counts: int) -> None:
    """So many answers about each agent, three quarters of them happy."""
    for name, count in counts.items():
        rollup("csat", DAY, whole=count, part=count * 0.75, of=("agent", name))
        rollup("csat", DAY, whole=count, part=count * 0.75, of=("team", name))


def test_thirty_answers_are_told_and_twenty_nine_are_not():
    answers(ada=30, bob=29)
    enough, few = queries.told(Question(code="csat", by="agent", **WEEK)).points
    assert (enough.member, enough.n, enough.value, enough.notes) == ("ada", 30, 75.0, ())
    assert (few.member, few.n, few.value, few.part, few.low, few.high) == ("bob", 29, None, None, None, None)
    assert (few.is_withheld, few.notes) == (True, (SENTENCE,))


def test_the_same_by_a_filter_and_over_time():
    answers(bob=29)
    asked = Question(code="csat", where={"agent": ["bob"]}, grain=Grain.WEEK, **WEEK)
    assert [(point.n, point.value) for point in queries.told(asked).points] == [(29, None)]
    period = Period(WEEK["start"], WEEK["end"], "UTC")
    assert [(point.n, point.value) for point in queries.told_in_a_row(asked, [period]).points] == [(29, None)]


def test_of_teams_and_of_everybody_every_figure_is_told():
    answers(bob=4)
    (team,) = queries.told(Question(code="csat", by="team", **WEEK)).points
    assert (team.n, team.value) == (4, 75.0)


def test_where_nobody_answered_nothing_is_withheld():
    answers(bob=29)
    asked = Question(code="csat", where={"agent": ["nobody"]}, **WEEK)
    (point,) = queries.told(asked).points
    assert (point.n, point.value, point.is_withheld, point.notes) == (0, None, False, ())


def test_the_figure_as_it_is_stays_for_whoever_puts_many_together():
    answers(bob=29)
    (point,) = queries.figures(Question(code="csat", by="agent", **WEEK)).points
    assert (point.n, point.value) == (29, 75.0)
    assert Rollup.objects.filter(dimension="agent").count() == 1


@pytest.mark.parametrize(
    ("code", "by", "expected"),
    [
        ("csat", "agent", True),
        ("nps", "agent", True),
        ("ces", "agent", True),
        ("csat", "team", False),
        ("survey_response_rate", "agent", False),
        ("ticket_volume", "agent", False),
        ("resolution_time", "agent", False),
    ],
)
def test_which_figures_are_about_how_satisfied_customers_are_with_one_person(code, by, expected):
    assert is_personal(queries.find_kpi(code), Question(code=code, by=by)) is expected


def test_every_kpi_of_satisfaction_that_knows_agents_is_meant():
    """Follow-ups and whether they were settled are not told apart by agent at all."""

    def knows(kpi: Kpi) -> bool:
        return "agent" in kpi.dimensions and kpi.frame != "invitations"

    asked = [kpi for kpi in queries.CATALOGUE.values() if kpi.family == "satisfaction" and knows(kpi)]
    assert asked
    assert all(is_personal(kpi, Question(code=kpi.code, by="agent")) for kpi in asked)


def test_a_point_says_it_in_words():
    from metrics import presentation  # noqa: PLC0415 - words are no part of the queries

    kpi = queries.find_kpi("csat")
    point = queries.Point(start=DAY, end=None, value=50.0, n=LEAST_ANSWERS - 1)
    hidden = withheld(Question(code="csat", by="agent"), kpi, point)
    assert presentation.figure(hidden, kpi) == "fewer than 30 answers"


def raw_calls(path: Path) -> list[str]:
    """The calls of the figures as they are in a module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("queries.figures", "queries.in_a_row"):
            found.append(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module == "metrics.queries":
            found += [alias.name for alias in node.names if alias.name in ("figures", "in_a_row")]
    return found


def test_only_what_never_names_an_agent_reads_the_figures_as_they_are():
    apps = ("metrics", "goals", "manual", "kpiproject")
    found = {
        str(path.relative_to(ROOT))
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if "queries" not in path.parts and raw_calls(path)
    }
    assert found == {
        "manual/chapters/surveys.py",  # all channels together, and by channel
        "manual/chapters/who.py",  # by channel
        "metrics/adoption.py",  # of everybody
    }
