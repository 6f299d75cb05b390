"""An unhappy answer in words."""

import pytest

from surveys.complaints import complaint
from tests.factories import AnswerFactory, ContactFactory

pytestmark = pytest.mark.django_db


def test_begun_mail_carries_nothing_but_its_subject() -> None:
    answer = AnswerFactory(
        score=2, contact=ContactFactory(name="", email="a&b?cc=c@example.com"), ticket="1&bcc=d@example.com\n"
    )
    found = complaint(answer, has_customer=True)
    assert found.customer_name == "a&b?cc=c@example.com"
    assert found.reply_url == (
        "mailto:a%26b%3Fcc%3Dc@example.com?subject=Your%20feedback%20on%20ticket%201%26bcc%3Dd%40example.com%0A"
    )
    answer.ticket = ""
    assert found.reply_url.partition("?")[2] == "subject=Your%20feedback"
    assert complaint(answer, has_customer=False).reply_url == ""


def test_customer_without_an_address_is_called_what_the_message_called_them() -> None:
    answer = AnswerFactory(score=1, customer="C-77")
    found = complaint(answer, has_customer=True)
    assert (found.customer, found.customer_name, found.reply_url) == ("C-77", "", "")
    assert complaint(answer, has_customer=False).customer == ""


def test_happy_answers_are_in_words_as_well() -> None:
    found = complaint(AnswerFactory(score=5, comment="Thanks!"), has_customer=False)
    assert (found.score, found.felt, found.is_bad, found.about) == ("5 of 5", "", False, "“Thanks!”")
