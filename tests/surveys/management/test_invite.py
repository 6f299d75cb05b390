import json

import pytest
from django.core.management import CommandError, call_command

from kpiproject.models import Mail
from surveys.models import Invitation
from tests.factories import SuppressionFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(tmp_path):
    path = tmp_path / "people.txt"
    path.write_text("a@example.org\nnonsense\nb@example.org\n")
    return path


def test_json_is_one_document_with_the_promised_names(addresses, capsys):
    SuppressionFactory(email="b@example.org")
    call_command("invite", "csat", "--emails", str(addresses), "--json")
    printed = capsys.readouterr()
    token = Invitation.objects.get().token
    assert json.loads(printed.out) == [
        {"email": "a@example.org", "status": "queued", "reason": None, "url": f"http://localhost:8000/s/{token}/"},
        {"email": "nonsense", "status": "skipped", "reason": "invalid_address", "url": None},
        {"email": "b@example.org", "status": "skipped", "reason": "suppressed", "url": None},
    ]
    assert printed.err == ""
    assert list(Mail.objects.values_list("recipient", "state")) == [("a@example.org", "queued")]


def test_context_file_is_frozen_into_the_invitation(addresses, tmp_path, capsys):
    context = tmp_path / "context.csv"
    context.write_text("email,ticket,agent,team,channel,category,shop\nA@example.org,T-1,a7,Billing,chat,refund,Bonn\n")
    call_command("invite", "nps", "--emails", str(addresses), "--context", str(context))
    first = Invitation.objects.order_by("id")[0]
    assert (first.ticket, first.agent, first.team, first.channel, first.category, first.context) == (
        "T-1", "a7", "Billing", "chat", "refund", {"shop": "Bonn"},
    )  # fmt: skip
    assert capsys.readouterr().out.splitlines()[-1] == "2 queued, 1 skipped."


def test_context_of_strangers_is_left_out_and_told(addresses, tmp_path, capsys):
    context = tmp_path / "context.csv"
    context.write_text("email,ticket\nx@example.org,1\n")
    call_command("invite", "csat", "--emails", str(addresses), "--context", str(context), "--json")
    assert capsys.readouterr().err == "1 address of context.csv is not in people.txt and was left out.\n"


def test_same_key_asks_only_once(addresses, capsys):
    for _time in range(2):
        call_command("invite", "csat", "--emails", str(addresses), "--key", "spring")
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("cst", "There is no survey “cst”. Did you mean csat, ces?"),
        ("zzz", "There is no survey “zzz”. There are: ces, csat, enps, esat, nps."),
        ("esat", "The survey “esat” is not open (it is: draft), so nobody can be asked."),
    ],
)
def test_survey_that_cannot_be_sent_gets_its_sentence(addresses, slug, sentence):
    with pytest.raises(CommandError) as raised:
        call_command("invite", slug, "--emails", str(addresses))
    assert str(raised.value) == sentence


def test_file_that_cannot_be_read_gets_its_sentence(tmp_path):
    SurveyFactory(slug="mine")
    with pytest.raises(CommandError) as raised:
        call_command("invite", "mine", "--emails", str(tmp_path))
    assert str(raised.value) == f"{tmp_path} is a folder, not a file."
    assert Invitation.objects.count() == 0
