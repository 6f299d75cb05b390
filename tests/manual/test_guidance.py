"""What the manual offers to alarms: the chapters of the edition in force, and the cards of its KPIs."""

import pytest
from django.test import Client

from goals.alarms import guidance as offered
from manual import guidance
from tests.factories import EditionFactory, ManagerFactory

pytestmark = pytest.mark.django_db


def test_without_an_edition_there_is_nothing() -> None:
    assert (guidance.chapters(), offered.chapters()) == ([], [])


def test_chapters_lead_where_they_say(client: Client) -> None:
    EditionFactory()
    client.force_login(ManagerFactory())
    found = offered.chapters()
    assert found == guidance.chapters() != []
    assert {client.get(chapter.path.partition("#")[0]).status_code for chapter in found} == {200}


def test_cards_are_about_their_kpi() -> None:
    heading = {"is": "heading", "level": 2, "anchor": "kpi-csat", "inlines": [{"is": "text", "text": "CSAT"}]}
    sections = [{"anchor": "our-kpis", "number": "1", "title": "Our KPIs", "blocks": [heading]}]
    found = list(guidance._chapters(sections))
    assert [(one.code, one.title, one.path, one.kpi) for one in found] == [
        ("our-kpis", "Our KPIs", "/manual/our-kpis/", ""),
        ("kpi:csat", "CSAT", "/manual/our-kpis/#kpi-csat", "csat"),
    ]


def test_offered_twice_is_offered_once() -> None:
    before = list(offered._FINDERS)
    offered.offer(guidance.chapters)
    assert before == offered._FINDERS
