"""The addresses that are given to people outside."""

from django.conf import settings
from django.urls import reverse

from manual import followers
from manual.models import Follower, Share


def share_url(share: Share) -> str:
    """Complete, as it stands in a mail."""
    return settings.BASE_URL + reverse("manual:shared", args=[share.token])


def confirm_url(follower: Follower) -> str:
    return settings.BASE_URL + reverse("manual:follow_confirm", args=[followers.confirm_token(follower)])


def leave_url(follower: Follower) -> str:
    return settings.BASE_URL + reverse("manual:follow_leave", args=[followers.leave_token(follower)])
