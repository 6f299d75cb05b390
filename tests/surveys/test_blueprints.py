import re

import pytest

from surveys import readiness, starting, versions
from surveys.blueprint_texts import PROMPTS, WORDINGS
from surveys.blueprints import BLUEPRINTS
from surveys.content import TEXTS
from surveys.languages import LANGUAGES
from surveys.models import Survey
from surveys.scales import KINDS
from surveys.starting import Start

ALL = list(LANGUAGES)


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("csat", "How satisfied were you with the service you received today?"),
        ("nps", "How likely are you to recommend [Company] to a friend or colleague?"),
        ("ces", "How easy was it to get your issue resolved today?"),
        ("ces2", "[Company] made it easy for me to handle my issue."),
        ("effort", "How much effort did you have to put into getting your issue resolved?"),
    ],
)
def test_they_ask_in_the_words_of_the_field(code, question):
    assert BLUEPRINTS[code].wording("en").question == question


# By hand: kind, purpose, lowest, highest, low is good, look.
SETTINGS = {
    "csat": ("csat", "service", 1, 5, False, "smileys"),
    "csat_reasons": ("csat", "service", 1, 5, False, "smileys"),
    "thumbs": ("csat", "service", 1, 2, False, "thumbs"),
    "ces": ("ces", "service", 1, 7, False, "numbers"),
    "ces2": ("ces", "service", 1, 7, False, "numbers"),
    "effort": ("ces", "service", 1, 5, True, "numbers"),
    "nps": ("nps", "relationship", 0, 10, False, "numbers"),
    "nps_groups": ("nps", "relationship", 0, 10, False, "numbers"),
    "onboarding": ("csat", "onboarding", 1, 5, False, "smileys"),
    "exit": ("csat", "exit", 1, 5, False, "numbers"),
    "recovery": ("csat", "recovery", 1, 5, False, "smileys"),
    "product": ("csat", "product", 1, 5, False, "stars"),
    "esat": ("esat", "employees", 1, 5, False, "smileys"),
    "enps": ("enps", "employees", 0, 10, False, "numbers"),
}


def test_each_has_the_scale_of_its_field():
    found = {
        one.code: (one.kind, one.purpose, one.low, one.high, one.lower_is_better, one.look)
        for one in BLUEPRINTS.values()
    }
    assert found == SETTINGS


def test_every_kind_and_purpose_has_one():
    assert {one.kind for one in BLUEPRINTS.values()} == set(KINDS)
    assert {one.purpose for one in BLUEPRINTS.values()} == set(Survey.Purpose.values)


def test_a_blank_survey_finds_its_words_under_its_kind():
    assert set(KINDS) <= set(BLUEPRINTS)


@pytest.mark.parametrize("language", ALL)
def test_words_are_written_for_every_blueprint_and_nothing_else(language):
    assert set(WORDINGS[language]) == set(BLUEPRINTS)
    asked = {code: {ask.key: ask.keys for ask in one.questions} for code, one in BLUEPRINTS.items() if one.questions}
    assert {
        code: {key: tuple(said.options) for key, said in prompts.items()} for code, prompts in PROMPTS[language].items()
    } == asked


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("code", list(BLUEPRINTS))
def test_words_fit_the_fields_and_keep_their_placeholder(language, code):
    own, english = WORDINGS[language][code], WORDINGS["en"][code]
    for name in TEXTS:
        text = getattr(own, name)
        assert len(text) <= Survey._meta.get_field(name).max_length
        assert bool(text) == bool(getattr(english, name)), name
        assert not re.search(r"\s{2}|^\s|\s$", text), text
        assert re.findall(r"\[.*?\]", text) in ([], ["[Company]"])
    assert ("[Company]" in own.question) == ("[Company]" in english.question)


@pytest.mark.parametrize("language", [code for code in ALL if code != "en"])
def test_nothing_was_left_in_english(language):
    same = [
        (code, name)
        for code in BLUEPRINTS
        for name in TEXTS
        if (text := getattr(WORDINGS[language][code], name)) and text == getattr(WORDINGS["en"][code], name)
    ]
    assert same == ([("thumbs", "low_label")] if language == "es" else [])  # "No" is "No"


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(BLUEPRINTS))
def test_each_can_be_opened_at_once_in_every_language(code):
    start = Start(name="New", slug="brand-new", languages=ALL)
    survey = starting.from_blueprint(BLUEPRINTS[code], start)
    content = versions.content_of(survey)
    assert list(content.wordings) == ["en", "ar", "de", "es", "fr"]
    assert readiness.problems(content) == []
