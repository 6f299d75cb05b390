import re
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from kpiproject.queries import organisation
from surveys import answers, tallies
from surveys.answers import Given, Said
from surveys.models import Answer, Survey
from tests.factories import AgentFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.surveys.counted import NOON, ask, further, give

pytestmark = pytest.mark.django_db
PAGE = "/surveys/mine/"


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


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def shown(client, query: str = "") -> str:
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def card(page: str, name: str) -> str:
    """One section of the page, by the id of its heading."""
    [found] = re.findall(rf'<section class="card[^"]*" aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    return found


def rows(page: str, name: str) -> dict[str, list[str]]:
    """The cells of the table of a section, by the heading of the line."""
    found = re.findall(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', card(page, name), re.DOTALL)
    return {head: re.findall(r'<td class="numeric[^"]*"[^>]*>(.*?)</td>', line) for head, line in found}


# --- Score --------------------------------------------------------------------------------------------------------
def test_page_shows_score_interval_and_distribution(staff, survey):
    for invitation, score in zip(ask(survey, 6), [5, 5, 5, 1, 1], strict=False):
        answers.record(invitation, Given(score=score), now=NOON)
    page = shown(staff)
    assert '<p class="stat-value">60.0 %</p>' in card(page, "score")
    assert "95 % interval 23.1 % to 88.2 %" in card(page, "score")
    assert "mean 3.40 on the scale from 1 to 5" in card(page, "score")
    assert "5 answered of 6 delivered" in card(page, "rate")
    told = {re.sub(r"<[^>]*>", "", score): cells[0] for score, cells in rows(page, "distribution").items()}
    assert told == {"5 satisfied": "3", "4 satisfied": "0", "3 neutral": "0", "2 unhappy": "0", "1 unhappy": "2"}
    assert "4 and 5 satisfied, 3 neutral, 1 and 2 unhappy" in card(page, "distribution")
    widths = re.findall(r'<rect width="([\d.]+%)"', card(page, "distribution"))
    assert widths == ["100.0%", "0.0%", "0.0%", "0.0%", "66.7%"]


def test_nps_is_in_points_with_a_sign(staff):
    give(SurveyFactory(slug="mine", kind="nps"), [10, 9, 8, 0])
    assert '<p class="stat-value">+25.0</p>' in card(shown(staff), "score")


def test_page_of_a_survey_without_answers_says_so(staff, survey):
    page = shown(staff)
    assert "No answers in this period." in card(page, "score")
    assert "Nobody has written anything in this period." in page
    assert "Nobody was asked by mail in this period." in page


def test_new_answer_is_seen_at_once_before_and_after_everything_was_counted(staff, survey):
    give(survey, [5])
    assert "1 answer ·" in card(shown(staff), "score")
    tallies.sweep(seconds=60)
    answers.record_public(survey, Given(score=1))
    assert "2 answers ·" in card(shown(staff), "score")


# --- Period -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 3),
        ("?period=30d", 1),
        ("?period=90d", 3),
        ("?period=all", 4),
        ("?from=2026-03-02&to=2026-03-03", 1),
        ("?from=2026-03-03", 2),
        ("?to=2026-03-03", 2),
    ],
)
def test_period_has_its_days_and_no_others(staff, survey, query, n):
    for number in (-400, 0, 20, 50):
        give(survey, [5], at=NOON + timedelta(days=number))
    assert f"{n} answer" in card(shown(staff, query), "score")


def test_days_are_those_of_the_organisation(staff, survey):
    house = organisation()
    house.time_zone = "Europe/Berlin"
    house.save()
    give(survey, [5], at=NOON + timedelta(hours=11, minutes=30))  # half past midnight in Berlin
    assert "1 answer" in card(shown(staff, "?from=2026-03-03&to=2026-03-04"), "score")
    assert "No answers" in card(shown(staff, "?from=2026-03-02&to=2026-03-03"), "score")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?period=1d", "“1d” is not one of 30d, 90d, 12m and all."),
        ("?from=gestern", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("?from=2026-03-03&to=2026-03-02", "The period must end after it starts: choose a day after 2026-03-03."),
    ],
)
def test_period_that_does_not_exist_is_refused(staff, survey, query, sentence):
    response = staff.get(f"{PAGE}{query}")
    assert response.status_code == 422
    assert sentence in response.content.decode()


