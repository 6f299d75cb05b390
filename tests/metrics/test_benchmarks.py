from datetime import date

import pytest
from django.db import IntegrityError
from time_machine import travel

from metrics import benchmarks
from metrics.benchmark_forms import BenchmarkForm
from metrics.queries import Point, find_kpi
from tests.factories import ManagerFactory, StaffFactory
from tests.measure_factories import BenchmarkFactory

pytestmark = pytest.mark.django_db
GIVEN = {"kpi": "csat", "low": "70", "source": "A study", "as_of": "2026-01-31"}


def shown(value=75.0, today="2026-06-01"):
    point = Point(start=date(2026, 3, 1), end=None, value=value, n=10)
    return benchmarks.shown(find_kpi("csat"), point, date.fromisoformat(today))


@pytest.mark.parametrize(
    ("value", "high", "where"),
    [
        (69.9, 80.0, "ours is below"),
        (70.0, 80.0, "ours is within"),
        (80.0, 80.0, "ours is within"),
        (80.1, 80.0, "ours is above"),
        (70.1, None, "ours is above"),
        (None, 80.0, ""),
    ],
)
def test_ours_beside_theirs(value, high, where):
    BenchmarkFactory(high=high)
    (one,) = shown(value)
    assert one.where == where


def test_a_benchmark_grows_stale_the_day_after_its_review_was_due():
    BenchmarkFactory(as_of=date(2026, 1, 31))
    assert [shown(today=day)[0].is_stale for day in ("2027-01-31", "2027-02-01")] == [False, True]


@pytest.mark.parametrize(
    ("as_of", "review_on"), [(date(2026, 1, 31), date(2027, 1, 31)), (date(2024, 2, 29), date(2025, 2, 28))]
)
def test_the_review_is_due_a_year_after_unless_told_otherwise(as_of, review_on):
    assert BenchmarkFactory(as_of=as_of).review_on == review_on
    assert BenchmarkFactory(as_of=as_of, review_on=date(2026, 5, 1)).review_on == date(2026, 5, 1)


def test_presets_of_the_brief_are_shown_without_a_date():
    point = Point(start=date(2026, 3, 1), end=None, value=69.0, n=10)
    (one,) = benchmarks.shown(find_kpi("first_contact_resolution"), point, date(2026, 6, 1))
    assert (one.amount, one.where, one.is_stale, one.as_of) == (
        "70.0\u00a0% to 80.0\u00a0%",
        "ours is below",
        False,
        None,
    )


def test_none_are_shipped():
    assert shown() == []


def test_the_form_takes_what_is_right():
    form = BenchmarkForm(GIVEN)
    assert form.is_valid(), form.errors
    assert form.save().review_on == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("high", "69", "The upper end must not be below the lower one."),
        ("review_on", "2025-12-31", "Choose a day after the one on which it was measured."),
        ("link", "javascript:alert(1)", "Enter a valid URL."),
        ("kpi", "nonsense", "Select a valid choice. nonsense is not one of the available choices."),
        ("low", "nan", "Enter a number."),
    ],
)
def test_the_form_refuses_nonsense(field, value, sentence):
    form = BenchmarkForm({**GIVEN, field: value})
    assert form.errors[field] == [sentence]


def test_the_database_refuses_a_range_that_is_none():
    with pytest.raises(IntegrityError):
        BenchmarkFactory(low=80.0, high=70.0)


def test_the_page_shows_the_source_and_greys_what_is_stale(client):
    BenchmarkFactory(source="Survey of shops", link="https://example.org/study", as_of=date(2020, 1, 1))
    client.force_login(StaffFactory())
    page = client.get("/kpis/csat/").content.decode()
    assert '<a href="https://example.org/study" rel="noopener noreferrer">Survey of shops</a>' in page
    assert '<tr class="is-small"><th scope="row">not said <span class="badge">stale</span>' in page


def test_managers_write_benchmarks_in_the_administration(client):
    client.force_login(ManagerFactory())
    response = client.post("/admin/metrics/benchmark/add/", {**GIVEN, "high": "", "review_on": "", "link": ""})
    assert response.status_code == 302
    page = client.get("/admin/metrics/benchmark/").content.decode()
    assert "70.0\u00a0%" in page


@pytest.mark.parametrize(("today", "old"), [("2027-01-31", []), ("2027-02-01", ["A study"])])
def test_the_administration_sorts_them_by_the_same_day(client, today, old):
    BenchmarkFactory(source="A study", as_of=date(2026, 1, 31))
    with travel(f"{today}T12:00Z", tick=False):
        client.force_login(ManagerFactory())
        listed = {
            age: client.get("/admin/metrics/benchmark/", {"age": age}).context["cl"] for age in ("old", "current")
        }
    sources = {age: [one.source for one in found.result_list] for age, found in listed.items()}
    assert sources == {"old": old, "current": [] if old else ["A study"]}


def test_the_newest_benchmark_of_a_kpi_is_out_of_date_after_a_year():
    BenchmarkFactory(kpi="csat", as_of=date(2025, 1, 31))
    BenchmarkFactory(kpi="nps", as_of=date(2024, 6, 1))
    BenchmarkFactory(kpi="ces", as_of=date(2024, 6, 1))
    BenchmarkFactory(kpi="ces", as_of=date(2026, 1, 1))
    asked = ["csat", "nps", "ces", "backlog"]
    assert benchmarks.out_of_date(asked, date(2026, 1, 31)) == [("nps", date(2024, 6, 1))]
    assert benchmarks.out_of_date(asked, date(2026, 2, 1)) == [("nps", date(2024, 6, 1)), ("csat", date(2025, 1, 31))]
    assert benchmarks.out_of_date(["ces"], date(2026, 2, 1)) == []


def test_those_to_be_looked_up_again_come_with_the_name_of_their_kpi():
    older, old = BenchmarkFactory(as_of=date(2025, 1, 1)), BenchmarkFactory(kpi="gone", as_of=date(2025, 2, 1))
    BenchmarkFactory(as_of=date(2026, 1, 31))
    BenchmarkFactory(kpi="nps", as_of=date(2020, 1, 1))
    found = benchmarks.overdue({"csat", "gone"}, date(2026, 6, 1))
    assert [(one.benchmark, one.kpi_name) for one in found] == [
        (older, "Customer satisfaction (CSAT)"),
        (old, "gone"),
    ]


def test_one_is_to_be_looked_up_again_the_day_after_its_review_was_due():
    BenchmarkFactory(as_of=date(2026, 1, 31))
    days = (date(2027, 1, 31), date(2027, 2, 1))
    assert [len(benchmarks.overdue({"csat"}, day)) for day in days] == [0, 1]
