from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from metrics.sources.faults import UnknownScale
from metrics.sources.responses import SurveyResponses
from metrics.sources.rows import Fault, Row
from metrics.sources.scoring import Scoring, Span
from tests.metrics.importing import reader, written

HEADER = "external_id,survey_kind,score,scale_min,scale_max,answered_at,comment"


def responses(folder: Path, lines: Sequence[str], header: str = HEADER, **options: Any) -> SurveyResponses:
    found = reader(written(folder, [header, *lines]), "survey_responses", **options)
    assert isinstance(found, SurveyResponses)
    return found


def rows(found: SurveyResponses) -> dict[str, dict[str, Any]]:
    return {item.values["external_id"]: item.values for item in found.items() if isinstance(item, Row)}


def faults(found: SurveyResponses) -> list[tuple[int, str, str]]:
    return [(item.line, item.column, item.reason) for item in found.items() if isinstance(item, Fault)]


def test_an_answer_with_everything_missing_that_may_be(tmp_path: Path) -> None:
    found = responses(tmp_path, ["A,CSAT,5,,,2026-01-02 10:00,"])
    assert rows(found)["A"] == {
        "external_id": "A",
        "survey": "",
        "survey_kind": "csat",
        "score": 5,
        "scale_min": 1,
        "scale_max": 5,
        "answered_at": datetime(2026, 1, 2, 10, tzinfo=UTC),
        "comment": "",
    }


def test_rows_of_one_file_may_be_on_different_scales(tmp_path: Path) -> None:
    lines = [
        "A,csat,5,1,5,2026-01-02,",
        "B,csat,9,1,10,2026-01-02,",
        "C,csat,2,5,1,2026-01-02,",
        "D,nps,0,,,2026-01-02,",
    ]
    found = responses(tmp_path, lines)
    assert {name: (row["score"], row["scale_min"], row["scale_max"]) for name, row in rows(found).items()} == {
        "A": (5, 1, 5),
        "B": (9, 1, 10),
        "C": (4, 1, 5),
        "D": (0, 0, 10),
    }
    assert found.notes.as_list() == [{"code": "score_turned", "count": 1, "example": "2 → 4"}]


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    lines = [
        "A,csat,6,1,5,2026-01-02,",
        "B,csat,,1,5,2026-01-02,no score",
        "C,csat,5,1,5,,",
        "D,mood,5,1,5,2026-01-02,",
        "E,csat,4.5,1,5,2026-01-02,",
        "F,csat,Good,1,5,2026-01-02,",
        ",csat,5,1,5,2026-01-02,",
    ]
    assert faults(responses(tmp_path, lines)) == [
        (2, "score", "score_out_of_scale"),
        (3, "score", "no_score"),
        (4, "answered_at", "missing_value"),
        (5, "survey_kind", "unknown_value"),
        (6, "score", "bad_number"),
        (7, "score", "bad_number"),
        (8, "external_id", "missing_value"),
    ]


def test_words_are_given_numbers(tmp_path: Path) -> None:
    lines = ["A,csat,Good,0,1,2026-01-02,", "B,csat,bad,0,1,2026-01-02,", "C,csat,Offered,0,1,2026-01-02,"]
    found = responses(tmp_path, lines, value_map={"score": {"good": "1", "Bad": "0", "Offered": ""}})
    assert [row["score"] for row in rows(found).values()] == [1, 0]
    assert faults(found) == [(4, "score", "no_score")]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ["A,csat,1,,,2026-01-02,", "B,csat,4,,,2026-01-02,"],
            (
                "Nothing in file.csv proves on which scale its csat scores are: they go from 1 to 4, which fits the "
                "scales 1-4, 0-4, 1-5, 0-6, 1-7, 0-9, 1-10."
            ),
        ),
        (
            ["A,csat,5,,,2026-01-02,", "B,csat,10,,,2026-01-02,"],
            (
                "Nothing in file.csv proves on which scale its csat scores are: they go from 5 to 10, which fits the "
                "scales 1-10."
            ),
        ),
        (
            ["A,nps,100,,,2026-01-02,"],
            (
                "Nothing in file.csv proves on which scale its nps scores are: they go from 100 to 100, which fits "
                "none of the usual scales."
            ),
        ),
        (["A,,5,,,2026-01-02,"], "file.csv does not say what was asked: which kind of survey its scores belong to."),
    ],
)
def test_a_scale_that_nothing_proves_is_asked_for(tmp_path: Path, lines: list[str], sentence: str) -> None:
    with pytest.raises(UnknownScale) as caught:
        responses(tmp_path, lines).refuse_open_scales()
    assert str(caught.value) == sentence


