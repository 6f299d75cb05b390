import pytest


def test_sheet_depends_only_on_its_address(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/brand/FFEE00.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.decode().startswith(":root{--brand:#ffee00;--brand-ink:#16181d;--accent:#")


@pytest.mark.parametrize("colour", ["red", "12345", "1234567", "gggggg", "};x{"])
def test_what_is_no_colour_is_404(client, db, colour):
    assert client.get(f"/brand/{colour}.css").status_code == 404
