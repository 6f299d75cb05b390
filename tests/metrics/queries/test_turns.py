"""Days from which on figures mean something else."""

import pytest

from kpiproject import calendars
from kpiproject.lib.periods import Grain
from metrics import basis, pictures, targets, turn_words
from metrics.kpi import BUSINESS, CALENDAR
from metrics.lines import over_time
from metrics.models import Basis
from metrics.queries import Question, figures, freshness, turns
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory
from tests.metrics.figures import at, compute, day, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def facts(time_machine):
    """A quarter of tickets, looked at in its last month."""
    time_machine.move_to(at("2026-03-20 12:00"), tick=False)
    for month in (1, 2, 3):
        TicketFactory(
            created_at=f"2026-{month:02}-10T10:00Z",
            first_agent_reply_at=f"2026-{month:02}-10T11:00Z",
            solved_at=f"2026-{month:02}-11T10:00Z",
        )
    compute()


def course(code, **question):
    start, end = day("2026-01-01"), day("2026-04-01")
    return figures(Question(code=code, start=start, end=end, grain=Grain.MONTH, **question))


def told(code, **question):
    return [(str(turn.start), turn.cause.value, turn.name) for turn in turns(course(code, **question))]


def test_a_course_of_one_meaning_has_none():
    CalendarFactory()
    ServiceTargetFactory()
    assert told("resolution_time", clock=BUSINESS) == []
    assert told("resolution_within_target") == []


def test_other_hours_turn_figures_in_business_time_only():
    hours = CalendarFactory(name="Office")
    calendars.change_hours(hours, {"mon": [["08:00", "20:00"]]}, "UTC", start=day("2026-02-01"))
    assert told("resolution_time", clock=BUSINESS) == [("2026-02-01", "hours", "Office")]
    assert told("resolution_time", clock=CALENDAR) == []
    assert told("ticket_volume") == []


def test_hours_of_a_calendar_that_nobody_uses_turn_nothing():
    hours = CalendarFactory(is_default=False)
    calendars.change_hours(hours, {"mon": [["08:00", "20:00"]]}, "UTC", start=day("2026-02-01"))
    CalendarFactory()
    assert told("resolution_time", clock=BUSINESS) == []


@pytest.mark.parametrize("start", ["2026-01-01", "2025-12-01", "2026-04-01"])
def test_what_changed_outside_or_on_the_first_day_divides_nothing(start):
    calendars.change_hours(CalendarFactory(), {"mon": [["08:00", "20:00"]]}, "UTC", start=day(start))
    assert told("resolution_time", clock=BUSINESS) == []


def test_other_terms_turn_the_figures_that_are_judged_by_them_on_the_local_day():
    organisation(time_zone="Asia/Tokyo")
    target = ServiceTargetFactory(name="Two hours", metric="resolution")
    target.seconds = 3600
    targets.change(target, at=at("2026-02-14 20:00"))
    assert told("resolution_within_target") == [("2026-02-15", "targets", "Two hours")]
    assert told("first_response_within_target") == []
    assert told("resolution_time", clock=CALENDAR) == []


def test_terms_that_were_corrected_for_the_past_too_turn_nothing():
    target = ServiceTargetFactory(metric="resolution")
    target.seconds = 3600
    targets.change(target, at=None)
    assert told("resolution_within_target") == []


def test_a_first_target_that_counts_from_a_day_on_is_a_turn():
    targets.change(ServiceTargetFactory.build(name="New", metric="first_response"), at=at("2026-02-14 20:00"))
    assert told("first_response_within_target") == [("2026-02-14", "targets", "New")]


def test_a_definition_of_our_own_that_means_something_else_is_noted_once():
    kpi = CustomKpiFactory(frame="tickets", at="created_at")
    basis.renew()
    assert told(kpi.code) == []
    kpi.filters = [{"column": "team", "operator": "equals", "value": "support"}]
    kpi.save()
    basis.renew()
    basis.renew()
    assert told(kpi.code) == [("2026-03-20", "definition", "2")]
    assert told("ticket_volume") == []


def test_a_revision_of_the_catalogue_is_noted(monkeypatch):
    monkeypatch.setattr(basis, "_fingerprint", _raised(basis._fingerprint, "ticket_volume"))
    assert basis.renew()
    assert told("ticket_volume") == [("2026-03-20", "definition", "99")]
    assert told("solved_volume") == []


def _raised(fingerprint, code):
    def raised():
        found = fingerprint()
        found["revisions"][code] = 99
        return found

    return raised


def test_the_first_basis_is_no_turn():
    Basis.objects.all().delete()
    assert basis.renew()
    assert told("ticket_volume") == []


def test_a_chart_marks_each_day_once_and_the_sentence_says_what_changed():
    hours = CalendarFactory(name="Office")
    calendars.change_hours(hours, {"mon": [["08:00", "20:00"]]}, "UTC", start=day("2026-02-01"))
    found = course("resolution_time", clock=BUSINESS)
    turned = turns(found)
    lines = over_time(found, Grain.MONTH, week_start=0, fresh=freshness("UTC"))
    marked = str(pictures.over_time(found, lines, "t", turns=[*turned, *turned]))
    assert marked.count("other opening hours") == 1
    assert turn_words.sentence(turned[0]).startswith("Other opening hours in “Office”.")


def test_the_page_of_a_kpi_says_it(admin_client):
    calendars.change_hours(
        CalendarFactory(name="Office"), {"mon": [["08:00", "20:00"]]}, "UTC", start=day("2026-02-01")
    )
    url = "/kpis/resolution_time/?start=2026-01-01&end=2026-04-01&grain=month&clock=business"
    text = admin_client.get(url).content.decode()
    assert "Other opening hours in “Office”." in text
    assert "<strong>1 Feb 2026:</strong>" in text
