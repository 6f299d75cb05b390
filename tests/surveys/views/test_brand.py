import base64
import random
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kpiproject import logos
from kpiproject.models import Organisation
from surveys.views import brand
from tests.factories import InvitationFactory
from tests.kpiproject.test_logos import chunk, png
from tests.surveys.views.test_answering import downloaded


def test_sheet_depends_only_on_its_address(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/brand/FFEE00-00000000.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    sheet = response.content.decode()
    assert sheet.startswith(":root{color-scheme: light dark;")
    assert re.findall(r":root\{--brand:#ffee00;--brand-ink:#16181d;--accent:#[0-9a-f]{6}\}", sheet) != []
    assert "/*" not in sheet


def test_address_changes_with_the_colour():
    addresses = [brand.style_url(Organisation(brand_colour=colour)) for colour in ("#FFEE00", "#ffee00", "#1f4f8f")]
    assert [address.partition("-")[0] for address in addresses] == ["/brand/ffee00", "/brand/ffee00", "/brand/1f4f8f"]


@pytest.mark.parametrize("colour", ["red", "12345", "1234567", "gggggg", "};x{"])
def test_what_is_no_colour_is_404(client, db, colour):
    assert client.get(f"/brand/{colour}-00000000.css").status_code == 404


@pytest.fixture
def logo(db) -> str:
    found = logos.read(png(40, 96))
    default_storage.save(f"logos/{found.name}", ContentFile(found.content))
    return found.name


def test_logo_is_in_the_sheet_at_most_48_pixels_high(client, logo, django_assert_num_queries):
    address = brand.style_url(Organisation(brand_colour="#1f4f8f", logo=f"logos/{logo}"))
    assert address.endswith(f"-{logo}.css")
    with django_assert_num_queries(0):
        sheet = client.get(address).content.decode()
    encoded = base64.b64encode(png(40, 96)).decode()
    assert ".logo{display:block;width:20px;height:48px;max-width:100%" in sheet
    assert f"url(data:image/png;base64,{encoded})" in sheet


def test_logo_that_is_gone_or_was_changed_leaves_the_name(client, logo):
    default_storage.delete(f"logos/{logo}")
    default_storage.save(f"logos/{logo}", ContentFile(b"<script>"))
    assert ".logo" not in client.get(f"/brand/1f4f8f-00000000-{logo}.css").content.decode()


def test_heaviest_logo_keeps_the_page_within_its_weight(client, db):
    noise = random.Random(1).randbytes(7_850)
    heavy = png(40, 48, more=chunk(b"teXt", noise))
    assert logos.MOST_BYTES - 200 < len(heavy) <= logos.MOST_BYTES
    name = logos.read(heavy).name
    default_storage.save(f"logos/{name}", ContentFile(heavy))
    Organisation.objects.update_or_create(pk=1, defaults={"logo": f"logos/{name}"})
    invitation = InvitationFactory(survey__kind="nps")
    _page, parts, total = downloaded(client, f"/s/{invitation.token}/")
    assert (len(parts), total <= 14_000) == (1, True)
