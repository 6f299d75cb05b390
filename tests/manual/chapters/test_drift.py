"""Nothing that Plumbline measures or lets an organisation decide is missing in the manual."""

import re
from datetime import date
from itertools import pairwise

import pytest

from goals.models import AlertRule
from kpiproject.documents import markdown, words
from kpiproject.models import BusinessCalendar, Organisation
from manual.chapters import CHAPTERS, every_kpi
from manual.drafts import draft
from manual.models import Section
from metrics.kpi import CATALOGUE
from metrics.models import Adoption, ServiceTarget
from surveys import scales, versions
from surveys.models import Entrance, QuietTime, SendingRule, Survey
from tests.alarm_factories import AlertRuleFactory
from tests.factories import (
    CalendarFactory,
    GoalFactory,
    QuestionFactory,
    ReportFactory,
    ReviewFactory,
    ServiceTargetFactory,
    SurveyFactory,
)
from tests.manual.chapters.built import AS_OF, build

pytestmark = pytest.mark.django_db

# Decides nothing about service or figures.
_LOOKS = {"id", "brand_colour", "logo", "postal_address", "name"}
_BOOKKEEPING = {"id", "slug", "created_at", "opened_at", "status", "link_secret", "current_version"}


@pytest.fixture
def document():
    return draft(AS_OF)


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_every_kpi_that_is_adopted_has_its_card_its_figures_and_its_place_in_the_list(code: str) -> None:
    Adoption.objects.create(kpi=code)
    built, kpi = build("kpis"), CATALOGUE[code]
    headings = [block["anchor"] for block in built.blocks if block["is"] == "heading"]
    assert f"kpi-{code.replace('_', '-')}" in headings
    said = words.lines(built.blocks)
    meaning, *counting = str(kpi.text).split("\n\n")
    for part in (meaning, f"Formula: {kpi.formula}", f"Source: {kpi.source}", f"How it can be gamed: {kpi.gaming}"):
        assert part in said
    assert not counting or f"What counts and what does not: {' '.join(counting)}" in said
    names = [name for name in built.figures if name.startswith(f"kpi:{code}.")]
    parts = ("meaning", "gaming", "formula", "source", "revision")
    assert names == [f"kpi:{code}.{part}" for part in (*([] if kpi.needs_dimension else ["value"]), *parts)]
    assert f"{kpi.name} | {kpi.formula} | {every_kpi.needs(kpi)}" in words.lines(build("every_kpi").blocks)


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
    assert not any(name.startswith(("calendar:day.", "calendar:use.")) for name in found)
    calendar.special_days.create(date=date(2026, 12, 19), intervals=[["10:00", "14:00"]], reason="Saturday")
    calendar.holidays.create(date=date(2026, 12, 24), name="Eve", intervals=[["09:00", "12:00"]])
    use = CalendarFactory(name="Chat desk", is_default=False).uses.create(channel="chat")
    built = build("who")
    assert built.figures["calendar:day.2026-12-19"]["words"] == "10:00–14:00, Saturday"
    assert built.figures["calendar:day.2026-12-24"]["words"] == "09:00–12:00, Eve"
    assert built.figures[f"calendar:use.{use.pk}"]["words"].startswith("Chat desk: Monday 09:00–17:00; Tuesday")
    # A new field of a calendar needs a place in the manual, too.
    assert {field.name for field in BusinessCalendar._meta.fields} == {"id", "name", "time_zone", "week", "is_default"}


_SURVEY_CHANGES = {
    "name": "Another",
    "kind": "ces",
    "purpose": "product",
    "question": "Else?",
    "low_label": "No",
    "high_label": "Yes",
    "comment_label": "What else?",
    "thanks": "Thank you",
    "thanks_link": "Tell others",
    "thanks_url": "https://example.com/",
    "privacy_note": "Nobody reads it.",
    "mail_subject": "Please",
    "mail_intro": "Tell us.",
    "reminder_subject": "Again",
    "reminder_intro": "Still time.",
    "language": "de",
    "look": "stars",
    "scale_min": 0,
    "scale_max": 6,
    "lower_is_better": True,
    "middle_from": 4,
    "good_from": 5,
    "expires_after_days": 7,
    "lock_after_days": 0,
    "reminder_days": [3],
    "respects_quiet_time": False,
    "reply_to": "us@example.org",
    "has_public_link": True,
}


