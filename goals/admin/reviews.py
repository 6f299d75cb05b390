"""Reviews in the administration: planning them. Minutes are written on the page of the review."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxLengthValidator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals import reviews
from goals.day_input import DayInput
from goals.models import Goal, Review
from goals.review_forms import MOST_CHARACTERS
from kpiproject import admin_asking
from kpiproject.admin_asking import Line, Question, is_confirmed
from kpiproject.admin_base import RecordedAdmin
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["title", "on", "cadence", "owner", "participants", "goals", "remind_days", "agenda", "state"]
        widgets = {
            "on": DayInput(),
            "participants": forms.CheckboxSelectMultiple,
            "goals": forms.CheckboxSelectMultiple,
            "agenda": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "cadence": gettext_lazy(
                "Once it is held or cancelled, the next one is planned: on the same weekday, by months on the same "
                "weekday of the month (such as the third Thursday)."
            ),
            "agenda": gettext_lazy("What else is to be talked about; Markdown. The goals are listed by themselves."),
            "remind_days": gettext_lazy("At 8:00 in the organisation's time zone; and once more on the day at 7:00."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("owner", _people(self.instance)), ("participants", _people(self.instance))):
            self.fields[name].queryset = found  # type: ignore[attr-defined]  # they choose among rows
        self.fields["goals"].queryset = _goals(self.instance)  # type: ignore[attr-defined]  # as above
        self.fields["agenda"].validators.append(MaxLengthValidator(MOST_CHARACTERS))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        on, state = given.get("on"), given.get("state")
        is_touched = {"on", "state"} & set(self.changed_data) or not self.instance.pk
        if on and is_touched and state == Review.State.PLANNED and on < _today():
            self.add_error("on", _("A planned review cannot be in the past. Choose today or a day to come."))
        return given


def _people(review: Review) -> "QuerySet[User]":
    """Whoever may log in, and whoever was chosen before."""
    chosen = Q(pk=review.owner_id) | Q(reviews=review) if review.pk else Q(pk=None)
    return User.objects.filter(Q(is_active=True) | chosen).distinct()


def _goals(review: Review) -> "QuerySet[Goal]":
    """Goals that may still change, and those chosen before."""
    chosen = Q(reviews=review) if review.pk else Q(pk=None)
    return Goal.objects.filter(Q(state__in=[Goal.State.ACTIVE, Goal.State.DRAFT]) | chosen).distinct()


def _today() -> Any:
    return local_day(timezone.now(), organisation().time_zone)


@admin.register(Review)
class ReviewAdmin(RecordedAdmin):
    form = ReviewForm
    list_display = ["title", "on", "cadence", "owner", "invited", "state"]
    list_filter = ["state", "cadence", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["title", "agenda", "minutes"]
    actions = ["call_off"]
    help_texts: ClassVar = {
        "title": gettext_lazy("As those invited read it, for example: monthly review of goals."),
        "on": gettext_lazy("The day on which it is held."),
        "owner": gettext_lazy("Leads it, writes the minutes, and is asked for them if they are missing."),
        "participants": gettext_lazy("They are reminded of it by mail, and find it in their calendar feed."),
        "state": gettext_lazy("Held once there were minutes; then, or if it is cancelled, the next one is planned."),
    }
    date_hierarchy = "on"
    readonly_fields = ["written"]

    def get_fields(self, request: HttpRequest, obj: Review | None = None) -> Any:
        return [*ReviewForm.Meta.fields, *(["written"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().get_form(request, obj, change=change, **kwargs | {"fields": ReviewForm.Meta.fields})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Review]":
        found: QuerySet[Review] = super().get_queryset(request).annotate(invited_count=Count("participants"))
        return found

    def view_on_site(self, obj: Review) -> str:
        return reverse("goals:review", args=[obj.pk])

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Minutes may be written at this moment on the page of the review, so that they are left alone here."""
        if obj.state == Review.State.HELD:
            obj.held_at = obj.held_at or timezone.now()
        if change:
            obj.save(update_fields=[*_COLUMNS, "held_at"])
        else:
            obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Only now it is known which goals are looked at, and who and what is copied to the next one."""
        super().save_related(request, form, formsets, change)
        if "state" in form.changed_data:
            reviews.keep_agenda(form.instance, timezone.now())
        following = reviews.plan_next(form.instance, timezone.now())
        if following is not None:
            day = {"day": date_format(following.on, "DATE_FORMAT")}
            messages.info(request, _("The next one is planned for %(day)s.") % day)

    @admin.action(description=gettext_lazy("Cancel"), permissions=["change"])
    def call_off(self, request: HttpRequest, queryset: "QuerySet[Review]") -> HttpResponse | None:
        found = list(queryset)
        planned = [review for review in found if review.state == Review.State.PLANNED]
        if not is_confirmed(request):
            about = _("Nobody is reminded of them any more. Of those that are repeated, the next one is planned.")
            told = [
                Line(text=f"{one}, {date_format(one.on)}", note=_not_planned(one), is_refused=one not in planned)
                for one in found
            ]
            question = Question(
                title=_("Cancel these reviews?"), about=about, button=_("Cancel the reviews"), lines=told
            )
            return admin_asking.ask(self, request, question)
        for review in planned:
            Review.objects.filter(pk=review.pk, state=Review.State.PLANNED).update(state=Review.State.CANCELLED)
            reviews.plan_next(review, timezone.now())
        admin_asking.note(request, planned, _("Cancelled."))
        text = ngettext("%d review is cancelled.", "%d reviews are cancelled.", len(planned))
        messages.success(request, text % len(planned))
        return None

    @admin.display(description=gettext_lazy("also invited"), ordering="invited_count")
    def invited(self, review: Review) -> int:
        return int(getattr(review, "invited_count", 0))

    @admin.display(description=gettext_lazy("minutes"))
    def written(self, review: Review) -> str:
        url = reverse("goals:review", args=[review.pk])
        return format_html('<a href="{}">{}</a>', url, _("Read or write them on the page of the review"))


def _not_planned(review: Review) -> str:
    if review.state == Review.State.PLANNED:
        return ""
    return _("It is “%(state)s” already.") % {"state": review.get_state_display()}


_COLUMNS = [name for name in ReviewForm.Meta.fields if name not in ("participants", "goals")]