# --- Comparison ---------------------------------------------------------------------------------------------------
def test_real_change_and_chance_are_told_apart(staff, survey):
    now, before = NOON + timedelta(days=50), NOON + timedelta(days=20)
    give(survey, [5] * 60 + [1] * 40, at=before)
    give(survey, [5] * 90 + [1] * 10, at=now)
    found = card(shown(staff, "?period=30d"), "before")
    assert '<p class="stat-value">+30.0 points</p>' in found
    assert "real change" in found
    assert "Before: 60.0 % of 100 answers, 3 Mar 2026 – 1 Apr 2026" in found


def test_small_change_is_within_the_normal_range(staff, survey):
    give(survey, [5] * 6 + [1] * 4, at=NOON + timedelta(days=20))
    give(survey, [5] * 7 + [1] * 3, at=NOON + timedelta(days=50))
    assert "within normal range" in card(shown(staff, "?period=30d"), "before")


# --- Over time ----------------------------------------------------------------------------------------------------
def test_course_is_by_months_or_weeks_with_gaps_as_dashes(staff, survey):
    give(survey, [5, 1])
    give(survey, [5], at=NOON + timedelta(days=59))
    months = rows(shown(staff, "?period=all"), "course")
    assert len(months) == 9  # weeks, up to some four months
    years = rows(shown(staff, "?from=2026-01-01&to=2026-12-31"), "course")
    assert {name: cells[0] for name, cells in years.items()} == {"March 2026": "50.0 %", "April 2026": "100.0 %"}


# --- Funnel -------------------------------------------------------------------------------------------------------
def test_stages_with_what_was_clicked_and_not_confirmed(staff, survey):
    invitations = ask(survey, 4)
    answers.record(invitations[0], Given(score=5, comment="Thanks"), now=NOON)
    type(invitations[1]).objects.filter(pk=invitations[1].pk).update(clicked_at=NOON)
    type(invitations[2]).objects.filter(pk=invitations[2].pk).update(bounced_at=NOON)
    survey.skips.create(key="a", reason="quiet_person", at=NOON)
    page = shown(staff)
    assert {name: cells[0] for name, cells in rows(page, "stages").items()} == {
        "queued": "4",
        "sent": "4",
        "delivered": "3",
        "clicked": "2",
        "confirmed": "1",
        "commented": "1",
    }
    assert "1 person opened the page and has sent no answer (yet)" in page
    assert "1 · was asked something lately" in page
    assert '<p class="stat-value">33.3 %</p>' in card(page, "rate")


def test_answers_to_earlier_invitations_are_not_in_the_rate(staff, survey):
    """Three were sent, one of them was answered; another answer belongs to a mail of the month before."""
    [early] = ask(survey, 1, at=NOON - timedelta(days=20))
    first, *_others = ask(survey, 3)
    for invitation in (early, first):
        answers.record(invitation, Given(score=5), now=NOON + timedelta(days=1))
    page = shown(staff, "?from=2026-03-01&to=2026-04-01")
    assert "1 answered of 3 delivered" in card(page, "rate")
    assert "2 answers ·" in card(page, "score")


# --- Parts --------------------------------------------------------------------------------------------------------
def test_cuts_have_score_interval_n_and_mean(staff, survey):
    give(survey, [5, 5, 4, 1], team="Billing")
    give(survey, [5], team="")
    cut = rows(shown(staff), "cut-team")
    assert cut["Billing"] == ["75.0 %", "30.1 % to 95.4 %", "4", "3.75"]
    assert cut["(not given)"][0] == "100.0 %"


