"""Surveys in the administration. What answers are counted by, and what people said, cannot be changed there."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject import admin_asking
from kpiproject.admin_asking import Line, Question, is_confirmed
from kpiproject.admin_base import NOTHING, RecordedAdmin
from kpiproject.models import User
from surveys import (
    admin_follow_ups,  # noqa: F401 - registers itself; Django looks for admin only
    do_not_contact,
    follow_up_queries,
    scales,
)
from surveys.models import Answer, AnswerChange, Contact, Suppression, Survey

MOST_NAMED: Final = 100


class SurveyForm(forms.ModelForm):
    """What is rarely needed. Words, scale and rules are written in the editor, which keeps versions."""

    class Meta:
        model = Survey
        fields: ClassVar = ["name", "owner"]


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Somebody who may take care of follow-ups."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = follow_up_queries.people()  # type: ignore[attr-defined]  # a choice of models


@admin.register(Survey)
class SurveyAdmin(RecordedAdmin):
    """A survey is made, written, opened and closed on its own pages; nothing that is frozen can be changed here."""

    form = SurveyForm
    list_display = ["name", "slug", "kind", "status", "owner", "has_public_link"]
    list_filter = ["kind", "status", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["name", "slug", "question"]
    readonly_fields = ["editor"]
    actions = ["hand_over"]
    help_texts: ClassVar = {
        "name": gettext_lazy("As lists and figures call it; customers do not see it."),
        "owner": gettext_lazy("Is asked first about unhappy answers to it; without one, every manager is."),
    }

    @admin.display(description=gettext_lazy("everything else"))
    def editor(self, survey: Survey) -> str:
        return format_html('<a href="{}">{}</a>', reverse("surveys:edit", args=[survey.slug]), _("Edit the survey"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Surveys are made on their own page, out of a blueprint or blank."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """A survey that was open may have answers; it is closed, never deleted."""
        is_untouched = obj is None or obj.opened_at is None
        return is_untouched and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None of them deletes."""
        return {name: found for name, found in super().get_actions(request).items() if name in self.actions}

    @admin.action(description=gettext_lazy("Give them an owner"), permissions=["change"])
    def hand_over(self, request: HttpRequest, queryset: QuerySet[Survey]) -> HttpResponse | None:
        form = OwnerForm(request.POST if is_confirmed(request) else None)
        found = list(queryset.select_related("owner"))
        if not is_confirmed(request) or not form.is_valid():
            question = Question(
                title=_("Give these surveys an owner"),
                about=_("Follow-ups that are open already stay with whoever has them."),
                button=_("Give them this owner"),
                lines=[Line(text=str(one), note=str(one.owner or "")) for one in found],
                form=form,
            )
            return admin_asking.ask(self, request, question)
        owner = form.cleaned_data["owner"]
        for one in found:
            words = {"before": one.owner or NOTHING, "after": owner}
            admin_asking.note(request, [one], _("Owner: %(before)s → %(after)s.") % words)
            one.owner = owner
            one.save(update_fields=["owner"])
        text = ngettext("%(count)d survey is %(owner)s’s now.", "%(count)d surveys are %(owner)s’s now.", len(found))
        messages.success(request, text % {"count": len(found), "owner": owner})
        return None


@admin.register(Contact)
class ContactAdmin(RecordedAdmin):
    unrecorded = ("email", "name", "company")
    actions = ["leave_alone", "erase"]
    help_texts: ClassVar = {
        "email": gettext_lazy("Where surveys are sent."),
        "name": gettext_lazy("For the greeting; may stay empty."),
        "company": gettext_lazy("So that one company is not asked too often."),
        "language": gettext_lazy("Of the mails and of the survey, for example de; empty: that of the survey."),
        "time_zone": gettext_lazy("Mails arrive by day there, for example Europe/Vienna; empty: the organisation’s."),
    }
    list_display = ["email", "name", "company"]
    search_fields = ["email", "name", "company"]

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        """Would take the person's answers, and with them figures, away without a trace."""
        return False

    @admin.action(description=gettext_lazy("Never write to them again"), permissions=["change"])
    def leave_alone(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse | None:
        if not request.user.has_perm("surveys.add_suppression"):
            raise PermissionDenied
        if not is_confirmed(request):
            question = Question(
                title=_("Never write to these people again?"),
                about=_("Their addresses get on the do-not-contact list, and what waits for them is not sent."),
                button=_("Put them on the list"),
                lines=[Line(text=str(one), note=one.name) for one in queryset[:MOST_NAMED]],
            )
            return admin_asking.ask(self, request, question)
        count = do_not_contact.add(
            do_not_contact.Entry(email.lower()) for email in queryset.values_list("email", flat=True)
        )
        text = ngettext("%d address is new on the list.", "%d addresses are new on the list.", count)
        messages.success(request, text % count)
        return None

    @admin.action(description=gettext_lazy("Erase this person"), permissions=["erase"])
    def erase(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse | None:
        """On the page that asks first, one at a time."""
        ids = list(queryset.values_list("pk", flat=True)[:2])
        if len(ids) != 1:
            messages.error(request, _("Choose one person: each is looked at before anything is erased."))
            return None
        return redirect(reverse("admin:surveys_erasure_add", query={"contact": ids[0]}))

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("surveys.add_erasure")


@admin.register(Suppression)
class SuppressionAdmin(RecordedAdmin):
    unrecorded = ("email", "note")
    date_hierarchy = "at"
    help_texts: ClassVar = {
        "email": gettext_lazy("Surveys never write to it, in whatever letters it is written."),
        "reason": gettext_lazy("Why; whoever unsubscribed must not be asked again."),
        "note": gettext_lazy("For whoever wonders later, for example: asked on the phone."),
    }
    list_display = ["email", "reason", "note", "at"]
    list_filter = ["reason"]
    search_fields = ["email", "note"]
    fields = ["email", "reason", "note"]


class AnswerChangeInline(admin.StackedInline):
    model = AnswerChange
    extra = 0
    can_delete = False
    readonly_fields = ["score", "comment", "at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Answer)
class AnswerAdmin(admin.ModelAdmin):
    """To read only. Employees' answers are left out, because they could be traced to a person."""

    list_display = ["survey", "score", "answered_at", "channel", "team", "agent"]
    list_filter = [("survey", admin.RelatedOnlyFieldListFilter)]
    show_full_result_count = False
    list_select_related = ["survey"]
    search_fields = ["ticket", "comment"]
    date_hierarchy = "answered_at"
    inlines = [AnswerChangeInline]
    fields = [
        "survey", "contact", "score", "comment", "answered_at", "changed_at",
        "ticket", "agent", "team", "channel", "category",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).exclude(kind__in=scales.ANONYMOUS_KINDS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False
