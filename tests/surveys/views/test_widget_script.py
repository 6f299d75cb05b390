import json
import re

import pytest

from surveys.languages import LANGUAGES

pytestmark = pytest.mark.django_db


def test_script_is_small_and_kept_by_browsers_until_it_changes(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/widget.js")
    assert (response.status_code, response["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert len(response.content) < 2000
    assert not response.cookies
    same = client.get("/widget.js", headers={"if-none-match": response["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert client.get("/widget.js", headers={"if-none-match": '"older"'}).status_code == 200


def test_script_has_words_in_every_language(client):
    [written] = re.findall(r"const words = (\{.*\});", client.get("/widget.js").content.decode())
    words = json.loads(written)
    assert list(words) == list(LANGUAGES)
    assert all(len(said) == 2 and all(said) for said in words.values())


def test_script_is_the_same_for_every_reader(client):
    scripts = {client.get("/widget.js", headers={"accept-language": code}).content for code in ("en", "de", "ar")}
    assert len(scripts) == 1
