"""Pages for people without an account."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kpiproject.outsiders import outsiders_page


def _reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(request.POST)} {len(request.FILES)}")


@pytest.mark.parametrize(
    ("length", "status", "text"), [(1, 200, "1 0"), (5_000_000, 413, "This is too large; nothing was changed.")]
)
def test_no_file_is_kept_and_a_huge_body_not_even_read(length: int, status: int, text: str) -> None:
    request = RequestFactory().post("/", {"word": "x" * length})
    response = outsiders_page()(_reads)(request)
    assert (response.status_code, response.content.decode()) == (status, text)
    assert (response["Cache-Control"], response["Referrer-Policy"], response["X-Robots-Tag"]) == (
        "no-store",
        "no-referrer",
        "noindex, nofollow",
    )
    assert outsiders_page()(_reads).csrf_exempt  # type: ignore[attr-defined]  # which Django sets
