"""What the preview of answers shows and asks about their scores."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client

from metrics.models import ImportRun
from metrics.tasks import run_import
from surveys.models import Answer
from tests.factories import ManagerFactory, SurveyFactory
from tests.metrics.importing import counts, imported, written
from tests.metrics.views.test_imports import NEW, OPTIONS, text, upload

pytestmark = pytest.mark.django_db

HEADER = "id,rating,date"
LINES = ["A,1,2026-01-02", "B,1,2026-01-02", "C,4,2026-01-02", "D,Fine,2026-01-02", "E,9,2026-01-02"]
ASKED = {**OPTIONS, "kind": "survey_responses"}
MAPPED = {**ASKED, "map-external_id": "id", "map-score": "rating", "map-answered_at": "date"}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def uploaded(client: Client, lines: Sequence[str] = LINES, header: str = HEADER, **options: str) -> str:
    response = client.post(NEW, {**ASKED, **options, "file": upload([header, *lines], "answers.csv")})
    assert response.status_code == 302
    return response["Location"]


def table(page: str) -> str:
    """The scores with all that is said of them, without their markup."""
    start = page.index('<table class="table table-stack scores">')
    return page[start : page.index("</table>", start)]


def test_first_what_was_asked_is_asked(manager: Client) -> None:
    address = uploaded(manager)
    page = text(manager, address)
    assert "answers.csv does not say what was asked: which kind of survey its scores belong to." in page
    assert "What do the scores mean?" in page
    assert "Depends on what you choose above." in table(page)
    assert 'name="scale-' not in page

    manager.post(f"{address}start/", MAPPED)
    assert ImportRun.objects.get().state == "uploaded"


def test_then_the_scale_and_what_words_mean(manager: Client) -> None:
    address = uploaded(manager)
    manager.post(f"{address}check/", {**MAPPED, "survey_kind": "csat"})
    page = text(manager, address)
    assert "Nothing in answers.csv proves on which scale its csat scores are: they go from 1 to 9" in page
    assert "– please choose –" in page

    told = {"survey_kind": "csat", "scale-csat": "1-5", "best-csat": "low", "means-3": "2"}
    manager.post(f"{address}check/", {**MAPPED, **told, "means-0": "1", "means-1": "4", "means-2": "9"})
    page = text(manager, address)
    shown = table(page)
    assert "What the scores mean" in page
    assert "Will be rejected: 9 is not on the scale from 1 to 5." in shown
    assert shown.count("badge-good") == 2  # 1, and what was called fine
    assert shown.count("badge-bad") == 1  # 4

    manager.post(f"{address}start/", {**MAPPED, **told, "means-0": "1", "means-1": "4", "means-2": "9"})
    run = ImportRun.objects.get()
    assert run.state == "queued"
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created, run.rejected) == ("done", 4, 1)
    scores = dict(Answer.objects.values_list("external_id", "score"))
    assert scores == {"A": 5, "B": 5, "C": 2, "D": 4}


def test_a_scale_that_the_file_proves_is_chosen_already(manager: Client) -> None:
    address = uploaded(manager, ["A,5,2026-01-02"])
    manager.post(f"{address}check/", {**MAPPED, "survey_kind": "csat"})
    assert '<option value="1-5" selected>1–5</option>' in text(manager, address)


def test_an_empty_meaning_is_no_answer(manager: Client) -> None:
    address = uploaded(manager, ["A,5,2026-01-02", "B,7,2026-01-02"])
    given = {**MAPPED, "survey_kind": "csat", "scale-csat": "1-5", "means-0": "5", "means-1": ""}
    manager.post(f"{address}check/", given | {"means-0": "5"})
    manager.post(f"{address}check/", given)
    assert "The score is empty: nobody answered here." in table(text(manager, address))
    assert ImportRun.objects.get().options["value_map"] == {"score": {"7": ""}}


def test_the_mended_file_is_asked_nothing_again(manager: Client) -> None:
    address = uploaded(manager, LINES)
    told = {"survey_kind": "csat", "scale-csat": "1-5", "best-csat": "low", "means-0": "1", "means-1": "4"}
    manager.post(f"{address}check/", {**MAPPED, "survey_kind": "csat"})
    manager.post(f"{address}start/", {**MAPPED, **told, "means-2": "9", "means-3": "Fine"})
    run = ImportRun.objects.get()
    run_import(run.pk)
    run.refresh_from_db()
    assert run.rejected == 2
    body = Path(run.rejected_file.path).read_text("utf-8-sig").replace(",9,", ",3,").splitlines()
    mended = upload(body, "mended.csv")
    location = manager.post(NEW, {**ASKED, "like": str(run.pk), "file": mended})["Location"]
    after = ImportRun.objects.get(pk=int(location.rstrip("/").rpartition("/")[2]))
    assert (after.options["survey_kind"], after.options["scales"], after.options["best"]) == (
        "csat",
        {"csat": "1-5"},
        {"csat": "low"},
    )
    assert "Will be rejected: “Fine” is not a whole number." in table(text(manager, location))


def test_a_survey_with_thresholds_of_its_own_is_shown_with_them(manager: Client) -> None:
    SurveyFactory(slug="strict", kind="csat", middle_from=4, good_from=5)
    address = uploaded(manager, ["A,4,2026-01-02,strict"], f"{HEADER},survey")
    shown = table(text(manager, address))
    assert "neutral" in shown
    assert '4 <span class="muted">(1–5), strict</span>' in shown


def test_a_scale_that_no_kpi_counts_is_said_to_be_kept(manager: Client) -> None:
    address = uploaded(manager, ["A,4,2026-01-02,csat,0,100"], f"{HEADER},kind,min score,max score")
    assert "No KPI counts this scale; it is kept." in table(text(manager, address))


def test_scores_are_shown_as_text(manager: Client) -> None:
    address = uploaded(manager, ["A,<script>alert(1)</script>,2026-01-02", "B,5,2026-01-02"], survey_kind="csat")
    page = text(manager, address)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("field", ["survey_kind", "scale-csat", "best-csat"])
def test_choices_that_do_not_exist_are_refused(manager: Client, field: str) -> None:
    address = uploaded(manager, ["A,5,2026-01-02,csat"], f"{HEADER},kind")
    response = manager.post(f"{address}start/", {**MAPPED, "map-survey_kind": "kind", field: "nonsense"})
    assert response.status_code == 422
    assert ImportRun.objects.get().state == "uploaded"


def test_other_kinds_are_not_asked_about_scores(manager: Client) -> None:
    manager.post(NEW, {**OPTIONS, "file": upload(["external_id,created_at", "A,2026-01-02"])})
    run = ImportRun.objects.get()
    assert "What the scores mean" not in text(manager, f"/data/imports/{run.pk}/")
    assert "scales" not in run.options


def test_the_sample_can_be_imported_as_it_is(manager: Client, tmp_path: Path) -> None:
    assert "sample-survey_responses.csv" in text(manager, NEW)
    body = manager.get("/data/imports/sample-survey_responses.csv").content
    assert counts(imported("survey_responses", written(tmp_path, body))) == (1, 1, 0, 0, 0)
