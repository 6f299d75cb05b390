"""Actions in the administration: the overview for managers, to filter and to settle many at once. What was agreed is
kept: an action is dropped with a reason, never deleted, and one that has ended is only read."""

from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import DateField, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals import actions, countdown
from goals.action_forms import ActionForm
from goals.admin.goals import ChangeInline
from goals.changes import NotPossibleError
from goals.models import Action, ActionReminder
from kpiproject.admin_base import RecordedAdmin
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

SOON: Final = timedelta(days=7)


def _today() -> date:
    return local_day(timezone.now(), organisation().time_zone)


class AdminActionForm(ActionForm):
    """The form of the pages, under Django's own names of the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": None, "today": _today(), **kwargs})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.instance.pk and Action.objects.get(pk=self.instance.pk).state != Action.State.OPEN:
            raise ValidationError(_("This action has ended meanwhile. Open it again on its page to change it."))
        return given


class DueFilter(admin.SimpleListFilter):
    """By the organisation's day, and open ones only: what is done cannot be late."""

    title = gettext_lazy("due")
    parameter_name = "due_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", _("overdue")),
            ("today", _("today")),
            ("soon", _("in the next 7 days")),
            ("later", _("later")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Action]") -> "QuerySet[Action]":
        today = _today()
        wanted: dict[str, Any] = {
            "overdue": {"due__lt": today},
            "today": {"due": today},
            "soon": {"due__gt": today, "due__lte": today + SOON},
            "later": {"due__gt": today + SOON},
        }
        if self.value() not in wanted:
            return queryset
        return queryset.filter(state=Action.State.OPEN, **wanted[str(self.value())])


class ReminderInline(ChangeInline):
    model = ActionReminder
    verbose_name_plural = gettext_lazy("Who was told of it")
    fields = ["on_day", "moment", "recipient", "told"]
    readonly_fields = ["on_day", "moment", "recipient", "told"]

    @admin.display(description=gettext_lazy("due on"))
    def on_day(self, reminder: ActionReminder) -> str:
        return date_format(reminder.on, "DATE_FORMAT")

    @admin.display(description=gettext_lazy("when"))
    def told(self, reminder: ActionReminder) -> str:
        return date_format(timezone.localtime(reminder.at), "DATETIME_FORMAT")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ActionReminder]":
        return super().get_queryset(request).select_related("recipient")


@admin.register(Action)
class ActionAdmin(RecordedAdmin):
    form = AdminActionForm
    list_display = ["what", "who", "due", "left", "state", "goal", "meeting"]
    list_filter = [
        "state",
        DueFilter,
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("goal", admin.RelatedOnlyFieldListFilter),
        ("review", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["owner", "goal", "review"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["what", "note", "owner__name", "owner__email", "goal__statement", "review__title"]
    date_hierarchy = "due"
    ordering = ["-state", "due", "id"]  # “open” comes first so
    actions = ["mark_done"]
    help_texts: ClassVar = {
        "what": gettext_lazy("One thing that can be done, for example: ask ten customers who did not answer why."),
        "owner": gettext_lazy("One person, who is reminded on the day."),
        "due": gettext_lazy("The day by which it is done; from the next day on it is overdue."),
        "goal": gettext_lazy("Which goal it is to help; it is shown there."),
    }
    readonly_fields = ["course", "meeting"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Action]":
        """With the organisation's day, which is asked for once and not for each row."""
        found: QuerySet[Action] = super().get_queryset(request)
        return found.annotate(today=Value(_today(), output_field=DateField()))

    def get_fields(self, request: HttpRequest, obj: Action | None = None) -> Any:
        return [*ActionForm.Meta.fields, *(["course", "meeting"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """One without any field where the action is only read."""
        given = kwargs | {"fields": ActionForm.Meta.fields}
        if obj is not None and not self.has_change_permission(request, obj):
            given["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **given)

    def get_inlines(self, request: HttpRequest, obj: Action | None = None) -> Any:
        return [ReminderInline] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == Action.State.OPEN)

    def has_delete_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return False

    def view_on_site(self, obj: Action) -> str:
        return reverse("goals:action", args=[obj.pk])

    def save_model(self, request: HttpRequest, obj: Action, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        if not change:
            obj.pk = actions.add(obj, by=_person(request), today=_today()).pk  # the same once more is the first
            return
        try:
            actions.change(obj, today=_today())
        except NotPossibleError as error:  # it has ended in the moment since the form was checked
            self.message_user(request, str(error), messages.ERROR)

    # --- What is shown ------------------------------------------------------------------------------------------------
    @admin.display(description=gettext_lazy("who does it"), ordering="owner__name")
    def who(self, action: Action) -> str:
        name = {"person": action.owner}
        return str(action.owner) if action.owner.is_active else _("%(person)s (can no longer log in)") % name

    @admin.display(description=gettext_lazy("overdue"), ordering="due")
    def left(self, action: Action) -> str:
        if action.state != Action.State.OPEN:
            return "–"
        today: date = getattr(action, "today", None) or _today()
        when = countdown.until(action.due, today)
        return _("overdue, %(when)s") % {"when": when} if action.due < today else when

    @admin.display(description=gettext_lazy("review"), ordering="review__on")
    def meeting(self, action: Action) -> str:
        if action.review is None:
            return "–"
        words = f"{action.review}, {date_format(action.review.on, 'DATE_FORMAT')}"
        return format_html('<a href="{}">{}</a>', reverse("goals:review", args=[action.review_id]), words)

    @admin.display(description=gettext_lazy("how it went"))
    def course(self, action: Action) -> str:
        begun = {"day": _day(action.created_at), "person": action.created_by or _("somebody")}
        sentences = [_("Written down on %(day)s by %(person)s.") % begun]
        if action.ended_at is not None:
            ended = {"day": _day(action.ended_at), "person": action.ended_by or _("somebody")}
            ended |= {"state": action.get_state_display()}
            sentences.append(_("It is %(state)s, said %(person)s on %(day)s.") % ended)
        return " ".join([*sentences, action.note]).strip()

    # --- Many at once -------------------------------------------------------------------------------------------------
    @admin.action(description=gettext_lazy("Mark as done"), permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: "QuerySet[Action]") -> None:
        """Each by itself: one that has ended otherwise meanwhile keeps no other from being done."""
        done = 0
        for action in queryset.filter(state=Action.State.OPEN):
            try:
                ended = actions.end(action.pk, Action.State.DONE, note="", by=_person(request), now=timezone.now())
            except NotPossibleError:
                continue
            self.log_change(request, ended, [{"changed": {"fields": [str(_("state"))]}}])
            done += 1
        left = queryset.exclude(state__in=[Action.State.OPEN, Action.State.DONE]).count()
        text = ngettext("%(count)s action is done now.", "%(count)s actions are done now.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)
        if left:
            text = ngettext("%(count)s was dropped and stays so.", "%(count)s were dropped and stay so.", left)
            self.message_user(request, text % {"count": left}, messages.WARNING)


def _day(at: Any) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("Nobody gets into the administration without logging in.")
    return request.user
