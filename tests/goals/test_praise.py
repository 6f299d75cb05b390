import re
from datetime import timedelta

import pytest

from goals import praise, praise_consent
from goals.models import Praise, Thanks
from goals.praise import AlreadyDecidedError
from kpiproject.models import Mail
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.goals import recognised
from tests.goals.recognised import NOW, by_customer, happy

pytestmark = pytest.mark.django_db


def waiting():
    return [found.answer.pk for found in praise.waiting(NOW)]


# --- The inbox
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, True),
        ({"score": 4}, False),  # satisfied, but not the best score
        ({"comment": ""}, False),
        ({"comment": "Good prices."}, False),
        ({"comment": "Good prices.", "mark": "praise"}, True),
        ({"mark": "complaint"}, False),
        ({"answered_at": NOW - timedelta(days=91)}, False),
    ],
)
def test_the_best_score_with_words_of_help_waits_for_a_manager(other, expected):
    found = happy(**other)
    assert waiting() == ([found.pk] if expected else [])


def test_on_a_scale_where_low_is_good_the_lowest_is_the_best():
    survey = SurveyFactory(kind="ces", scale_min=1, scale_max=7, lower_is_better=True)
    best = happy(survey=survey, score=1)
    happy(survey=survey, score=7)
    assert waiting() == [best.pk]


@pytest.mark.parametrize("kind", ["esat", "enps"])
def test_what_employees_say_is_never_praise(kind):
    survey = SurveyFactory(kind=kind)
    happy(survey=survey, score=survey.scale_max, mark="praise")
    assert waiting() == []


def test_the_proposal_has_no_customer_in_it_and_still_names_whom_it_is_about():
    recognised.agent()
    by_customer(comment="Ada was a great help. Grace Hopper, order 12345")
    (found,) = praise.waiting(NOW)
    assert found.proposal == "Ada was a great help. […], order […]"
    assert found.agent.name == "Ada Byron"


def test_an_agent_whom_two_sources_know_is_that_of_the_ticket():
    recognised.agent(source="zendesk")
    ours = recognised.agent(source="chatwoot")
    named = happy(ticket_source="chatwoot", ticket="1")
    unclear = happy(ticket_source="zammad", ticket="2")
    assert praise.agents_of([named, unclear]) == {named.pk: ours}


# --- Passing it on
def test_whom_it_is_about_sees_it_first_and_gets_a_mail():
    person, manager = StaffFactory(email="ada@example.org", name="Ada"), ManagerFactory()
    recognised.agent(person=person)
    answer = by_customer()
    found = praise.approve(answer.pk, "Ada was a great help.", by=manager, now=NOW)
    assert (found.state, found.person, found.approved_by) == ("shown", person, manager)
    assert list(praise.shared()) == []
    assert list(praise.of(person)) == [found]
    letter = Mail.objects.get()
    assert (letter.recipient, letter.kind) == ("ada@example.org", "praise")
    assert "Ada was a great help." in letter.text
    assert "/thanks/" in letter.text
    for secret in ("Grace", "Hopper", "grace.hopper@example.com"):
        assert secret not in letter.text + letter.html
    assert waiting() == []


def test_an_agent_without_an_account_gets_it_by_mail_with_a_link_of_their_own():
    recognised.agent(email="ada@example.org")
    found = praise.approve(happy().pk, "Ada was a great help.", by=ManagerFactory(), now=NOW)
    letter = Mail.objects.get()
    assert (letter.recipient, found.mail) == ("ada@example.org", letter)
    (signed,) = re.findall(r"/thanks/praise/mail/([^/\s]+)/", letter.text)
    assert praise_consent.find(signed) == found
    assert "lives for 30 days" in letter.text
    assert signed in letter.html
    assert list(praise.shared()) == []


def test_without_an_address_nobody_is_written_to():
    recognised.agent()
    praise.approve(happy().pk, "Ada was a great help.", by=ManagerFactory(), now=NOW)
    assert not Mail.objects.exists()
    assert Praise.objects.get().state == "shown"


def test_what_is_about_nobody_in_particular_is_for_all():
    found = praise.approve(happy(agent="").pk, "You were a great help.", by=ManagerFactory(), now=NOW)
    assert (found.state, list(praise.shared())) == ("shared", [found])
    assert not Mail.objects.exists()


def test_a_deactivated_account_gets_nothing():
    person = StaffFactory(email="ada@example.org", is_active=False)
    assert praise.account_of(recognised.agent(person=person)) is None


def test_refused_it_leaves_the_inbox_without_a_copy():
    answer = by_customer()
    found = praise.refuse(answer.pk, by=ManagerFactory(), now=NOW)
    assert (found.text, found.state, waiting()) == ("", "refused", [])
    assert not Mail.objects.exists()


def test_a_second_manager_comes_too_late():
    answer = happy()
    praise.refuse(answer.pk, by=ManagerFactory(), now=NOW)
    with pytest.raises(AlreadyDecidedError):
        praise.approve(answer.pk, "x", by=ManagerFactory(), now=NOW)
    with pytest.raises(AlreadyDecidedError):
        praise.refuse(answer.pk, by=ManagerFactory(), now=NOW)
    assert Praise.objects.count() == 1


def test_an_answer_that_was_changed_to_a_bad_one_is_no_praise_any_more():
    answer = happy()
    answer.score, answer.standing = 1, -1
    answer.save()
    with pytest.raises(AlreadyDecidedError):
        praise.approve(answer.pk, "x", by=ManagerFactory(), now=NOW)


# --- What the person decides
def test_only_whom_it_is_about_decides_who_else_reads_it():
    person, other = StaffFactory(), StaffFactory()
    found = recognised.praise(person)
    assert not praise.share(other, found.pk)
    assert not praise.keep(other, found.pk)
    assert list(praise.shared()) == []
    assert praise.share(person, found.pk)
    assert list(praise.shared()) == [found]
    assert praise.keep(person, found.pk)
    assert list(praise.shared()) == []


def test_what_was_refused_cannot_be_shared():
    person = StaffFactory()
    found = recognised.praise(person, state="refused")
    assert not praise.share(person, found.pk)


def test_an_answer_that_is_erased_takes_its_praise_along_and_leaves_the_thanks():
    found = recognised.praise(StaffFactory(), state="shared")
    kept = recognised.thanks(praise=found)
    found.answer.delete()
    assert not Praise.objects.exists()
    assert Thanks.objects.get(pk=kept.pk).praise is None


def test_the_inbox_costs_the_same_with_one_and_three(django_assert_num_queries):
    recognised.agent()
    for _number in range(3):
        by_customer(email=f"c{AnswerFactory().pk}@example.com")
    with django_assert_num_queries(2):
        assert len(praise.waiting(NOW)) == 3