def test_every_field_of_a_survey_that_decides_something_changes_its_chapter() -> None:
    survey = SurveyFactory(comment_label="Why?", lock_after_days=3, expires_after_days=14, middle_from=3, good_from=4)
    survey.translations.create(language="de", question="Wie?")
    versions.ensure(survey)
    before = words.lines(build("surveys").blocks)
    changes = _SURVEY_CHANGES | {"owner": GoalFactory().owner.pk}
    assert {field.name for field in Survey._meta.fields} - _BOOKKEEPING == set(changes)
    for name, value in changes.items():
        kept = Survey.objects.filter(pk=survey.pk).values().get()
        Survey.objects.filter(pk=survey.pk).update(**{name: value})
        versions.ensure(Survey.objects.get(pk=survey.pk))
        assert [line for line in words.lines(build("surveys").blocks) if not line.startswith("Version")] != [
            line for line in before if not line.startswith("Version")
        ], name
        Survey.objects.filter(pk=survey.pk).update(**kept)


def test_further_questions_ways_in_and_sending_rules_change_the_chapter() -> None:
    survey = SurveyFactory()
    seen = [words.lines(build("surveys").blocks)]
    changes = [
        lambda: QuestionFactory(survey=survey) and versions.ensure(survey),
        lambda: Entrance.objects.create(survey=survey, kind="kiosk", name="Till 2"),
        lambda: SendingRule.objects.create(survey=survey, name="Tickets", trigger="ticket", is_active=True),
        lambda: QuietTime.objects.update_or_create(pk=1, defaults={"person_days": 99}),
    ]
    for change in changes:
        change()
        seen.append(words.lines(build("surveys").blocks))
    assert all(earlier != later for earlier, later in pairwise(seen))


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
        "category": "Billing",
        "company": "Acme",
        "customer": "C-1",
        "least_mrr": 500,
        "from_day": 30,
        "until_day": 90,
        "count": "days",
        "pausing": "none",
        "warn_minutes": 7,
        "version": 2,
        "valid_from": AS_OF,
    }
    # The statuses are named where they are the target's own.
    quiet = {"id", "position", "pause_statuses"}
    assert {field.name for field in ServiceTarget._meta.fields} - quiet == set(changes)
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


@pytest.mark.parametrize("kind", list(AlertRule.Kind))
def test_every_kind_of_alarm_is_explained_and_has_its_place(kind: str) -> None:
    found = AlertRuleFactory(kind=kind, created_at=AS_OF)
    built = build("escalation")
    assert f"alarm:{found.pk}.condition" in built.figures
    links = re.findall(r"'to': '#(escalation-[^']+)'", str(built.blocks))
    text = Section.objects.get(slug="escalation").text
    anchors = {
        block["anchor"] for block in markdown.parse(text, anchor_prefix="escalation") if block["is"] == "heading"
    }
    assert len(links) == len(AlertRule.Kind)
    assert set(links) == anchors


def test_sections_stand_in_the_order_of_the_outline() -> None:
    found = [(section["number"], section["anchor"]) for section in draft(AS_OF).document["sections"]]
    assert found == [
        ("1", "our-promise"),
        ("2", "who-we-are"),
        ("3", "how-we-speak"),
        ("4", "handling-a-contact"),
        ("5", "service-levels"),
        ("6", "our-kpis"),
        ("7", "goals"),
        ("8", "kpis-and-the-business"),
        ("9", "our-surveys"),
        ("10", "unhappy-customers"),
        ("11", "escalation"),
        ("12", "authority"),
        ("13", "reporting"),
        ("14", "reviews"),
        ("15", "people"),
        ("16", "data"),
        ("17", "glossary"),
        ("18", "small-samples"),
        ("19", "never"),
        ("20", "help"),
        ("21", "training"),
        ("22", "every-kpi"),
        ("23", "every-survey"),
        ("24", "every-alarm"),
        ("25", "every-import"),
        ("26", "running"),
    ]


def test_every_chapter_is_used_by_a_section() -> None:
    assert set(CHAPTERS) == set(Section.objects.exclude(chapter="").values_list("chapter", flat=True))