def test_no_score_of_an_agent_with_fewer_than_thirty_answers(staff, survey):
    AgentFactory(external_id="a1", name="Ada")
    give(survey, [5] * 30, agent="a1")
    give(survey, [1] * 29, agent="a2")
    cut = rows(shown(staff), "cut-agent")
    assert cut["Ada"][0] == "100.0 %"
    assert cut["a2"] == ["from 30 answers on", "–", "29", "–"]


# --- Further questions --------------------------------------------------------------------------------------------
def test_further_questions_by_option_scale_and_text(staff, survey):
    reason = further(survey, "choice", options=["price", "speed"], position=1)
    clear = further(survey, "scale", position=2)
    words = further(survey, "long", position=3)
    for option, number in (("price", 5), ("price", 4), ("speed", 2)):
        replies = {
            reason.pk: Said(choices=(option,)),
            clear.pk: Said(number=number),
            words.pk: Said(text=f"<b>{number}"),
        }
        answers.record_public(survey, Given(score=5, replies=replies))
    found = card(shown(staff), "further")
    assert re.findall(r"<h3 [^>]*>(.*?)</h3>", found) == ["Why choice?", "Why scale?", "Why long?"]
    lines = re.findall(r'<th scope="row">(.*?)</th><td class="numeric">(\d+)</td>', found)
    assert lines[:2] == [("Price", "2"), ("Speed", "1")]
    assert "seen by 3, answered by 3, passed over by 0, 0 left here · mean 3.67" in found
    assert "&lt;b&gt;5" in found


# --- Comments -----------------------------------------------------------------------------------------------------
def texts(page: str) -> list[str]:
    return re.findall(r'<p class="remark-text">(.*?)</p>', page)


def test_comments_are_escaped_and_page_by_page(staff, survey):
    give(survey, [1] * 26, comment="<script>alert(1)</script>\nline")
    page = shown(staff)
    assert texts(page) == ["&lt;script&gt;alert(1)&lt;/script&gt;<br>line"] * 10
    seen, older = 10, re.findall(r'href="(\?[^"]*after=[^"]*)#comments"', page)
    while older:
        page = shown(staff, older[-1].replace("&amp;", "&"))
        seen += len(texts(page))
        older = re.findall(r'rel="next" href="(\?[^"]*after=[^"]*)#comments"', page)
    assert seen == 26


FILTERS = [
    ("?q=slow", ["Slow reply"]),
    ("?q=rep+sl", ["Slow reply"]),
    ("?q=nothing", []),
    ("?q=%22%27*%28", []),
    ("?standing=-1", ["Slow reply"]),
    ("?standing=1&team=Tech", ["Fine work"]),
    ("?channel=chat", ["Thank you"]),
    ("?language=de", ["Thank you"]),
    ("?mark=praise", ["Fine work"]),
    ("?team=Nobody", []),
]


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_comments_are_filtered_and_searched(staff, survey, query, found):
    give(survey, [1], comment="Slow reply", team="Tech")
    give(survey, [5], comment="Fine work", team="Tech", mark="praise")
    give(survey, [5], comment="Thank you", team="Billing", channel="chat", language="de")
    assert texts(shown(staff, query)) == found


def test_manager_marks_a_comment_and_takes_the_mark_back(manager, survey):
    [answer] = give(survey, [5], comment="Thanks")
    address = f"{PAGE}comments/{answer.pk}/mark/?q=tha"
    response = manager.post(address, {"mark": "praise"})
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?q=tha#answer-{answer.pk}")
    assert Answer.objects.get().mark == "praise"
    assert "praise</span>" in shown(manager)
    manager.post(address, {"mark": ""})
    assert Answer.objects.get().mark == ""


def test_mark_that_does_not_exist_is_refused(manager, survey):
    [answer] = give(survey, [5], comment="Thanks")
    assert manager.post(f"{PAGE}comments/{answer.pk}/mark/", {"mark": "spam"}).status_code == 422
    assert manager.post(f"{PAGE}comments/{answer.pk + 1}/mark/", {"mark": "praise"}).status_code == 404


