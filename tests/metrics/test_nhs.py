"""Comments and scores of two NHS trusts, whose best score is 1, against figures computed from them with plain pandas.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from surveys.models import Answer, Survey
from tests.metrics.figures import point, points
from tests.metrics.importing import counts, imported, written

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
COMMENTS = SHARED / "data" / "csat_nhs_fft_comments"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not COMMENTS.is_dir(), reason="the NHS comments are not beside the repository"),
]

# 6 is "don't know" and 7 no answer, by the customs of the NHS; both are no score.
NO_ANSWER = {"6": "", "7": ""}
READ = (
    *("--source", "nhs", "--survey-kind", "csat", "--scale", "1-5", "--best", "low"),
    *("--map", "score=FFT categorical answer", "--map", "comment=FFT answer", "--map", "answered_at=Date"),
    *("--map", "team=Trust", "--map", "category=Service type 1"),
)


def reference(name: str) -> Any:
    return json.loads((COMMENTS / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def responses(folder: Path, column: str, meanings: dict[str, str]) -> dict[str, Any]:
    """The whole file. Some of its dates have the month first: those that prove it are rejected, and come back."""
    options = [*READ, "--map", f"external_id={column}"]
    options += ["--value-map", str(written(folder, json.dumps({"score": meanings}), "meanings.json"))]
    (file,) = COMMENTS.glob("*.csv.gz")
    first = imported("survey_responses", file, *options)
    mended = imported("survey_responses", Path(first["rejected_file"]), *options, "--month-first")
    assert counts(first) == (reference("rows"), *counts(first)[1:])
    unscored = [seen for seen, meant in meanings.items() if not meant]
    assert mended["rejected"] == sum(reference("answer_counts_comments")[seen] for seen in unscored)
    return first


def given() -> dict[int, int]:
    """How often each score of the file was given, with 5 for its 1."""
    scores = list(Answer.objects.values_list("score", flat=True))
    return {score: scores.count(6 - score) for score in range(1, 6)}


def expected(name: str) -> dict[int, int]:
    return {score: reference(name)[str(score)] for score in range(1, 6)}


def test_scores_of_respondents(tmp_path: Path) -> None:
    answer = responses(tmp_path, "Respondent ID", NO_ANSWER)
    assert given() == expected("answer_counts_respondents")
    found = point("csat")
    assert (found.n, found.excluded) == (4_227, {})
    assert found.value == pytest.approx(reference("csat_top2_respondents"), abs=1e-6)
    assert found.mean == pytest.approx(reference("csat_mean_respondents_reversed"), abs=1e-6)
    codes = {warning["code"] for warning in answer["warnings"]}
    assert codes == {"mixed_date_orders", "rows_joined", "score_turned", "unknown_team"}


def test_every_comment_of_a_respondent_is_kept(tmp_path: Path) -> None:
    responses(tmp_path, "Respondent ID", NO_ANSWER)
    commented = [
        one.comment.count("\n\n") + 1
        for one in Answer.objects.filter(external_id__startswith="NEAS PTS").exclude(comment="")
    ]
    assert set(commented) == {1, 2}
    answer = Answer.objects.get(external_id="NEAS PTS 1972")
    assert answer.extra["FFT question"] == ["FFT Why?", "How could we improve?"]
    assert answer.comment.startswith("I am unsure.")


def test_scores_of_comments(tmp_path: Path) -> None:
    responses(tmp_path, "Comment ID", NO_ANSWER)
    counted = expected("answer_counts_comments")
    assert given() == counted
    found = point("csat")
    satisfied = counted[1] + counted[2]
    assert (found.part, found.whole) == (satisfied, sum(counted.values()))


def test_the_rule_of_the_nhs_counts_dont_know_as_neither(tmp_path: Path) -> None:
    """Their shares have "don't know" in the denominator. Ours leave it out; said to be the middle, it is inside."""
    responses(tmp_path, "Respondent ID", {"6": "3", "7": ""})
    survey = Survey.objects.get(slug="import-nhs-csat")
    total = reference("fft_respondents")
    found = point("csat")
    assert found.n == total["n_1_to_6"]
    assert found.value == pytest.approx(total["positive_percent"], abs=1e-6)
    unhappy = survey.answers.filter(standing=-1).count()
    assert 100 * unhappy / found.n == pytest.approx(total["negative_percent"], abs=1e-6)
    for one in points("csat", by="team"):
        trust = reference("by_trust_positive")[one.member]
        assert one.n == trust["n_1_to_6"]
        assert one.value == pytest.approx(trust["positive_percent"], abs=1e-6)
