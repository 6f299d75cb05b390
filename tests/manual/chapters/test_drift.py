"""Nothing that Plumbline measures or lets an organisation decide is missing in the manual."""

from datetime import date

import pytest

from kpiproject.documents import words
from kpiproject.models import BusinessCalendar, Organisation
from manual.chapters import CHAPTERS
from manual.drafts import draft
from manual.models import Section
from metrics.kpi import CATALOGUE
from metrics.models import ServiceTarget
from surveys import scales
from surveys.models import Survey
from tests.factories import (
    CalendarFactory,
    GoalFactory,
    ReportFactory,
    ReviewFactory,
    ServiceTargetFactory,
    SurveyFactory,
)
from tests.manual.chapters.built import AS_OF, build

pytestmark = pytest.mark.django_db

# Decides nothing about service or figures.
_LOOKS = {"id", "brand_colour", "postal_address", "name"}
_BOOKKEEPING = {"id", "slug", "created_at", "opened_at", "language", "thanks", "status"}


@pytest.fixture
def document():
    return draft(AS_OF)


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_every_kpi_has_its_card_its_figures_and_its_place_in_the_glossary(code: str) -> None:
    built, kpi = build("kpis"), CATALOGUE[code]
    headings = [block["anchor"] for block in built.blocks if block["is"] == "heading"]
    assert f"kpi-{code.replace('_', '-')}" in headings
    said = words.lines(built.blocks)
    for part in (*str(kpi.text).split("\n\n"), f"Formula: {kpi.formula}", f"Source: {kpi.source}"):
        assert part in said
    names = [name for name in built.figures if name.startswith(f"kpi:{code}.")]
    assert names == [f"kpi:{code}.{part}" for part in ("value", "meaning", "formula", "source", "revision")]
    assert f"{kpi.name} | {kpi.formula}" in words.lines(build("glossary").blocks)


@pytest.mark.parametrize("kind", list(scales.KINDS))
def test_every_kind_of_survey_has_its_place_whether_it_is_asked_or_not(kind: str) -> None:
    Survey.objects.update(status=Survey.Status.DRAFT)
    assert str(scales.KINDS[kind].name) in " ".join(words.lines(build("surveys").blocks))
    survey = SurveyFactory(kind=kind)
    built = build("surveys")
    assert f"Kind: {survey.get_kind_display()}" in words.lines(built.blocks)
    assert built.figures[f"survey:{survey.slug}.question"]["words"] == survey.question.replace(
        "[Company]", "My organisation"
    )


@pytest.mark.parametrize("metric", list(ServiceTarget.Metric))
def test_every_metric_of_service_targets_has_its_place_with_and_without_a_target(metric: str) -> None:
    anchors = [block["anchor"] for block in build("service_levels").blocks if block["is"] == "heading"]
    assert f"promise-{metric.replace('_', '-')}" in anchors
    target = ServiceTargetFactory(metric=metric)
    assert build("service_levels").figures[f"target:{target.pk}"]["words"] == "2 h of calendar time, every contact"


@pytest.mark.parametrize("name", [field.name for field in Organisation._meta.fields if field.name not in _LOOKS])
def test_every_decision_of_the_organisation_is_named(name: str, document) -> None:
    assert f"organisation:{name}" in document.figures


def test_every_day_holiday_and_zone_of_the_calendar_is_named() -> None:
    calendar = CalendarFactory()
    calendar.holidays.create(date=date(2026, 12, 25), name="Christmas")
    found = build("who").figures
    days = {f"calendar:hours.{day}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    assert days | {"calendar:name", "calendar:time_zone", "calendar:holiday.2026-12-25"} <= set(found)
    # A new field of a calendar needs a place in the manual, too.
    assert {field.name for field in BusinessCalendar._meta.fields} == {"id", "name", "time_zone", "week", "is_default"}


def test_every_field_of_a_survey_that_decides_something_changes_its_chapter() -> None:
    survey = SurveyFactory(comment_label="Why?", lock_after_days=3, expires_after_days=14)
    before = words.lines(build("surveys").blocks)
    changes = {
        "name": "Another",
        "kind": "ces",
        "question": "Else?",
        "low_label": "No",
        "high_label": "Yes",
        "comment_label": "What else?",
        "scale_min": 0,
        "scale_max": 6,
        "expires_after_days": 7,
        "lock_after_days": 0,
        "has_public_link": True,
        "owner": GoalFactory().owner.pk,
    }
    assert {field.name for field in Survey._meta.fields} - _BOOKKEEPING == set(changes)
    for name, value in changes.items():
        kept = Survey.objects.filter(pk=survey.pk).values().get()
        Survey.objects.filter(pk=survey.pk).update(**{name: value})
        assert words.lines(build("surveys").blocks) != before, name
        Survey.objects.filter(pk=survey.pk).update(**kept)


def test_every_service_target_field_changes_its_chapter() -> None:
    target = ServiceTargetFactory()
    before = words.lines(build("service_levels").blocks)
    changes = {
        "name": "Another",
        "metric": "first_response",
        "channel": "chat",
        "priority": "high",
        "tier": "gold",
        "seconds": 60,
        "clock": "business",
        "is_active": False,
    }
    assert {field.name for field in ServiceTarget._meta.fields} - {"id", "position"} == set(changes)
    for name, value in changes.items():
        kept = ServiceTarget.objects.filter(pk=target.pk).values().get()
        ServiceTarget.objects.filter(pk=target.pk).update(**{name: value})
        assert words.lines(build("service_levels").blocks) != before, name
        ServiceTarget.objects.filter(pk=target.pk).update(**kept)


def test_goals_reports_reviews_and_objectives_are_named() -> None:
    goal, report, review = GoalFactory(created_at=AS_OF), ReportFactory(), ReviewFactory(on=date(2026, 7, 1))
    named = set(draft(AS_OF).figures)
    assert {
        f"goal:{goal.pk}.target",
        f"goal:{goal.pk}.baseline",
        f"goal:{goal.pk}.due",
        f"goal:{goal.pk}.owner",
        f"objective:{goal.objective.pk}",
        f"report:{report.pk}",
        f"review:{review.pk}",
    } <= named


def test_every_chapter_is_used_by_a_section() -> None:
    assert set(CHAPTERS) == set(Section.objects.exclude(chapter="").values_list("chapter", flat=True))
