import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from surveys import signed_links
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db


def test_link_is_printed_alone(capsys):
    survey = SurveyFactory(slug="mine")
    call_command("survey_link", "mine", "--ticket", "4711", "--agent", "ada", "--source", "zendesk")
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("http://localhost:8000/a/mine/?agent=ada&source=zendesk&ticket=4711&s=")
    said = signed_links.opened(survey, parse_qs(urlsplit(line).query))
    assert said == {"agent": "ada", "source": "zendesk", "ticket": "4711"}


def test_json_is_one_document(capsys):
    survey = SurveyFactory(slug="mine")
    call_command("survey_link", "mine", "--team", " Billing ", "--category", "", "--json")
    context = {"team": "Billing"}
    query = signed_links.query(survey, context)
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"survey": "mine", "context": context, "url": f"http://localhost:8000/a/mine/?{query}"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cst", "--ticket", "1"], "There is no survey “cst”. Did you mean csat, ces?"),
        (["csat"], "Say at least one thing that the link is about."),
        (["csat", "--channel", "x" * 101], "“channel” can have at most 100 characters."),
        (["esat", "--ticket", "1"], "A link for employees can carry the team and the category only."),
    ],
)
def test_what_cannot_be_made_gets_its_sentence(arguments, sentence):
    with pytest.raises(CommandError) as raised:
        call_command("survey_link", *arguments)
    assert str(raised.value) == sentence