def test_what_is_told_is_not_asked_for(tmp_path: Path) -> None:
    lines = ["A,,1,,,2026-01-02,", "B,,4,,,2026-01-02,", "C,,5,,,2026-01-02,"]
    found = responses(tmp_path, lines, scoring=Scoring(kind="csat", scales={"csat": Span(1, 4)}))
    found.refuse_open_scales()
    assert [row["score"] for row in rows(found).values()] == [1, 4]
    assert faults(found) == [(4, "score", "score_out_of_scale")]


def test_several_rows_of_one_answer_are_joined(tmp_path: Path) -> None:
    lines = [
        "A,csat,5,1,5,2026-01-03,Quick,x",
        "B,csat,1,1,5,2026-01-02,Slow,x",
        "A,csat,5,1,5,2026-01-02,Friendly,y",
        "A,csat,5,1,5,2026-01-04,Quick,x",
    ]
    found = responses(tmp_path, lines, f"{HEADER},shop")
    joined, other = sorted((item for item in found.items() if isinstance(item, Row)), key=lambda row: row.line)
    assert joined.values["comment"] == "Quick\n\nFriendly"
    assert joined.values["answered_at"] == datetime(2026, 1, 2, tzinfo=UTC)
    assert joined.values["extra"] == {"shop": ["x", "y"]}
    assert (joined.lines, other.lines) == (3, 1)
    assert [fault.line for fault in joined.faults("ticket", "unknown_ticket", "…")] == [2, 4, 5]
    assert found.notes.as_list() == [{"code": "rows_joined", "count": 2, "example": "line 4"}]


def test_a_row_that_contradicts_another_of_its_answer_is_rejected(tmp_path: Path) -> None:
    found = responses(tmp_path, ["A,csat,5,1,5,2026-01-02,Quick", "A,csat,4,1,5,2026-01-02,Slow"])
    kept, fault = sorted(found.items(), key=lambda item: item.line)
    assert isinstance(kept, Row)
    assert (kept.values["comment"], kept.lines) == ("Quick", 1)
    assert isinstance(fault, Fault)
    assert (fault.line, fault.reason, fault.message) == (
        3,
        "other_score",
        "Line 2 has the same id and says another score, scale or survey.",
    )


def test_somebody_who_was_asked_and_did_not_answer_is_a_row_too(tmp_path: Path) -> None:
    header = "external_id,survey_kind,score,answered_at,invited_at"
    found = responses(tmp_path, ["A,csat,,,2026-01-02", "B,csat,5,2026-01-03,2026-01-02"], header)
    assert [(row["score"], row["answered_at"] is None) for row in rows(found).values()] == [(None, True), (5, False)]


def test_what_becomes_of_every_score_that_is_seen(tmp_path: Path) -> None:
    lines = [
        *("A,csat,1,,,2026-01-02,", "B,csat,5,,,2026-01-02,", "C,csat,5,,,2026-01-02,"),
        *("D,csat,6,,,2026-01-02,", "E,csat,7,,,2026-01-02,", "F,csat,bad,,,2026-01-02,", "G,nps,10,,,2026-01-02,"),
    ]
    scoring = Scoring(scales={"csat": Span(1, 5)}, best={"csat": "low"})
    found = responses(tmp_path, lines, scoring=scoring, value_map={"score": {"7": ""}})
    assert [
        (one.kind, one.text, one.times, one.placed and one.placed.score, one.message) for one in found.scores()
    ] == [
        ("csat", "1", 1, 5, ""),
        ("csat", "5", 2, 1, ""),
        ("csat", "6", 1, None, "6 is not on the scale from 1 to 5."),
        ("csat", "7", 1, None, "The score is empty: nobody answered here."),
        ("csat", "bad", 1, None, "“bad” is not a whole number."),
        ("nps", "10", 1, 10, ""),
    ]
    assert (found.found_scale("csat"), found.found_scale("nps")) == (Span(1, 5), Span(0, 10))


@pytest.mark.parametrize(
    "header",
    [
        "Response ID,Survey type,Rating,Recorded date,Feedback Comment,Agent Name,Contact Email Address",
        "id,metric,NPS score,Responded at,Verbatim,Assignee,E-mail",
        "Survey response ID,Kind,CSAT,Submission date,Comments,Owner,Respondent email",
    ],
)
def test_headers_of_other_systems_are_understood(tmp_path: Path, header: str) -> None:
    found = responses(tmp_path, ["A,nps,9,2026-01-02,Fine,Ann,ann@example.com"], header)
    row = rows(found)["A"]
    assert (row["survey_kind"], row["score"], row["comment"], row["agent"], row["customer_email"]) == (
        *("nps", 9, "Fine"),
        *("Ann", "ann@example.com"),
    )
