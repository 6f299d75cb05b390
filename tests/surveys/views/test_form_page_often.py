"""Somebody who changes an answer again and again."""

import pytest

from surveys.models import Answer, AnswerChange
from surveys.views import form_page
from surveys.views.sheet import Sheet
from tests.factories import InvitationFactory
from tests.surveys.views.test_form_page import key_of

pytestmark = pytest.mark.django_db


def test_changes_by_one_personal_link_are_put_off_and_nothing_typed_is_lost(client):
    path = f"/s/{InvitationFactory().token}/"
    sent = [client.post(path, {"score": 1 + number % 5}) for number in range(form_page.MOST_CHANGES + 2)]
    assert {response.status_code for response in sent[:-1]} == {303}  # the first is no change
    late = client.post(path, {"score": "5", "comment": "typed"})
    assert (late.status_code, late["Retry-After"]) == (429, "600")
    assert ">\ntyped</textarea>" in late.content.decode()
    assert Answer.objects.get().comment == ""
    assert AnswerChange.objects.count() == form_page.MOST_CHANGES
    other = f"/s/{InvitationFactory().token}/"
    assert client.post(other, {"score": "5"}).status_code == 303


def test_changes_of_an_employee_are_put_off_too(client):
    path = f"/s/{InvitationFactory(survey__kind='esat').token}/"
    data = {"score": "5", "form_key": key_of(client.get(path))}
    sent = [client.post(path, data).status_code for _time in range(Sheet.most + 2)]
    assert (set(sent[:-1]), sent[-1]) == ({303}, 429)