def test_staff_may_not_mark(staff, survey):
    [answer] = give(survey, [5], comment="Thanks")
    assert staff.post(f"{PAGE}comments/{answer.pk}/mark/", {"mark": "praise"}).status_code == 403
    assert "aria-pressed" not in shown(staff)


# --- Employees ----------------------------------------------------------------------------------------------------
@pytest.fixture
def own_people():
    return SurveyFactory(slug="mine", kind="esat")


def test_few_answers_of_employees_are_not_shown(staff, own_people):
    give(own_people, [1, 1, 1, 1], comment="my boss")
    hidden = shown(staff)
    assert "answers are shown from the next day on, at least 5 at a time" in card(hidden, "score")
    assert "my boss" not in hidden
    give(own_people, [5])
    page = shown(staff)
    assert page.count("my boss") == 4
    assert '<p class="stat-value">20.0 %</p>' in card(page, "score")


def test_answers_of_today_are_not_shown(staff, own_people):
    give(own_people, [1] * 9, at=timezone.now(), comment="my boss")
    page = shown(staff)
    assert "my boss" not in page
    assert '<p class="stat-value">–</p>' in card(page, "score")


def test_comment_of_an_employee_stands_without_time_team_and_number(manager, own_people):
    give(own_people, [1, 2, 3, 4, 5], comment="my boss", team="Night shift", ticket="T-77")
    comments = card(shown(manager), "comments")
    assert comments.count("my boss") == 5
    words = ("<time", "Night shift", "T-77", "answer-", "aria-pressed", "<form")
    assert [word for word in words if word in comments] == []


def test_comments_of_employees_cannot_be_searched_filtered_or_marked(manager, own_people):
    [first, *_others] = give(own_people, [1, 2, 3, 4, 5], comment="my boss", team="Tech")
    assert shown(manager, "?q=zzz&team=None&standing=-1").count("my boss") == 5
    assert manager.post(f"{PAGE}comments/{first.pk}/mark/", {"mark": "praise"}).status_code == 404


def test_small_groups_of_employees_are_shown_together(staff, own_people):
    for team, count in {"Tech": 14, "Product": 9, "Content": 3, "Board": 2}.items():
        give(own_people, [5] * count, team=team)
    cut = rows(shown(staff), "cut-team")
    assert {name: cells[2] for name, cells in cut.items()} == {
        "Tech": "14",
        "Product": "9",
        "too small to be shown, together": "5",
    }
    assert "Content" not in shown(staff)


def test_no_period_tells_one_answer_of_an_employee(staff, own_people):
    """Six on Monday, one on Tuesday, six on Wednesday: whoever asks for Monday and Tuesday sees Monday only."""
    for number, count in enumerate((6, 1, 6)):
        give(own_people, [5] * count, at=NOON + timedelta(days=number))
    n = [
        re.findall(r"(\d+) answers ·", card(shown(staff, f"?from=2026-03-02&to={day}"), "score"))
        for day in (date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5))
    ]
    assert n == [["6"], ["6"], ["13"]]


# --- Cost ---------------------------------------------------------------------------------------------------------
def test_page_says_when_it_is_behind(staff, survey, monkeypatch):
    give(survey, [5] * 3)
    monkeypatch.setattr("surveys.readings.LIVE_MOST", 2)
    assert "are still being counted" in shown(staff)


def test_unknown_survey_is_404(staff):
    assert staff.get("/surveys/nothing/").status_code == 404
    assert Survey.objects.filter(slug="nothing").count() == 0


def test_second_page_of_comments_of_employees_has_the_period(staff):
    give(SurveyFactory(slug="mine", kind="esat"), [5] * 30, comment="word")
    page = staff.get("/surveys/mine/?period=90d").content.decode()
    assert re.findall(r'rel="next" href="([^"]*)"', page) == ["?period=90d&amp;page=2"]
