"""Answers to surveys out of files, and the figures they give."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kpiproject.models import Agent, Team
from metrics import dirty
from metrics.models import Customer, ImportRun, RejectedRow
from metrics.queries import Question, figures
from surveys.models import Answer, AnswerChange, Contact, Invitation, Survey
from tests.factories import AgentFactory, CustomerFactory, SurveyFactory, TeamFactory, TicketFactory
from tests.metrics.figures import at, day, point, points
from tests.metrics.importing import counts, imported, written

pytestmark = pytest.mark.django_db

HEADER = "external_id,survey_kind,score,scale_min,scale_max,answered_at,comment"
LINES = [
    "A,csat,5,1,5,2026-01-02 10:00,Quick",
    "B,csat,2,1,5,2026-01-03 10:00,",
    "C,nps,9,,,2026-01-03 10:00,",
    "D,csat,6,1,5,2026-01-03 10:00,too high",
]


def file(folder: Path, lines: Sequence[str] = LINES, header: str = HEADER) -> Path:
    return written(folder, [header, *lines], "answers.csv")


def responses(folder: Path, lines: Sequence[str] = LINES, *options: str, header: str = HEADER) -> dict[str, Any]:
    return imported("survey_responses", file(folder, lines, header), *options)


def stored() -> list[tuple[Any, ...]]:
    """All answers, without the numbers that the database gave them."""
    columns = (
        "source",
        "external_id",
        "survey__slug",
        "kind",
        "score",
        "scale_min",
        "scale_max",
        "standing",
        "comment",
    )
    return list(Answer.objects.order_by("external_id").values_list(*columns))


def codes(answer: dict[str, Any]) -> dict[str, int]:
    return {warning["code"]: warning["count"] for warning in answer["warnings"]}


def test_answers_are_counted_under_a_closed_survey_of_their_source_and_kind(tmp_path: Path) -> None:
    answer = responses(tmp_path, LINES, "--source", "delighted")
    assert counts(answer) == (4, 3, 0, 0, 1)
    assert (answer["kind"], answer["written"]) == ("survey_responses", {"survey_responses": 3})
    assert stored() == [
        ("delighted", "A", "import-delighted-csat", "csat", 5, 1, 5, 1, "Quick"),
        ("delighted", "B", "import-delighted-csat", "csat", 2, 1, 5, -1, ""),
        ("delighted", "C", "import-delighted-nps", "nps", 9, 0, 10, 1, ""),
    ]
    survey = Survey.objects.get(slug="import-delighted-csat")
    assert (survey.status, survey.name) == ("closed", "Imported from delighted: Customer satisfaction (CSAT)")
    assert survey.current_version is not None
    assert {one.origin for one in Answer.objects.all()} == {"import"}
    assert (point("csat").value, point("csat").n) == (50.0, 2)
    assert point("nps").value == 100.0


def test_the_rejected_row_says_why_and_can_be_mended(tmp_path: Path) -> None:
    answer = responses(tmp_path)
    row = RejectedRow.objects.get()
    assert (row.line, row.column, row.reason, row.message) == (
        *(5, "score", "score_out_of_scale"),
        "6 is not on the scale from 1 to 5.",
    )
    path = Path(answer["rejected_file"])
    mended = path.read_text("utf-8-sig").replace("D,csat,6,", "D,csat,4,")
    assert counts(imported("survey_responses", written(tmp_path, mended, "mended.csv"))) == (1, 1, 0, 0, 0)
    assert Answer.objects.get(external_id="D").score == 4


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    responses(tmp_path)
    before = stored()
    dirty.take_over_survey_changes()
    answer = responses(tmp_path)
    assert counts(answer) == (4, 0, 0, 3, 1)
    assert answer["written"] == {}
    assert (stored(), AnswerChange.objects.count()) == (before, 0)
    assert not dirty.take_over_survey_changes()


def test_a_row_that_says_something_else_keeps_what_it_said(tmp_path: Path) -> None:
    responses(tmp_path)
    answer = responses(tmp_path, ["A,csat,1,1,5,2026-01-02 10:00,Slow after all", *LINES[1:]])
    assert counts(answer) == (4, 0, 1, 2, 1)
    found = Answer.objects.get(external_id="A")
    assert (found.score, found.standing, found.comment, found.changed_at) == (1, -1, "Slow after all", None)
    change = AnswerChange.objects.get()
    assert (change.answer_id, change.score, change.comment) == (found.pk, 5, "Quick")
    assert point("csat").value == 0.0


def test_an_answer_that_moves_to_another_day_counts_there_alone(tmp_path: Path) -> None:
    responses(tmp_path, LINES[:1])
    days: dict[str, Any] = {"code": "csat", "grain": "day", "start": day("2026-01-02"), "end": day("2026-01-06")}
    assert [one.n for one in points(**days)] == [1, 0, 0, 0]
    responses(tmp_path, ["A,csat,5,1,5,2026-01-05 10:00,Quick"])
    call_command("recompute")
    assert [one.n for one in figures(Question(**days)).points] == [0, 0, 0, 1]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    answer = responses(tmp_path, LINES, "--dry-run")
    assert counts(answer) == (4, 3, 0, 0, 1)
    assert (Answer.objects.count(), Survey.objects.filter(slug__startswith="import").count()) == (0, 0)


def test_columns_that_a_file_lacks_stay_as_they_are(tmp_path: Path) -> None:
    responses(
        tmp_path, ["A,csat,5,2026-01-02,mail,Quick"], header="external_id,survey_kind,score,answered_at,channel,comment"
    )
    answer = responses(tmp_path, ["A,csat,5,2026-01-02"], header="external_id,survey_kind,score,answered_at")
    assert counts(answer) == (1, 0, 0, 1, 0)
    found = Answer.objects.get()
    assert (found.channel, found.comment) == ("mail", "Quick")


def test_unknown_columns_are_kept(tmp_path: Path) -> None:
    responses(tmp_path, ["A,csat,5,1,5,2026-01-02,,Leeds"], header=f"{HEADER},shop")
    assert Answer.objects.get().extra == {"shop": "Leeds"}


def test_reversed_scores_are_turned_round_and_said_so(tmp_path: Path) -> None:
    lines = ["A,csat,1,,,2026-01-02,", "B,csat,5,,,2026-01-02,", "C,csat,2,,,2026-01-02,"]
    answer = responses(tmp_path, lines, "--best", "low")
    assert [row[4] for row in stored()] == [5, 1, 4]
    assert codes(answer) == {"score_turned": 3}
    assert round(point("csat").value or 0, 6) == 66.666667


def test_a_file_read_the_wrong_way_round_is_put_right_by_reading_it_again(tmp_path: Path) -> None:
    lines = ["A,csat,1,,,2026-01-02,", "B,csat,5,,,2026-01-02,", "C,csat,3,,,2026-01-02,"]
    responses(tmp_path, lines)
    assert counts(responses(tmp_path, lines, "--best", "csat=low")) == (3, 0, 2, 1, 0)
    assert [row[4] for row in stored()] == [5, 1, 3]
    assert AnswerChange.objects.count() == 2


def test_scales_may_be_told_by_kind(tmp_path: Path) -> None:
    lines = ["A,csat,1,,,2026-01-02,", "B,ces,4,,,2026-01-02,", "C,nps,4,,,2026-01-02,"]
    responses(tmp_path, lines, "--scale", "csat=0-1", "--scale", "ces=1-5", "--source", "x")
    assert [row[2:8] for row in stored()] == [
        ("import-x-csat-0-1", "csat", 1, 0, 1, 1),
        ("import-x-ces-1-5", "ces", 4, 1, 5, 1),
        ("import-x-nps", "nps", 4, 0, 10, -1),
    ]


def refused(path: Path, *options: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("import_data", "survey_responses", str(path), *options)
    assert (Answer.objects.count(), ImportRun.objects.count()) == (0, 0)
    return str(caught.value)


def test_a_scale_that_nothing_proves_must_be_told(tmp_path: Path) -> None:
    path = file(tmp_path, ["A,csat,3,,,2026-01-02,"])
    assert refused(path) == (
        "Nothing in answers.csv proves on which scale its csat scores are: they go from 3 to 3, which fits the scales "
        "1-3, 0-3, 1-4, 0-4, 1-5, 0-6, 1-7, 0-9, 1-10: pass --scale LOW-HIGH, for example --scale 1-5."
    )
    assert counts(imported("survey_responses", path, "--scale", "1-3")) == (1, 1, 0, 0, 0)


def test_what_was_asked_must_be_told(tmp_path: Path) -> None:
    path = file(tmp_path, ["A,5,2026-01-02"], "external_id,score,answered_at")
    assert refused(path) == (
        "answers.csv does not say what was asked: which kind of survey its scores belong to: pass --survey-kind, for "
        "example csat."
    )
    assert counts(imported("survey_responses", path, "--survey-kind", "esat")) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--scale", "5-1", "“5-1” is not a scale; write it like 1-5."),
        ("--scale", "mood=1-5", "there is no kind of survey 'mood'; there are csat, nps, ces, esat, enps"),
        ("--best", "middle", "'middle' is neither low nor high"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(tmp_path: Path, option: str, value: str, sentence: str) -> None:
    assert refused(file(tmp_path), option, value) == f"Error: argument {option}: {sentence}"


def test_a_scale_without_thresholds_is_kept_and_counts_nowhere(tmp_path: Path) -> None:
    answer = responses(tmp_path, ["A,csat,80,0,100,2026-01-02,", "B,nps,4,1,5,2026-01-02,"])
    assert codes(answer) == {"scale_without_thresholds": 2}
    assert [row[7] for row in stored()] == [None, None]
    assert (point("csat").value, point("csat").excluded) == (None, {"scale_unknown": 1})
    assert point("nps").excluded == {"scale_unknown": 1}


def test_a_survey_that_is_here_takes_its_answers(tmp_path: Path) -> None:
    SurveyFactory(slug="after-calls", kind="csat", middle_from=4, good_from=5)
    header = "external_id,survey,score,answered_at"
    answer = responses(
        tmp_path, ["A,after-calls,4,2026-01-02", "B,autumn,5,2026-01-02"], "--survey-kind", "csat", header=header
    )
    assert codes(answer) == {"unknown_survey": 1}
    assert [(row[1], row[2], row[7]) for row in stored()] == [
        ("A", "after-calls", 0),  # by the thresholds of that survey
        ("B", "import-generic-csat", 1),
    ]


def test_the_ticket_says_what_the_row_does_not(tmp_path: Path) -> None:
    TicketFactory(
        source="desk",
        external_id="7",
        channel="phone",
        category="Billing",
        team=TeamFactory(name="First line"),
        agent=AgentFactory(external_id="ann"),
        customer=CustomerFactory(external_id="C-1"),
    )
    header = "external_id,survey_kind,score,answered_at,ticket,channel"
    lines = ["A,csat,5,2026-01-02,7,", "B,csat,5,2026-01-02,7,chat", "C,csat,5,2026-01-02,,", "D,csat,5,2026-01-02,8,"]
    answer = responses(tmp_path, lines, "--source", "desk", header=header)
    assert counts(answer) == (4, 3, 0, 0, 1)
    columns = ("ticket_source", "ticket", "channel", "category", "team", "agent", "customer")
    assert list(Answer.objects.order_by("external_id").values_list(*columns)) == [
        ("desk", "7", "phone", "Billing", "First line", "ann", "C-1"),
        ("desk", "7", "chat", "Billing", "First line", "ann", "C-1"),
        ("", "", "", "", "", "", ""),
    ]
    assert RejectedRow.objects.get().message == (
        "There is no ticket 8 in the source desk; import the tickets first, or leave the column out."
    )


def test_an_imported_answer_replaces_the_score_that_came_with_its_ticket(tmp_path: Path) -> None:
    for name in ("7", "8"):
        TicketFactory(
            source="desk",
            external_id=name,
            satisfaction_score=1,
            satisfaction_scale=5,
            satisfaction_at=at("2026-01-02"),
        )
    assert (point("csat").value, point("csat").n) == (0.0, 2)
    header = "external_id,survey_kind,score,answered_at,ticket"
    responses(tmp_path, ["A,csat,5,2026-02-02,7"], "--source", "desk", header=header)
    call_command("recompute")
    assert (point("csat").value, point("csat").n) == (50.0, 2)
    responses(tmp_path, ["A,csat,5,2026-02-02,"], "--source", "desk", header=header)
    call_command("recompute")
    assert (round(point("csat").value or 0, 2), point("csat").n) == (33.33, 3)


def test_who_is_named_becomes_known(tmp_path: Path) -> None:
    AgentFactory(external_id="17", email="ann@example.com")
    header = "external_id,survey_kind,score,answered_at,customer,customer_email,agent,team"
    lines = [
        "A,csat,5,2026-01-02,C-1,Joan+shop@Example.com,Ann@example.com,Desk",
        "B,csat,5,2026-01-02,C-2,nonsense,Bob,Desk",
        "C,csat,5,2026-01-02,C-1,joan+shop@example.com,Bob,",
    ]
    answer = responses(tmp_path, lines, header=header)
    assert codes(answer) == {"bad_address": 1, "unknown_agent": 1, "unknown_customer": 2, "unknown_team": 1}
    assert list(Contact.objects.values_list("email", flat=True)) == ["joan+shop@example.com"]
    columns = ("customer", "contact__email", "agent", "team")
    assert list(Answer.objects.order_by("external_id").values_list(*columns)) == [
        ("C-1", "joan+shop@example.com", "17", "Desk"),
        ("C-2", None, "Bob", "Desk"),
        ("C-1", "joan+shop@example.com", "Bob", ""),
    ]
    assert (Customer.objects.count(), Agent.objects.count(), Team.objects.count()) == (2, 2, 1)


INVITED = "external_id,survey_kind,score,answered_at,invited_at,customer_email"


def test_who_was_asked_counts_in_the_response_rate(tmp_path: Path) -> None:
    lines = [
        "A,csat,5,2026-01-03,2026-01-02,a@example.com",
        "B,csat,,,2026-01-02,b@example.com",
        "C,csat,4,2026-01-03,2026-01-02,",
        "D,csat,,,2026-01-02,",
        "E,csat,4,2026-01-03,,e@example.com",
    ]
    answer = responses(tmp_path, lines, header=INVITED)
    assert counts(answer) == (5, 4, 0, 0, 1)
    assert codes(answer)["invited_without_address"] == 1
    assert RejectedRow.objects.get().reason == "no_score"
    found = Invitation.objects.order_by("contact__email")
    assert [(one.contact.email, one.sent_at, one.is_answered, one.mail_id) for one in found] == [
        ("a@example.com", datetime(2026, 1, 2, tzinfo=UTC), True, None),
        ("b@example.com", datetime(2026, 1, 2, tzinfo=UTC), False, None),
    ]
    assert Answer.objects.get(external_id="A").invitation == found[0]
    rate = point("survey_response_rate")
    assert (rate.value, rate.part, rate.whole) == (50.0, 1, 2)
    assert counts(responses(tmp_path, lines, header=INVITED)) == (5, 0, 0, 4, 1)


def test_who_answers_later_was_asked_once(tmp_path: Path) -> None:
    responses(tmp_path, ["B,csat,,,2026-01-02,b@example.com"], header=INVITED)
    responses(tmp_path, ["B,csat,5,2026-01-04,2026-01-02,b@example.com"], header=INVITED)
    invitation = Invitation.objects.get()
    assert (invitation.is_answered, invitation.answer.score) == (True, 5)
    assert point("survey_response_rate").value == 100.0


def test_answers_of_employees_are_parted_from_who_gave_them(tmp_path: Path) -> None:
    header = (
        "external_id,survey_kind,score,answered_at,invited_at,customer,customer_email,agent,team,channel,language,note"
    )
    line = "P-17,enps,9,2026-01-02 10:17,2026-01-01,Ann,ann@example.com,ann,Desk,mail,de,left-handed"
    answer = responses(tmp_path, [line], header=header)
    assert counts(answer) == (1, 1, 0, 0, 0)
    found = Answer.objects.get()
    assert (found.answered_at, found.team) == (datetime(2026, 1, 2, tzinfo=UTC), "Desk")
    hidden = (found.contact, found.invitation, found.customer, found.agent, found.channel, found.language, found.extra)
    assert hidden == (None, None, "", "", "", "", {})
    assert "P-17" not in found.external_id
    assert (Contact.objects.count(), Invitation.objects.count(), Customer.objects.count()) == (0, 0, 0)
    assert not Agent.objects.exists()
    assert counts(responses(tmp_path, [line], header=header)) == (1, 0, 0, 1, 0)


def test_every_row_of_a_joined_answer_is_counted_and_rejected_with_it(tmp_path: Path) -> None:
    header = "external_id,survey_kind,score,answered_at,ticket,comment"
    lines = [
        "A,csat,5,2026-01-02,,one",
        "A,csat,5,2026-01-02,,two",
        "B,csat,5,2026-01-02,9,one",
        "B,csat,5,2026-01-02,9,two",
    ]
    assert counts(responses(tmp_path, lines, header=header)) == (4, 2, 0, 0, 2)
    assert [row.line for row in RejectedRow.objects.all()] == [4, 5]
    assert Answer.objects.get().comment == "one\n\ntwo"


def test_a_mended_row_is_added_to_the_answer_that_is_in_already(tmp_path: Path) -> None:
    header = "external_id,survey_kind,score,answered_at,comment,question"
    lines = ["A,csat,5,2026-01-03,one,Q1", "A,csat,5,soon,two,Q2"]
    answer = responses(tmp_path, lines, header=header)
    assert counts(answer) == (2, 1, 0, 0, 1)
    mended = written(
        tmp_path, Path(answer["rejected_file"]).read_text("utf-8-sig").replace(",soon,", ",2026-01-02,"), "m.csv"
    )
    assert counts(imported("survey_responses", mended)) == (1, 0, 1, 0, 0)
    found = Answer.objects.get()
    assert (found.comment, found.extra) == ("one\n\ntwo", {"question": ["Q1", "Q2"]})
    assert found.answered_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert counts(imported("survey_responses", mended)) == (1, 0, 0, 1, 0)


def test_html_and_other_scripts_are_kept_as_they_are(tmp_path: Path) -> None:
    said = "<script>alert(1)</script> 😀 شكرا"
    responses(tmp_path, [f"A,csat,5,1,5,2026-01-02,{said}"])
    assert Answer.objects.get().comment == said
