"""What waits for whom, over editions, confirmations and changes of audiences."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpiproject.models import Agent, Team, User
from kpiproject.queries import organisation
from kpiproject.roles import STAFF
from manual import acknowledgements, audiences, questions, reading_list
from manual.models import Acknowledgement, Audience
from manual.reading_list import State
from tests.factories import ManagerFactory, StaffFactory
from tests.manual.readers import FIRST, TODAY, audience, published, question

pytestmark = pytest.mark.django_db
SLUGS = ("promise", "tone", "kpis", "people")


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def waiting(person: User, now: datetime = FIRST) -> dict[str, int]:
    return {item.slug: item.since for item in reading_list.of(person, now).waiting}


def test_nothing_waits_without_an_edition_or_an_audience(jon: User) -> None:
    audience(jon)
    assert waiting(jon) == {}
    published("promise")
    assert waiting(jon) == {"promise": 1}
    Audience.objects.all().delete()
    assert waiting(jon) == {}


def test_only_material_changes_are_confirmed_again(jon: User) -> None:
    audience(jon)
    published("promise", "tone", "kpis")
    acknowledgements.confirm(jon, ["promise", "tone", "kpis"], number=1, now=FIRST)
    assert waiting(jon) == {}
    published("promise", "tone", "kpis", promise="Another promise.", tone="Anotehr tone.", editorial=("tone",))
    assert waiting(jon) == {"promise": 2}
    item = reading_list.of(jon, FIRST).waiting[0]
    assert (item.title, item.place, item.confirmed, item.state) == ("Promise", 1, 1, State.OPEN)


class Ledger:
    """Duties that are written down when they arise and struck out when they are done, in a random year."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.people = [StaffFactory(), StaffFactory()]
        self.groups = [audience(self.people[0]), audience(*self.people, slugs=["promise", "people"])]
        self.duties: dict[tuple[int, str], int] = {}
        self.texts: dict[str, str] = {}
        self.number = 0

    def publish(self) -> None:
        before, self.number = self.texts, self.number + 1
        shown = [slug for slug in SLUGS if self.dice.random() < 0.8] or ["promise"]
        anew = [slug for slug in shown if self.dice.random() < 0.4]
        self.texts = {slug: f"{self.number}" if slug in anew else before.get(slug, slug) for slug in shown}
        editorial = tuple(slug for slug in shown if self.dice.random() < 0.4)
        published(*shown, editorial=editorial, **self.texts)
        for slug in SLUGS:
            is_other = slug in self.texts and self.texts[slug] != before.get(slug)
            self._note(
                slug, ends=slug not in before or slug not in self.texts, arises=is_other and slug not in editorial
            )

    def _note(self, slug: str, *, ends: bool, arises: bool) -> None:
        for key in [(person.pk, slug) for person in self.people]:
            if ends:
                self.duties.pop(key, None)
            if arises:
                self.duties.setdefault(key, self.number)

    def confirm(self) -> None:
        person = self.dice.choice(self.people)
        found = list(waiting(person))
        chosen = self.dice.sample(found, self.dice.randint(0, len(found)))
        assert acknowledgements.confirm(person, chosen, number=self.number, now=FIRST) == len(chosen)
        assert acknowledgements.confirm(person, chosen, number=self.number, now=FIRST) == 0
        for slug in chosen:
            del self.duties[person.pk, slug]

    def choose_people(self) -> None:
        members = [person for person in self.people if self.dice.random() < 0.6]
        audiences.save(self.dice.choice(self.groups), by=None, today=TODAY, people=members)

    def choose_sections(self) -> None:
        audiences.save(self.groups[1], by=None, today=TODAY, slugs=self.dice.sample(SLUGS, 2))

    def expected(self, person: User) -> dict[str, int]:
        asked: set[str] = set()
        for group in Audience.objects.filter(people=person):
            asked |= set(SLUGS) if group.has_all else set(group.slugs)
        return {slug: since for (pk, slug), since in self.duties.items() if pk == person.pk and slug in asked}


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_editions_confirmations_and_audiences(seed: int) -> None:
    ledger = Ledger(seed)
    events = [ledger.publish, ledger.publish, ledger.confirm, ledger.confirm]
    events += [ledger.choose_people, ledger.choose_sections]
    for _turn in range(16):
        ledger.dice.choice(events)()
        for person in ledger.people:
            assert waiting(person) == ledger.expected(person)
    kept = list(Acknowledgement.objects.values_list("person", "edition", "slug"))
    assert len(kept) == len(set(kept))


def test_a_later_edition_does_not_move_the_deadline(jon: User) -> None:
    audience(jon)
    published("promise")
    assert reading_list.of(jon, FIRST).due == date(2026, 3, 16)
    published("promise", promise="New.", at=FIRST + timedelta(days=10))
    assert reading_list.of(jon, FIRST).due == date(2026, 3, 16)


