import re

import pytest

from surveys import codes, links, versions
from surveys.models import Translation
from tests.factories import EntranceFactory, ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def code():
    return EntranceFactory(survey__slug="mine", name="Door 1")


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def paths(code) -> list[str]:
    return [f"/surveys/mine/ways-in/{code.pk}/{what}" for what in ("code.svg", "code.png", "sheet/")]


def test_staff_may_not_print(client, code):
    client.force_login(StaffFactory())
    assert [client.get(path).status_code for path in paths(code)] == [403] * 3


def test_code_leads_to_its_address(manager, code):
    address = f"http://localhost:8000/c/{code.token}/"
    svg, png, _sheet = (manager.get(path) for path in paths(code))
    assert svg.content == codes.svg(address, title=f"localhost:8000/c/{code.token}/")
    assert png.content == codes.png(address)
    assert [(answer["Content-Type"], answer["Content-Disposition"]) for answer in (svg, png)] == [
        ("image/svg+xml", 'inline; filename="mine-door-1.svg"'),
        ("image/png", 'inline; filename="mine-door-1.png"'),
    ]


def test_public_link_has_a_code_too(manager):
    SurveyFactory(slug="mine", has_public_link=True)
    svg = manager.get("/surveys/mine/ways-in/public/code.svg")
    assert svg.content == codes.svg(links.public_url("mine"), title="localhost:8000/p/mine/")
    page = manager.get("/surveys/mine/ways-in/public/sheet/").content.decode()
    assert '<span dir="ltr">localhost:8000/p/mine/</span>' in page
    assert "This way in is off" not in page


@pytest.mark.parametrize("kind", ["kiosk", "widget"])
def test_kiosks_and_widgets_are_not_printed(manager, kind):
    other = EntranceFactory(survey__slug="mine", kind=kind)
    assert [manager.get(path).status_code for path in paths(other)] == [404] * 3


@pytest.mark.parametrize("which", ["0", "x", "9" * 30, "²"])
def test_code_that_does_not_exist_is_404(manager, code, which):
    assert manager.get(f"/surveys/mine/ways-in/{which}/code.svg").status_code == 404


def test_code_of_another_survey_is_404(manager, code):
    other = EntranceFactory()
    assert manager.get(f"/surveys/mine/ways-in/{other.pk}/sheet/").status_code == 404


@pytest.mark.parametrize(("asked", "shown"), [("", 1), ("1", 1), ("2", 2), ("4", 4), ("8", 8), ("3", 1), ("x", 1)])
def test_sheet_has_as_many_codes_as_asked_for(manager, code, asked, shown):
    page = manager.get(paths(code)[2], {"per_page": asked}).content.decode()
    assert page.count(f'<img src="/surveys/mine/ways-in/{code.pk}/code.svg"') == shown
    assert page.count(f'<span dir="ltr">localhost:8000/c/{code.token}/</span>') == shown


def test_sheet_speaks_the_language_asked_for(manager, code):
    Translation.objects.create(survey=code.survey, language="ar", question="كم أنت راضٍ عن [Company]؟")
    versions.ensure(code.survey)
    page = manager.get(paths(code)[2], {"language": "ar"}).content.decode()
    assert re.search(r'<main[^>]* lang="ar" dir="rtl"', page)
    assert "كم أنت راضٍ عن My organisation؟" in page
    assert 'lang="en" dir="ltr"' in manager.get(paths(code)[2], {"language": "de"}).content.decode().split("<main")[1]


def test_sheet_of_something_switched_off_says_so(manager):
    code = EntranceFactory(survey__slug="mine", is_active=False)
    assert (
        "This way in is off. Switch it on before you hang the sheet up." in manager.get(paths(code)[2]).content.decode()
    )
