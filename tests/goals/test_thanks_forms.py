import pytest

from goals.thanks_forms import PraiseForm, ThanksForm
from kpiproject.models import Team
from tests.factories import StaffFactory
from tests.goals import recognised

pytestmark = pytest.mark.django_db
WHAT = "You found the parcel at last."


def form(by=None, **given):
    return ThanksForm(given, by=by or StaffFactory())


def test_for_a_person_or_a_team():
    person, team = StaffFactory(), Team.objects.create(external_id="b", name="Billing")
    for whom, expected in ((f"person-{person.pk}", {"person": person}), (f"team-{team.pk}", {"team": team})):
        found = form(whom=whom, what=WHAT)
        assert found.is_valid()
        assert found.to() == expected


@pytest.mark.parametrize("what", ["", "Thanks!", "Great job you", "  You   were  "])
def test_it_must_name_what_was_done(what):
    found = form(whom=f"person-{StaffFactory().pk}", what=what)
    assert list(found.errors) == ["what"]


def test_nobody_thanks_themselves_nor_somebody_who_has_left():
    by, gone = StaffFactory(), StaffFactory(is_active=False)
    for whom in (f"person-{by.pk}", f"person-{gone.pk}", "person-0", "team-1", "x", ""):
        assert list(form(by=by, whom=whom, what=WHAT).errors) == ["whom"], whom


def test_only_words_that_are_shared_go_along():
    person = StaffFactory()
    private, shared = recognised.praise(person), recognised.praise(person, state="shared")
    whom = f"person-{person.pk}"
    assert form(whom=whom, what=WHAT, praise=shared.pk).is_valid()
    assert list(form(whom=whom, what=WHAT, praise=private.pk).errors) == ["praise"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Ada was a great help.", None),
        ("Grace says that Ada was a great help.", "This still says who wrote it: Grace. Take it out."),
        ("Write to grace@example.com", "This still says who wrote it: grace@example.com, Grace. Take it out."),
        ("[…] […]", "Nothing is left of the words."),
        ("  ", "This field is required."),
    ],
)
def test_what_is_passed_on_says_nothing_about_who_wrote_it(text, error):
    found = PraiseForm({"text": text}, names=["Grace", "Ada"], keep=["Ada"])
    assert [str(one) for one in found.errors.get("text", [])] == ([error] if error else [])
