import pytest

from metrics.sources.faults import FileFault
from metrics.sources.scoring import Known, Misplaced, Scoring, Span, Told, fitting, parse_scale, place, proven

FIVE, SEVEN, ELEVEN = Span(1, 5), Span(1, 7), Span(0, 10)


@pytest.mark.parametrize("text", ["1-5", "1–5", " 1 - 5 ", "1..5", "1 to 5"])
def test_a_scale_as_people_write_it(text: str) -> None:
    assert parse_scale(text) == FIVE


def test_a_scale_may_begin_below_zero() -> None:
    assert parse_scale("-2-2") == Span(-2, 2)


@pytest.mark.parametrize("text", ["", "5", "5-1", "3-3", "one to five", "1-5-7"])
def test_what_is_no_scale_is_refused(text: str) -> None:
    with pytest.raises(FileFault) as caught:
        parse_scale(text)
    assert str(caught.value) == f"“{text}” is not a scale; write it like 1-5."


# Scores that were seen, and the scale that they prove: by hand.
@pytest.mark.parametrize(
    ("kind", "scores", "scale"),
    [
        ("csat", {1, 3, 5}, FIVE),
        ("csat", {5}, FIVE),
        ("csat", {1, 2, 3, 4}, None),  # of 4 or of 5
        ("csat", {1, 2}, None),
        ("csat", {0, 5}, None),
        ("csat", {5, 6}, None),  # of 7 or of 10
        ("esat", {2, 5}, FIVE),
        ("ces", {1, 6}, SEVEN),
        ("ces", {1, 5}, None),  # of 5 or of 7
        ("ces", {7, 8}, None),
        ("nps", {3}, ELEVEN),
        ("nps", {0, 10}, ELEVEN),
        ("enps", {11}, None),
    ],
)
def test_what_scores_prove_about_their_scale(kind: str, scores: set[int], scale: Span | None) -> None:
    assert proven(kind, scores) == scale


def test_the_scales_in_use_that_scores_fit() -> None:
    assert fitting("csat", {1, 4}) == [
        Span(1, 4),
        Span(0, 4),
        Span(1, 5),
        Span(0, 6),
        Span(1, 7),
        Span(0, 9),
        Span(1, 10),
    ]
    assert fitting("ces", {0, 5}) == [Span(0, 6)]
    assert fitting("nps", {100}) == []


def placed(
    score: int | None,
    low: int | None = None,
    high: int | None = None,
    *,
    kind: str = "csat",
    survey: str = "",
    scoring: Scoring | None = None,
) -> tuple[str, str, int | None, tuple[int, int], bool]:
    found = place(Told(kind, survey, score, low, high), scoring or Scoring(), {"csat": FIVE})
    return found.kind, found.survey, found.score, tuple(found.span), found.is_turned  # type: ignore[return-value]  # it has two


def test_a_row_says_its_own_scale() -> None:
    assert placed(9, 1, 10) == ("csat", "", 9, (1, 10), False)
    assert placed(3, None, 4) == ("csat", "", 3, (1, 4), False)
    assert placed(0, None, 10, kind="nps") == ("nps", "", 0, (0, 10), False)


def test_a_scale_that_is_told_counts_where_a_row_has_none() -> None:
    scoring = Scoring(scales={"": Span(1, 10), "nps": ELEVEN})
    assert placed(9, scoring=scoring) == ("csat", "", 9, (1, 10), False)
    assert placed(9, kind="nps", scoring=scoring) == ("nps", "", 9, (0, 10), False)
    assert placed(3, 1, 5, scoring=scoring) == ("csat", "", 3, (1, 5), False)


def test_what_the_file_proves_counts_last() -> None:
    assert placed(4) == ("csat", "", 4, (1, 5), False)


@pytest.mark.parametrize(("score", "stored"), [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
def test_where_the_lowest_is_best_scores_are_turned_round(score: int, stored: int) -> None:
    assert placed(score, scoring=Scoring(best={"csat": "low"})) == ("csat", "", stored, (1, 5), True)
    assert placed(score, 5, 1) == ("csat", "", stored, (1, 5), True)


def test_a_scale_from_zero_is_turned_round_from_zero() -> None:
    assert placed(0, 0, 2, scoring=Scoring(best={"": "low"}))[2] == 2


def test_a_row_that_is_reversed_already_is_not_turned_twice() -> None:
    assert placed(1, 5, 1, scoring=Scoring(best={"csat": "low"}))[2] == 5


EFFORT = Scoring(surveys={"effort": Known("ces", SEVEN, lower_is_better=True)})


def test_a_survey_that_asks_for_effort_keeps_its_own_direction() -> None:
    assert placed(2, kind="ces", survey="effort", scoring=EFFORT) == ("ces", "effort", 2, (1, 7), False)
    low = Scoring(best={"ces": "low"}, surveys=EFFORT.surveys)
    assert placed(2, kind="ces", survey="effort", scoring=low)[2] == 2
    high = Scoring(best={"ces": "high"}, surveys=EFFORT.surveys)
    assert placed(2, kind="ces", survey="effort", scoring=high)[2] == 6


def test_the_survey_says_the_kind_and_the_scale() -> None:
    assert placed(7, kind="", survey="effort", scoring=EFFORT) == ("ces", "effort", 7, (1, 7), False)


def test_a_survey_that_is_not_here_is_the_one_for_imports() -> None:
    assert placed(4, survey="autumn")[1] == ""


def refused(score: int | None, low: int | None = None, high: int | None = None, **more: object) -> tuple[str, str, str]:
    with pytest.raises(Misplaced) as caught:
        placed(score, low, high, **more)
    return caught.value.column, caught.value.reason, str(caught.value)


def test_every_score_that_cannot_be_placed_says_why() -> None:
    assert refused(6) == ("score", "score_out_of_scale", "6 is not on the scale from 1 to 5.")
    assert refused(11, 0, 10, kind="nps") == ("score", "score_out_of_scale", "11 is not on the scale from 0 to 10.")
    assert refused(3, 3, 3) == ("scale_max", "bad_scale", "A scale from 3 to 3 has only one score.")
    assert refused(3, 1) == ("scale_max", "missing_value", "scale_max is missing.")
    assert refused(3, kind="ces") == ("scale_max", "unknown_scale", "Nothing says on which scale this score is.")
    assert refused(3, kind="") == ("survey_kind", "missing_value", "survey_kind is missing.")
    assert refused(3, kind="csat", survey="effort", scoring=EFFORT) == (
        "survey_kind",
        "other_kind",
        "The survey effort is of the kind ces, not csat.",
    )
    assert refused(3, 1, 5, kind="ces", survey="effort", scoring=EFFORT) == (
        "scale_max",
        "other_scale",
        "The survey effort has the scale 1-7, this score is on 1-5; leave the survey out.",
    )
