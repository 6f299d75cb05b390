"""Surveys in the administration. What answers are counted by, and what people said, cannot be changed there."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from surveys import lifecycle, scales
from surveys.models import Answer, AnswerChange, Contact, Suppression, Survey

ANONYMOUS_KINDS = [kind.code for kind in scales.KINDS.values() if kind.is_about_employees]


class SurveyForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the wording above; the mail and the page around it use the same."),
    )

    class Meta:
        model = Survey
        fields: ClassVar = [
            "name",
            "slug",
            "kind",
            "question",
            "low_label",
            "high_label",
            "comment_label",
            "thanks",
            "language",
            "expires_after_days",
            "lock_after_days",
            "owner",
        ]


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    """Opening, closing and the public link are buttons on the survey's own page."""

    form = SurveyForm
    list_display = ["name", "slug", "kind", "status", "has_public_link"]
    list_filter = ["kind", "status"]
    search_fields = ["name", "slug", "question"]
    prepopulated_fields = {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list[str]:
        """Once open, a survey keeps its kind (answers count under it) and its address (it stands in mails)."""
        return ["kind", "slug"] if obj is not None and obj.opened_at is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Survey | None = None) -> dict[str, Any]:
        return {} if self.get_readonly_fields(request, obj) else super().get_prepopulated_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        lifecycle.apply_kind(obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """A survey that was open may have answers; it is closed, never deleted."""
        is_untouched = obj is None or obj.opened_at is None
        return is_untouched and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "company"]
    search_fields = ["email", "name", "company"]

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        """Would take the person's answers, and with them figures, away without a trace."""
        return False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["email", "reason", "at"]
    list_filter = ["reason"]
    search_fields = ["email"]
    fields = ["email", "reason"]


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
    list_filter = ["survey"]
    list_select_related = ["survey"]
    search_fields = ["ticket", "comment"]
    date_hierarchy = "answered_at"
    inlines = [AnswerChangeInline]
    fields = [
        "survey", "contact", "score", "comment", "answered_at", "changed_at",
        "ticket", "agent", "team", "channel", "category",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).exclude(kind__in=ANONYMOUS_KINDS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False