def test_the_first_of_two_deadlines_counts(jon: User) -> None:
    published("promise", "tone")
    audience(jon, days=30)
    audience(jon, days=7, slugs=["tone"])
    assert [(item.slug, item.due) for item in reading_list.of(jon, FIRST).waiting] == [
        ("promise", date(2026, 4, 1)),
        ("tone", date(2026, 3, 9)),
    ]


def test_a_deadline_can_be_set_for_one_edition(jon: User) -> None:
    edition = published("promise")
    group = audience(jon)
    audiences.set_deadline(group, edition, date(2026, 3, 5))
    assert reading_list.of(jon, FIRST).due == date(2026, 3, 5)
    audiences.set_deadline(group, edition, None)
    assert reading_list.of(jon, FIRST).due == date(2026, 3, 16)


def test_whoever_joins_later_has_as_many_days_and_begins_anew_after_leaving(jon: User) -> None:
    published("promise")
    group = audience(StaffFactory())
    audiences.save(group, by=None, today=date(2026, 4, 1), people=[jon])
    assert reading_list.of(jon, FIRST).due == date(2026, 4, 15)
    audiences.save(group, by=None, today=date(2026, 4, 2), people=[])
    audiences.save(group, by=None, today=date(2026, 4, 20), people=[jon])
    assert reading_list.of(jon, FIRST).due == date(2026, 5, 4)


def test_it_is_late_on_the_day_after_the_deadline(jon: User) -> None:
    published("promise")
    audience(jon)
    states = [reading_list.of(jon, datetime(2026, 3, day, 12, tzinfo=UTC)).state for day in (15, 16, 17)]
    assert states == [State.OPEN, State.OPEN, State.OVERDUE]


def test_whoever_waits_for_an_answer_is_not_late(jon: User) -> None:
    published("promise")
    audience(jon)
    asked = question(jon, "promise")
    long_after = FIRST + timedelta(days=60)
    assert reading_list.of(jon, long_after).state == State.ASKED
    questions.answer(asked, "Yes.", by=ManagerFactory(), now=long_after)
    assert reading_list.of(jon, long_after).state == State.OVERDUE


def test_a_removed_section_waits_for_nobody_and_nothing_is_lost(jon: User) -> None:
    group = audience(jon, slugs=["promise", "tone"])
    published("promise", "tone")
    acknowledgements.confirm(jon, ["tone"], number=1, now=FIRST)
    asked = question(jon, "promise")
    published("kpis")
    assert reading_list.of(jon, FIRST).state == State.DONE
    assert reading_list.removed(group, {"kpis"}) == ["promise", "tone"]
    assert reading_list.last_title("promise") == ("Promise", 1)
    published("kpis", "tone")  # it comes back, so it is read once more
    assert waiting(jon) == {"tone": 3}
    asked.refresh_from_db()
    assert (asked.text, Acknowledgement.objects.get().slug) == ("Also on Sundays?", "tone")


# --- Who belongs to an audience
def test_roles_teams_and_single_people_make_an_audience() -> None:
    manager, staff, agent, single = (
        ManagerFactory(),
        StaffFactory(),
        StaffFactory(email="ada@example.org"),
        StaffFactory(),
    )
    gone = StaffFactory(is_active=False)
    team = Team.objects.create(external_id="t", name="Chat")
    Agent.objects.create(external_id="a", name="Ada", email=" Ada@Example.org", team=team)
    Agent.objects.create(external_id="b", name="Bo", email="bo@example.org", team=team)  # has no account
    Agent.objects.create(external_id="c", name="Cy", team=team)
    by_team = audience(teams=[team])
    by_role = audience(groups=staff.groups.filter(name=STAFF))
    by_name = audience(single, gone, manager)
    assert audiences.members() == {
        by_team.pk: {agent.pk},
        by_role.pk: {staff.pk, agent.pk, single.pk},
        by_name.pk: {single.pk, manager.pk},
    }
    assert audiences.members([by_team]) == {by_team.pk: {agent.pk}}


def test_two_audiences_of_the_same_name_are_refused_with_a_sentence(jon: User) -> None:
    audience(jon, name="All")
    with pytest.raises(audiences.NameTakenError, match=r"^There is already an audience called “All”\.$"):
        audience(jon, name="All")
    assert Audience.objects.count() == 1


def test_everybody_is_read_in_as_many_queries_as_one(jon: User) -> None:
    organisation()
    team = Team.objects.create(external_id="t", name="Chat")
    Agent.objects.create(external_id="a", name="Ada", email=jon.email, team=team)
    published("promise", "tone")
    audience(jon, teams=[team], groups=jon.groups.all())
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            found = reading_list.everybody(FIRST)
        counts.append((len(found), len(queries)))
        others = [StaffFactory() for _n in range(3)]
        audience(*others, slugs=["tone"])
        acknowledgements.confirm(others[0], ["tone"], number=1, now=FIRST)
        published("promise", "tone", promise=f"Edition {len(counts)}")
    assert [people for people, _queries in counts] == [1, 4]
    assert counts[0][1] == counts[1][1]
