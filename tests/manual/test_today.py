"""An edition beside today: what is the same, changed, renamed or gone; and the edition stays as it was."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache

from goals.models import Goal
from manual import complete, editions, today
from manual.drafts import draft
from manual.models import Edition, Section
from metrics import adoption, definitions
from metrics.models import CustomKpi, ServiceTarget
from tests.factories import GoalFactory, SectionFactory, ServiceTargetFactory, StaffFactory
from tests.manual.documents import edition, section
from tests.manual.views.test_reading import words
from tests.measure_factories import CustomKpiFactory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def figure(words: str, label: str = "CSAT", kind: str = "value", place: str = "kpis") -> dict[str, str]:
    return {"label": label, "words": words, "kind": kind, "section": place}


@pytest.mark.django_db
def test_each_figure_is_told_beside_todays() -> None:
    found = edition(
        section("kpis"),
        figures={
            "kpi:csat.value": figure("84 %"),
            "kpi:nps.value": figure("40", "NPS"),
            "kpi:ces.value": figure("70 %", "CES"),
            "kpi:old.value": figure("5 %", "Old"),
            "report:1.next": figure("tomorrow", "Next", "passing"),
            "text:kpis": figure("", "KPIs", "text"),
            "target:1": {"label": "Target", "words": "8 h", "kind": "rule"},
        },
    )
    now = {
        "kpi:csat.value": figure("86 %"),
        "kpi:nps.value": figure("40", "NPS"),
        "kpi:ces.value": figure("70 %", "Customer effort"),
        "target:1": figure("8 h", "Target", "rule"),
        "kpi:new.value": figure("1 %", "New"),
    }
    first, second = today.beside(found, today.Today(figures=now, as_of=NOON, retired={"old": NOON.date()}))
    assert (first.anchor, first.changed) == ("kpis", 3)
    assert [(flip.label, flip.then, flip.now, flip.state, flip.name_now) for flip in first.flips] == [
        ("CSAT", "84 %", "86 %", "changed", ""),
        ("NPS", "40", "40", "same", ""),
        ("CES", "70 %", "70 %", "renamed", "Customer effort"),
        ("Old", "5 %", "", "gone", ""),
    ]
    assert [flip.retired_on for flip in first.flips] == [None, None, None, NOON.date()]
    assert (second.anchor, [flip.state for flip in second.flips]) == ("", ["same"])


@pytest.mark.django_db
def test_a_kpi_renamed_or_retired_under_a_published_edition_leaves_its_bytes_and_the_flip_says_so(monkeypatch) -> None:
    """Here a goal and a service target: what the manual shows of them is what it shows of a KPI."""
    cache.clear()
    monkeypatch.setattr(complete, "NEEDED", ())
    Section.objects.all().delete()
    SectionFactory(slug="levels", chapter="service_levels")
    SectionFactory(slug="goals", chapter="goals")
    with time_machine.travel(NOON, tick=False):
        target = ServiceTargetFactory(name="Quick", seconds=7200)
        goal = GoalFactory(kpi="csat", target=85, state="active")
        published = editions.publish(by=None, number=1)
        before = Edition.objects.values("content", "figures", "digest").get()
        ServiceTarget.objects.filter(pk=target.pk).update(name="Quicker")
        Goal.objects.filter(pk=goal.pk).update(state="closed")
        parts = {part.anchor: part for part in today.beside(published, today.figures("en"))}
    renamed = {flip.name: flip for flip in parts["levels"].flips}[f"target:{target.pk}"]
    assert (renamed.state, renamed.label, renamed.name_now) == (
        "renamed",
        "Service target “Quick”, resolution",
        "Service target “Quicker”, resolution",
    )
    assert {flip.state for flip in parts["goals"].flips} == {"gone"}
    assert Edition.objects.values("content", "figures", "digest").get() == before
    assert editions.verify(Edition.objects.get())


@pytest.mark.django_db
def test_todays_figures_are_read_once_in_two_minutes_and_never_written() -> None:
    cache.clear()
    Section.objects.all().delete()
    SectionFactory(slug="levels", chapter="service_levels", text="Secret draft.")
    with time_machine.travel(NOON, tick=False):
        target = ServiceTargetFactory(name="Quick", seconds=7200)
        first = today.figures("en")
        ServiceTarget.objects.filter(pk=target.pk).update(seconds=3600)
        assert today.figures("en") == first
    assert not any(figure["kind"] == "text" for figure in first.figures.values())
    assert "Secret" not in str(first.figures)


@pytest.mark.django_db
def test_a_kpi_of_our_own_that_is_renamed_and_retired_leaves_the_edition_and_its_links_as_they_were(client) -> None:
    cache.clear()
    Section.objects.all().delete()
    SectionFactory(slug="kpis", chapter="kpis", text="See [refunds](#kpi-custom-refunds).")
    reader = StaffFactory()
    client.force_login(reader)
    own = CustomKpiFactory(code="custom_refunds", name="Refunds")
    adoption.choose(["csat", own.code], owners={}, only_these=True)
    with time_machine.travel(NOON, tick=False):
        published = editions.freeze(draft(NOON), NOON, editions.Terms(by=None, number=1))
        before = Edition.objects.values("content", "figures", "digest").get()
        CustomKpi.objects.update(name="Paid back")
        definitions.forget()
        renamed = client.get("/manual/editions/1/today/custom-refunds/")
        assert "“Refunds” is now called “Paid back”." in words(renamed)
        cache.clear()
        adoption.set_aside([own.code])
        retired = client.get("/manual/editions/1/today/custom-refunds/")
    sentence = "“Refunds” was retired on 1 Jun 2026: we do not work with it any more. The edition keeps what it said."
    assert sentence in words(retired)
    assert "no longer there: the KPI was retired on 1 Jun 2026" in words(retired)
    page = client.get("/manual/editions/1/").content.decode()
    assert (page.count('href="#kpi-custom-refunds"'), page.count('id="kpi-custom-refunds"')) == (4, 1)
    assert 'href="/manual/editions/1/today/custom-refunds/"' in page
    assert client.get("/manual/editions/1/today/refunds/").status_code == 404
    assert Edition.objects.values("content", "figures", "digest").get() == before
    assert editions.verify(published)
