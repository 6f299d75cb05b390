"""Editions taking effect, and what older editions are told of when the application learns about sections."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps

from kpiproject.documents import tree
from manual import approvals, complete, effect, sections
from manual.editions import Terms
from manual.models import Approval, EditionSection, Section
from tests.factories import ManagerFactory, SectionFactory
from tests.manual.documents import edition, section

pytestmark = pytest.mark.django_db


def test_an_edition_is_superseded_on_the_day_of_the_next_one_and_once(monkeypatch) -> None:
    monkeypatch.setattr(complete, "NEEDED", ())
    Section.objects.all().delete()
    SectionFactory(slug="mine")
    mine = Section.objects.get()
    ann = ManagerFactory()
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False) as clock:
        for number, begins in ((1, None), (2, date(2026, 6, 10))):
            mine = sections.save(mine, title="Mine", text=f"Words {number}.", version=mine.version, by=ann)
            event = approvals.submit(by=ann)
            approvals.approve(by=ann, seen=event.approval.fingerprint)
            approvals.publish(Terms(by=ann, number=number, effective_from=begins))
        states = Approval.objects.order_by("number").values_list("state", flat=True)
        found = []
        for day in (9, 10, 11):
            clock.move_to(datetime(2026, 6, day, 12, tzinfo=UTC))
            found.append((effect.follow(datetime.now(UTC)), *states.all()))
    assert found == [
        (0, "published", "published"),
        (1, "superseded", "published"),
        (0, "superseded", "published"),
    ]


def test_editions_from_before_are_told_section_by_section() -> None:
    edition(section("a", tree.paragraph("Words.")), section("b"))
    edition(section("a", tree.paragraph("Other words.")), section("b"), section("c"))
    migration = import_module("manual.migrations.0007_edition_section_rows_and_roles")
    migration.tell_sections(apps, None)
    found = EditionSection.objects.order_by("edition__number", "position")
    assert list(found.values_list("edition__number", "slug", "change", "is_material")) == [
        (1, "a", "new", True),
        (1, "b", "new", True),
        (2, "a", "changed", True),
        (2, "b", "same", False),
        (2, "c", "new", True),
    ]
