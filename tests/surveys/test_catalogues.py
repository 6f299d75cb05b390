"""Whatever a respondent may see is said in every language that surveys are asked in."""

import re

import pytest
from django.utils import translation

from surveys.languages import LANGUAGES
from tests.catalogues import messages


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_every_text_is_translated(language):
    known = messages.read(language)
    spoken = {message if isinstance(message, str) else message[0] for message in messages.spoken()}
    assert spoken - {one.id if isinstance(one.id, str) else one.id[0] for one in known if one.id} == set()
    assert messages.unsaid(known) == []


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_translations_name_what_the_original_names(language):
    for message in messages.read(language):
        if message.id:
            originals = [message.id] if isinstance(message.id, str) else list(message.id)
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            for text in texts:
                assert _names(text) == _names(originals[-1]), text


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_compiled_catalogue_is_that_of_the_texts(language):
    compiled = messages.file_of(language).with_suffix(".mo").read_bytes()
    assert compiled == messages.as_machine_text(messages.read(language))


def test_every_language_says_something_of_its_own():
    """In the words of its own script or spelling: a catalogue that is not read would say it in English."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = translation.gettext("Send my answer")
    assert said == {
        "en": "Send my answer",
        "de": "Meine Antwort senden",
        "fr": "Envoyer ma réponse",
        "es": "Enviar mi respuesta",
        "ar": "إرسال إجابتي",
    }


def _names(text: str) -> list[str]:
    return sorted(re.findall(r"%\((\w+)\)[sd]", text))
