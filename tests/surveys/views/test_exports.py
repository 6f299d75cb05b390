import csv
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine

from surveys import answers
from surveys.answers import Given, Said
from tests.factories import ContactFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.surveys.counted import NOON, ask, further, give

pytestmark = pytest.mark.django_db
PAGE = "/surveys/mine/export/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON + timedelta(days=60), tick=False):
        yield


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def download(client, query: str) -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows(client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(download(client, f"what=rows&format=csv&{query}"))))


def test_rows_have_everything_an_answer_is_counted_by(staff, survey):
    give(survey, [2], comment="=cmd()", team="Tech", channel="chat", language="de", ticket="T-1", mark="complaint")
    [row] = rows(staff)
    assert {name: row[name] for name in ("answered_at", "score", "group", "comment", "team", "mark", "ticket")} == {
        "answered_at": "2026-03-02T12:00:00+00:00",
        "score": "2",
        "group": "unhappy",
        "comment": "'=cmd()",
        "team": "Tech",
        "mark": "complaint",
        "ticket": "T-1",
    }
    assert row["version"] == "1"


def test_rows_have_the_replies_to_further_questions(staff, survey):
    reason, clear = further(survey, "multiple", options=["a", "b"]), further(survey, "scale")
    replies = {reason.pk: Said(choices=("a", "b")), clear.pk: Said(number=4)}
    answers.record_public(survey, Given(score=5, replies=replies))
    [row] = rows(staff)
    assert (row[f"{reason.pk}: Why multiple?"], row[f"{clear.pk}: Why scale?"]) == ("a; b", "4")


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 3), ("team=Tech", 2), ("q=slow", 1), ("standing=-1&team=Tech", 1), ("from=2026-03-03", 0)],
)
def test_rows_are_those_of_the_filters(staff, survey, query, found):
    give(survey, [1], team="Tech", comment="Slow")
    give(survey, [5], team="Tech")
    give(survey, [5], team="Billing")
    assert len(rows(staff, query)) == found


def test_who_answered_is_told_to_those_who_may_see_contacts(client, survey):
    give(survey, [5], contact=ContactFactory(email="ada@example.org"), customer="C-1")
    client.force_login(StaffFactory())
    assert set(rows(client)[0]) & {"email", "name", "customer", "company"} == set()
    assert "ada@example.org" not in download(client, "what=rows&format=json")
    client.force_login(ManagerFactory())
    assert (rows(client)[0]["email"], rows(client)[0]["customer"]) == ("ada@example.org", "C-1")


def test_summary_says_what_the_page_says(staff, survey):
    give(survey, [5, 5, 1], team="Tech")
    ask(survey, 3)
    lines = json.loads(download(staff, "what=summary&format=json"))
    told = {(line["section"], line["member"]): (line["n"], line["value"]) for line in lines}
    assert told["overall", ""] == (3, 100 * 2 / 3)
    assert told["team", "Tech"] == (3, 100 * 2 / 3)
    assert (told["score", "5"], told["score", "4"]) == ((2, None), (0, None))
    assert (told["stage", "sent"], told["response_rate", ""]) == ((3, None), (3, 0.0))


def test_workbook_is_a_workbook(staff, survey):
    give(survey, [5])
    response = staff.get(f"{PAGE}?what=rows&format=xlsx")
    assert b"".join(response.streaming_content)[:2] == b"PK"
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="mine-rows-2025-05-02-2026-05-02.xlsx"'


@pytest.mark.parametrize(
    "query", ["", "what=rows", "what=all&format=csv", "what=rows&format=pdf", "what=rows&format=csv&from=x"]
)
def test_nonsense_is_refused_with_a_sentence(staff, survey, query):
    response = staff.get(f"{PAGE}?{query}")
    assert (response.status_code, response.content.decode()) == (
        422,
        "Say what (rows or summary), in which format (csv, xlsx or json), and days that exist.",
    )


# --- Employees ----------------------------------------------------------------------------------------------------
@pytest.fixture
def own_people():
    return SurveyFactory(slug="mine", kind="esat")


def test_rows_of_employees_have_no_time_group_or_person(client, own_people):
    client.force_login(ManagerFactory())
    for number in range(9):
        give(own_people, [1 + number % 5], team="Night shift", comment=f"text {number}", language="de")
    found = rows(client)
    assert set(found[0]) == {"score", "scale_min", "scale_max", "group", "comment"}
    texts = [row["comment"] for row in found]
    assert (len(texts), texts == sorted(texts)) == (9, False)


@pytest.mark.parametrize("query", ["team=Tech", "q=text", "standing=1", "language=de"])
def test_rows_of_employees_cannot_be_filtered(staff, own_people, query):
    give(own_people, [5] * 3, team="Tech", comment="text")
    give(own_people, [1] * 4)
    assert len(rows(staff, query)) == 7


def test_too_few_answers_of_employees_are_in_no_file(staff, own_people):
    give(own_people, [5] * 4, comment="text")
    assert rows(staff) == []
    assert re.findall("overall,,[^,]*,[^,]*,([^,]*)", download(staff, "what=summary&format=csv")) == [""]


def test_withheld_figures_of_employees_are_empty_and_not_zero(staff, own_people):
    give(own_people, [5] * 4)
    for invitation in ask(own_people, 4)[:3]:
        invitation.is_answered = True
        invitation.save()
    lines = json.loads(download(staff, "what=summary&format=json"))
    told = {(line["section"], line["member"]): line["n"] for line in lines if line["section"] != "definition"}
    assert {name for name, n in told.items() if n is not None} == set()
    assert {("overall", ""), ("score", "5"), ("stage", "sent"), ("response_rate", "")} <= set(told)
    page = staff.get("/surveys/mine/").content.decode()
    assert "Nobody was asked by mail" not in page
    assert "answered of" not in page
    assert page.count("Shown from 5 people on, so that nobody can be recognised.") == 2


def test_summary_says_what_its_groups_mean_and_which_versions_were_asked(staff, survey):
    give(survey, [5, 1])
    [line] = [
        line for line in json.loads(download(staff, "what=summary&format=json")) if line["section"] == "definition"
    ]
    assert line["member"] == "4 and 5 satisfied, 3 neutral, 1 and 2 unhappy; Version 1"


def test_summary_of_employees_hides_what_the_page_hides(staff, own_people):
    for team, count in {"Tech": 9, "Content": 3, "Board": 2}.items():
        give(own_people, [5] * count, team=team)
    lines = json.loads(download(staff, "what=summary&format=json"))
    teams = {line["member"]: line["n"] for line in lines if line["section"] == "team"}
    assert teams == {"Tech": 9, "fewer than 5 each, together": 5}
    assert {line["member"] for line in lines if line["section"] == "stage"} == {"sent", "delivered", "answered"}
