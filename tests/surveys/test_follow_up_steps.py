"""What people do with a follow-up, who may not, and two at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kpiproject.models import User
from surveys import follow_up_steps
from surveys.follow_up_steps import StepRefusedError
from surveys.models import FactChange, FollowUp, FollowUpNote, FollowUpRules
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara")


@pytest.fixture
def ben() -> User:
    return ManagerFactory(name="Ben")


def fresh(**fields: Any) -> FollowUp:
    return FollowUpFactory(**{"opened_at": NOW - timedelta(hours=1)} | fields)


def notes(follow_up: FollowUp) -> list[tuple[str, str, str]]:
    rows = FollowUpNote.objects.filter(follow_up=follow_up).exclude(kind="opened").order_by("id")
    return [(note.kind, str(note.by), note.text) for note in rows]


def test_the_whole_way(mara: User) -> None:
    found = fresh()
    follow_up_steps.take(found.pk, mara, now=NOW)
    follow_up_steps.contacted(found.pk, by=mara, how="phone", text="Left a message.", now=LATER)
    follow_up_steps.contacted(found.pk, by=mara, how="mail", now=LATER + timedelta(hours=1))
    follow_up_steps.resolve(found.pk, by=mara, text="Got a new one.", now=LATER + timedelta(hours=2))
    found.refresh_from_db()
    assert (found.state, found.assignee, found.taken_at) == ("resolved", mara, NOW)
    assert (found.contacted_at, found.closed_at) == (LATER, LATER + timedelta(hours=2))  # the first contact counts
    assert notes(found) == [
        ("taken", "Mara", ""),
        ("contacted", "Mara", "by phone\nLeft a message."),
        ("contacted", "Mara", "by mail"),
        ("resolved", "Mara", "Got a new one."),
    ]
    assert list(FactChange.objects.values_list("at", flat=True)) == [found.one_day_at]


def test_contacting_takes_what_nobody_had_taken(mara: User) -> None:
    found = fresh()
    follow_up_steps.contacted(found.pk, by=mara, how="ticket", now=NOW)
    found.refresh_from_db()
    assert (found.state, found.assignee, found.taken_at, found.contacted_at) == ("contacted", mara, NOW, NOW)
    assert [kind for kind, _by, _text in notes(found)] == ["taken", "contacted"]


def test_taking_twice_is_as_once(mara: User) -> None:
    found = fresh()
    follow_up_steps.take(found.pk, mara, now=NOW)
    follow_up_steps.take(found.pk, mara, now=LATER)
    found.refresh_from_db()
    assert (found.taken_at, len(notes(found))) == (NOW, 1)


def test_who_was_faster_is_named(mara: User, ben: User) -> None:
    found = fresh()
    follow_up_steps.take(found.pk, mara, now=NOW)
    with pytest.raises(StepRefusedError, match=r"^Mara takes care of it already\.$"):
        follow_up_steps.take(found.pk, ben, now=NOW)
    found.refresh_from_db()
    assert found.assignee == mara


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_it_at_once(at_once) -> None:
    people = [ManagerFactory(name=f"M{number}") for number in range(4)]
    found = fresh()

    def take(person: User) -> str:
        try:
            follow_up_steps.take(found.pk, person, now=NOW)
        except StepRefusedError as refusal:
            return str(refusal)
        return "taken"

    said = at_once(*[lambda person=person: take(person) for person in people])
    winner = people[said.index("taken")]
    assert sorted(said) == sorted(["taken", *[f"{winner.name} takes care of it already."] * 3])
    assert at_once(lambda: (FollowUp.objects.get().assignee.name, FollowUpNote.objects.count())) == [(winner.name, 2)]


STEPS = {
    "contacted": lambda found, by: follow_up_steps.contacted(found.pk, by=by, how="chat"),
    "resolve": lambda found, by: follow_up_steps.resolve(found.pk, by=by),
    "give_up": lambda found, by: follow_up_steps.give_up(found.pk, by=by),
    "reopen": lambda found, by: follow_up_steps.reopen(found.pk, by=by),
    "take": lambda found, by: follow_up_steps.take(found.pk, by),
}


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("new", {"contacted", "take"}),
        ("taken", {"contacted"}),
        ("contacted", {"contacted", "resolve", "give_up"}),
        ("resolved", {"reopen"}),
        ("no_answer", {"reopen"}),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_left_out(mara: User, ben: User, state: str, allowed: set[str], step: str) -> None:
    found = fresh(state=state, assignee=ben)
    if step in allowed:
        STEPS[step](found, mara)
        return
    with pytest.raises(StepRefusedError):
        STEPS[step](found, mara)
    before = found.state
    found.refresh_from_db()
    assert (found.state, notes(found)) == (before, [])


def test_refusals_say_what_is_missing(mara: User) -> None:
    with pytest.raises(
        StepRefusedError, match=r"^Nobody has contacted the customer yet; note first how that was done\.$"
    ):
        follow_up_steps.resolve(fresh(state="taken", assignee=mara).pk, by=mara)
    with pytest.raises(StepRefusedError, match=r"^It is closed already: resolved\.$"):
        follow_up_steps.contacted(fresh(state="resolved", assignee=mara).pk, by=mara, how="phone")
    with pytest.raises(StepRefusedError, match=r"^It is closed already: no answer\.$"):
        follow_up_steps.take(fresh(state="no_answer", assignee=mara).pk, mara)


def test_where_there_is_nobody_taking_it_is_enough_to_resolve(mara: User) -> None:
    found = fresh(contact=None, is_reachable=False)
    with pytest.raises(StepRefusedError):
        follow_up_steps.resolve(found.pk, by=mara)
    follow_up_steps.take(found.pk, mara)
    follow_up_steps.resolve(found.pk, by=mara, text="We put up a sign.")
    found.refresh_from_db()
    assert (found.state, found.contacted_at, found.recoveries.count()) == ("resolved", None, 0)


def test_handing_over_tells_the_other_and_not_oneself(mara: User, ben: User) -> None:
    found = fresh(state="taken", assignee=mara)
    follow_up_steps.hand_over(found.pk, ben, by=mara, text="You know them.", now=NOW)
    assert notes(found) == [("handed", "Mara", "to Ben\nYou know them.")]
    assert FollowUpNote.objects.get(kind="handed").is_to_tell
    follow_up_steps.hand_over(found.pk, mara, by=mara, now=LATER)
    assert not FollowUpNote.objects.filter(kind="handed").latest("id").is_to_tell
    found.refresh_from_db()
    assert (found.assignee, found.state) == (mara, "taken")


def test_handing_over_to_whoever_cannot_or_has_it_already(mara: User) -> None:
    found = fresh(state="taken", assignee=mara)
    with pytest.raises(StepRefusedError, match=r"^Nora cannot take care of follow-ups\.$"):
        follow_up_steps.hand_over(found.pk, UserFactory(name="Nora"), by=mara)
    with pytest.raises(StepRefusedError, match=r"^Mara takes care of it already\.$"):
        follow_up_steps.hand_over(found.pk, mara, by=mara)
    closed = fresh(state="resolved", assignee=mara)
    with pytest.raises(StepRefusedError, match=r"^It is closed already: resolved\.$"):
        follow_up_steps.hand_over(closed.pk, StaffFactory(), by=mara)


def test_who_opens_it_again_has_it_and_a_new_due_time(mara: User, ben: User) -> None:
    found = fresh(state="resolved", assignee=ben, contacted_at=NOW, closed_at=NOW)
    follow_up_steps.reopen(found.pk, by=mara, text="They called.", now=LATER)
    first_day = found.one_day_at
    found.refresh_from_db()
    assert (found.state, found.assignee, found.closed_at, found.contacted_at) == ("taken", mara, None, NOW)
    assert (found.due_at, found.one_day_at) == (LATER + timedelta(hours=24), first_day)


@pytest.mark.parametrize("hours", [0, 24, 72])
def test_the_customer_is_asked_some_time_after(mara: User, hours: int) -> None:
    FollowUpRules.objects.update_or_create(pk=1, defaults={"recovery_after_hours": hours})
    found = fresh(state="contacted", assignee=mara)
    follow_up_steps.resolve(found.pk, by=mara, now=NOW)
    assert found.recoveries.get().ask_at == NOW + timedelta(hours=hours)
    follow_up_steps.reopen(found.pk, by=mara, now=LATER)
    assert found.recoveries.get().reason == "reopened"


def test_nobody_is_asked_who_did_not_answer(mara: User) -> None:
    found = fresh(state="contacted", assignee=mara)
    follow_up_steps.give_up(found.pk, by=mara, now=NOW)
    assert found.recoveries.count() == 0


def test_a_note_changes_nothing_else(mara: User) -> None:
    found = fresh()
    follow_up_steps.write(found.pk, by=mara, text=" Looks like the parcel was lost. ", now=NOW)
    found.refresh_from_db()
    assert (found.state, notes(found)) == ("new", [("note", "Mara", "Looks like the parcel was lost.")])


@pytest.mark.parametrize(
    ("fields", "steps"),
    [
        ({}, ["take", "contacted", "hand_over", "note"]),
        ({"state": "taken"}, ["take_over", "contacted", "hand_over", "note"]),
        ({"state": "contacted"}, ["resolve", "give_up", "contacted", "hand_over", "note"]),
        ({"state": "resolved"}, ["reopen", "note"]),
        (
            {"state": "taken", "contact": None, "is_reachable": False},
            ["take_over", "contacted", "resolve", "hand_over", "note"],
        ),
    ],
)
def test_possible_steps(mara: User, fields: dict[str, Any], steps: list[str]) -> None:
    assert follow_up_steps.possible(fresh(**fields), mara) == steps
