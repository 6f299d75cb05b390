"""Share links, who follows them, and pictures in the administration: to find them and to take them away.

What they are is decided on the pages of the manual: an address is shown, made anew and switched off there.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.admin_base import ReadOnlyAdmin
from manual import passphrases, shares
from manual.models import Follower, Picture, Section, Share

_STATES = {
    shares.State.OPEN: gettext_lazy("works"),
    shares.State.EXPIRED: gettext_lazy("expired"),
    shares.State.REVOKED: gettext_lazy("revoked"),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, words) for state, words in _STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in _STATES:
            return queryset
        wanted = shares.listed(state=str(self.value())).order_by().values("pk")
        return queryset.filter(pk__in=wanted)


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin):
    """Without its address: whoever has that can read."""

    list_display = ["name", "what", "state", "expires_at", "views", "last_seen_at", "has_passphrase"]
    list_filter = [StateFilter, "follows_editions", "expires_at"]
    list_select_related = ["edition"]
    search_fields = ["name", "email", "reason"]
    date_hierarchy = "created_at"
    fields = ["name", "email", "reason", "what", "chosen", "state", "expires_at", "revoked_at", "has_passphrase"]
    fields += ["locked_until", "wrong_passphrases", "views", "last_seen_at", "created_by", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Share]:
        return super().get_queryset(request).defer("edition__content", "edition__figures")

    @admin.display(description=gettext_lazy("what"), ordering="edition__number")
    def what(self, share: Share) -> str:
        if share.follows_editions:
            return _("%(edition)s and later ones") % {"edition": share.edition}
        return str(share.edition)

    @admin.display(description=gettext_lazy("state"))
    def state(self, share: Share) -> str:
        if passphrases.is_locked(share) and shares.state(share) == shares.State.OPEN:
            return _("locked")
        return str(_STATES[shares.state(share)])

    @admin.display(description=gettext_lazy("sections"))
    def chosen(self, share: Share) -> str:
        titles = dict(Section.objects.filter(slug__in=share.sections).values_list("slug", "title"))
        named = ", ".join(titles.get(slug, slug) for slug in share.sections)
        return named or _("all that are meant for people outside")

    @admin.display(description=gettext_lazy("passphrase"), boolean=True)
    def has_passphrase(self, share: Share) -> bool:
        return bool(share.passphrase)

    def view_on_site(self, obj: Share) -> str:
        return reverse("manual:share_list")


class FollowsFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state, _follower_words(state)) for state in ("follows", "asked", "left")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "follows": Q(confirmed_at__isnull=False, left_at__isnull=True),
            "asked": Q(confirmed_at__isnull=True, left_at__isnull=True),
            "left": Q(left_at__isnull=False),
        }
        return queryset.filter(wanted.get(str(self.value()), Q()))


def _follower_words(state: str) -> str:
    return {"follows": _("follows"), "asked": _("has not confirmed"), "left": _("has left")}[state]


@admin.register(Follower)
class FollowerAdmin(ReadOnlyAdmin):
    list_display = ["email", "link", "state", "told", "asked_at"]
    list_filter = [FollowsFilter]
    list_select_related = ["share", "told"]
    search_fields = ["email", "share__name"]
    date_hierarchy = "asked_at"
    fields = ["email", "link", "state", "asked_at", "confirmed_at", "left_at", "told"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Follower]:
        return super().get_queryset(request).defer("told__content", "told__figures")

    @admin.display(description=gettext_lazy("share link"), ordering="share__name")
    def link(self, follower: Follower) -> str:
        return follower.share.name

    @admin.display(description=gettext_lazy("state"))
    def state(self, follower: Follower) -> str:
        if follower.left_at is not None:
            return _follower_words("left")
        return _follower_words("follows" if follower.confirmed_at else "asked")


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    """What stands in the manual is never changed; an edition that shows it is kept with it."""

    list_display = ["shown", "kind", "size", "added_by", "added_at"]
    list_filter = ["kind"]
    list_select_related = ["added_by"]
    search_fields = ["digest", "added_by__name", "added_by__email"]
    fields = ["shown", "kind", "size", "digest", "added_by", "added_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return super().get_queryset(request).defer("content")

    @admin.display(description=gettext_lazy("picture"))
    def shown(self, picture: Picture) -> str:
        return picture.name

    @admin.display(description=gettext_lazy("size"))
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    def view_on_site(self, obj: Picture) -> str:
        return reverse("manual:picture", args=[obj.name])
