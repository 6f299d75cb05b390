"""Figures in the prose: what they say, what is close to a wrong name, and that an edition keeps them."""

from datetime import date
from typing import Any

import pytest

from kpiproject.documents import markdown, words
from manual import drafts, editions, sections
from manual.chapters import Context
from manual.fields import Fields
from metrics.models import ServiceTarget
from tests.factories import GoalFactory, SectionFactory, ServiceTargetFactory
from tests.manual.chapters.built import AS_OF

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields() -> Fields:
    return Fields(Context.at(AS_OF))


def said(text: str, fields: Fields) -> list[str]:
    return words.lines(fields.fill(markdown.parse(text)))


def test_a_value_tells_its_period_and_its_cases(fields: Fields) -> None:
    assert said("CSAT is {{ kpi:csat.value }}.", fields) == ["CSAT is no data yet."]
    assert said("{{kpi:csat.name}}: {{  kpi:csat.formula  }}", fields) == [
        f"Customer satisfaction (CSAT): {fields.known['kpi:csat.formula'].read(fields)[0]}"
    ]


def test_a_target_is_that_of_the_goal_for_everything(fields: Fields) -> None:
    assert said("{{ kpi:csat.target }}", fields) == ["no target yet"]
    GoalFactory(kpi="csat", target=88, due=date(2026, 12, 31), created_at="2026-01-05T10:00Z")
    assert said("{{ kpi:csat.target }}", Fields(Context.at(AS_OF))) == ["88.0 % by 31 Dec 2026"]


@pytest.mark.parametrize(
    ("conditions", "name"),
    [
        ({}, "target:all.first_response"),
        ({"channel": "email"}, "target:email.first_response"),
        ({"channel": "e-mail", "priority": "Very urgent"}, "target:e-mail-very-urgent.first_response"),
    ],
)
def test_a_service_target_is_named_by_whom_it_is_for(conditions: dict[str, str], name: str) -> None:
    ServiceTarget.objects.all().delete()
    ServiceTargetFactory(metric="first_response", seconds=4 * 3600, clock="business", **conditions)
    assert said(f"{{{{ {name} }}}}", Fields(Context.at(AS_OF))) == ["4 h of business time"]


def test_of_two_targets_of_one_name_the_first_counts() -> None:
    ServiceTarget.objects.all().delete()
    for position, hours in ((2, 8), (1, 4)):
        ServiceTargetFactory(metric="resolution", seconds=hours * 3600, position=position)
    assert said("{{ target:all.resolution }}", Fields(Context.at(AS_OF)))[0].startswith("4 h")


def test_a_field_is_filled_wherever_words_stand(fields: Fields) -> None:
    text = (
        "## About {{ organisation:name }}\n\n- **{{ organisation:name }}**\n\n> [{{ organisation:name }}](https://a.b)\n\n"
        "| {{ organisation:name }} |\n|---|\n| *{{ organisation:name }}* |"
    )
    name = "My organisation"
    assert said(text, fields) == [f"About {name}", name, name, name, name]


def test_code_and_what_is_unknown_stay_as_they_were_written(fields: Fields) -> None:
    text = "`{{ organisation:name }}` {{ kpi:nonsense.value }} {{ }}\n\n    {{ organisation:name }}"
    assert said(text, fields) == [
        "{{ organisation:name }} {{ kpi:nonsense.value }} {{ }}",
        "{{ organisation:name }}",
    ]


def test_a_value_cannot_become_markup(fields: Fields) -> None:
    house = fields.context.house
    house.name = "**A** <script>"
    assert said("{{ organisation:name }}", fields) == ["**A** <script>"]


def test_every_name_is_offered_once_and_can_be_read(fields: Fields) -> None:
    names = list(fields.known)
    assert len(names) == len(set(names))
    assert {"organisation:name", "kpi:csat.value", "kpi:csat.n", "kpi:csat.target"} <= set(names)
    assert [name for name, field in fields.known.items() if not fields.said(field)[0]] == []


def mine(content: Any) -> list[str]:
    (found,) = [section for section in content["sections"] if section["anchor"] == "mine"]
    return words.lines(found["blocks"])


def test_an_edition_keeps_what_a_field_said_and_a_change_is_worth_a_new_one() -> None:
    ServiceTarget.objects.all().delete()
    target = ServiceTargetFactory(metric="first_response", seconds=8 * 3600, channel="email")
    section = SectionFactory(slug="mine", text="We answer within {{ target:email.first_response }}.")
    first = editions.publish(by=None, number=1)
    before = first.digest
    target.seconds = 4 * 3600
    target.save()
    second = editions.publish(by=None, number=2)
    first.refresh_from_db()
    assert (first.digest, editions.verify(first)) == (before, True)
    assert [mine(each.content) for each in (first, second)] == [
        [f"We answer within {hours} h of {target.get_clock_display()}."] for hours in (8, 4)
    ]
    with pytest.raises(editions.NothingChangedError):
        editions.publish(by=None, number=3)
    sections.save(section, title=section.title, text="Now `{{ target:email.first_response }}`.", version=1, by=None)
    assert mine(drafts.draft().document) == ["Now {{ target:email.first_response }}."]
