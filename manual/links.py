"""The addresses that are given to people outside."""

from django.conf import settings
from django.urls import reverse

from manual.models import Share


def share_url(share: Share) -> str:
    """Complete, as it stands in a mail."""
    return settings.BASE_URL + reverse("manual:shared", args=[share.token])
