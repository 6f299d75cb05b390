import shutil
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from surveys import signed_links, signing_recipes
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db
EXAMPLE = {"agent": "ada", "channel": "chat", "team": "Billing", "ticket": "4711"}


def said(survey, address: str) -> dict[str, str]:
    assert address.startswith(f"http://localhost:8000/a/{survey.slug}/?")
    return signed_links.opened(survey, parse_qs(urlsplit(address).query))


@pytest.mark.parametrize("secret", ["abc_def-ghi", "-begins-with-a-hyphen-"])
@pytest.mark.parametrize(("kind", "known"), [("csat", EXAMPLE), ("esat", {"team": "Billing"})])
def test_recipe_in_python_signs_links_that_work(kind, known, secret):
    survey = SurveyFactory(kind=kind, link_secret=secret)
    ran = subprocess.run(
        [sys.executable, "-c", signing_recipes.python(survey)], capture_output=True, text=True, check=True
    )
    assert said(survey, ran.stdout.strip()) == known


@pytest.mark.skipif(not (shutil.which("sh") and shutil.which("openssl")), reason="sh or openssl is not installed")
@pytest.mark.parametrize("secret", ["abc_def-ghi", "-begins-with-a-hyphen-"])
@pytest.mark.parametrize(("kind", "known"), [("csat", EXAMPLE), ("esat", {"team": "Billing"})])
def test_recipe_for_the_shell_signs_links_that_work(kind, known, secret):
    survey = SurveyFactory(kind=kind, link_secret=secret)
    ran = subprocess.run(["sh", "-c", signing_recipes.shell(survey)], capture_output=True, text=True, check=True)
    assert said(survey, ran.stdout.strip()) == known
