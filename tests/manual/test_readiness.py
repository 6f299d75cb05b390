"""What stands in the way of publishing: empty key chapters, and contradictions that nobody has answered."""

from datetime import UTC, datetime

import pytest
import time_machine

from kpiproject.models import BusinessCalendar
from manual import complete, readiness
from manual.drafts import draft
from manual.models import ContradictionAnswer, Section
from metrics.models import ServiceTarget
from surveys.models import FollowUpRules
from tests.factories import GoalFactory, ManagerFactory, ServiceTargetFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def empty() -> list[tuple[str, str]]:
    return [(problem.slug, problem.sentence) for problem in readiness.problems(draft()) if problem.kind == "empty"]


def contradicting() -> list[str]:
    return [problem.sentence for problem in readiness.problems(draft()) if problem.kind == "contradiction"]


def write(slug: str, text: str) -> None:
    Section.objects.filter(slug=slug).update(text=text)


def test_the_starter_manual_is_complete_and_contradicts_nothing() -> None:
    ServiceTargetFactory()
    assert readiness.problems(draft()) == []


@pytest.mark.parametrize("slug", complete.NEEDED)
def test_every_key_chapter_is_missed_when_it_is_left_out(slug: str) -> None:
    title = Section.objects.get(slug=slug).title
    Section.objects.filter(slug=slug).update(is_shown=False)
    assert empty() == [("", f"“{title}” is not part of the manual.")]


def test_what_a_text_or_a_note_names_must_be_there() -> None:
    ServiceTargetFactory()
    write("how-we-speak", "We are at {{ kpi:csat.value }} and at {{ kpi:gone.value }}.")
    Section.objects.filter(slug="our-kpis").update(note="See {{ kpi:lost.value }}.")
    found = [(problem.kind, problem.slug, problem.sentence) for problem in readiness.problems(draft())]
    assert [(kind, slug) for kind, slug, _sentence in found] == [("broken", "how-we-speak"), ("broken", "our-kpis")]
    assert found[0][2].startswith("“How we speak with customers”: Line 1: there is no field “kpi:gone.value”.")


def test_a_promise_without_a_word_is_empty() -> None:
    write("our-promise", "  ")
    assert ("our-promise", "“Our promise to customers” is empty.") in empty()


def test_text_says_24_h_and_the_target_8_h() -> None:
    ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    write("handling-a-contact", "## E-mail\n\nWe answer every e-mail within 24 h.")
    assert contradicting() == [
        "“Handling a contact, step by step” says 24 h; in force is: Mail: 8 h of calendar time (channel: email)."
    ]
    write("handling-a-contact", "We answer every e-mail within 8 h.")
    assert contradicting() == []


def test_text_says_90_percent_and_the_goal_85() -> None:
    GoalFactory(kpi="csat", target=85, state="active")
    write("goals", "CSAT goal 90 %.")
    assert contradicting() == [
        "“Goals this period” says 90 %; in force is: Customer satisfaction (CSAT), target 85.0\u00a0%."
    ]


def test_notes_lists_quotes_and_tables_are_read_too() -> None:
    ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    Section.objects.filter(slug="service-levels").update(note="We answer e-mails within 1 h.")
    write("our-promise", "- one\n- We answer e-mails within 2 h.\n\n> We answer e-mails within 3 h.")
    write("who-we-are", "## First answer\n\n| Way | Within |\n|---|---|\n| E-mail | 4 h |\n| Chat | 8 h |")
    waiting, _done = readiness.contradicting()
    assert [(section.slug, each.said) for section, each in waiting] == [
        ("our-promise", "2 h"),
        ("our-promise", "3 h"),
        ("who-we-are", "4 h"),
        ("service-levels", "1 h"),
    ]


def test_an_answer_is_kept_with_person_and_reason_until_the_sentence_or_the_rule_changes() -> None:
    target = ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    write("our-promise", "We answer every e-mail within 24 h.")
    ((_section, found),) = readiness.contradicting()[0]
    manager = ManagerFactory()
    kept = readiness.answer(found.key, reason=" An outer limit. ", by=manager)
    assert (kept.slug, kept.reason, kept.by, kept.at) == ("our-promise", "An outer limit.", manager, NOON)
    assert readiness.answer(found.key, reason="Again.", by=None) is None
    waiting, (answered,) = readiness.contradicting()
    assert (waiting, answered.answer.reason) == ([], "An outer limit.")
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=4 * 3600)
    assert len(contradicting()) == 1
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=8 * 3600)
    write("our-promise", "We answer every single e-mail within 24 h.")
    assert len(contradicting()) == 1
    assert ContradictionAnswer.objects.count() == 1


def test_the_rule_for_unhappy_customers_is_held_against_their_chapter_only() -> None:
    SurveyFactory(slug="asked", kind="csat")
    FollowUpRules.objects.update_or_create(pk=1, defaults={"due_hours": 4})
    write("people", "We contact an unhappy customer within one working day.")
    rule = "an unhappy customer is contacted within 12 hours"
    assert contradicting() == [f"“Unhappy customers and complaints” says one working day; in force is: {rule}."]
    BusinessCalendar.objects.create(name="Office", is_default=True, week={"mon": [["09:00", "17:00"]]})
    FollowUpRules.objects.update(due_hours=8)
    assert contradicting() == []
