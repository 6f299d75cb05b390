"""Who is asked first about unhappy customers, and within which times, in the administration."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpiproject.admin_base import RecordedAdmin
from surveys import follow_up_queries
from surveys.models import FollowUpRoute, FollowUpRules, Survey


class RouteForm(forms.ModelForm):
    class Meta:
        model = FollowUpRoute
        fields: ClassVar = ["position", "survey", "team", "channel", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[Any]", self.fields["owner"])
        owner.queryset, owner.help_text = follow_up_queries.people(), _("Somebody who may take care of follow-ups.")
        cast("forms.ModelChoiceField[Any]", self.fields["survey"]).empty_label = str(_("any"))


@admin.register(FollowUpRoute)
class FollowUpRouteAdmin(RecordedAdmin):
    form = RouteForm
    list_display = ["position", "survey", "team", "channel", "owner"]
    list_display_links = ["position", "owner"]
    list_select_related = ["survey", "owner"]
    list_filter = [("survey", admin.RelatedOnlyFieldListFilter), ("owner", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["team", "channel", "survey__name", "owner__name", "owner__email"]
    help_texts: ClassVar = {
        "survey": _("Only answers to this one."),
        "team": _("Only about tickets of this team, as imports call it."),
        "channel": _("Only about this channel, for example chat."),
    }


class RulesForm(forms.ModelForm):
    class Meta:
        model = FollowUpRules
        fields: ClassVar = [
            "due_hours", "escalate_hours", "join_days", "most_mails", "recovery_survey", "recovery_after_hours",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "recovery_survey" in self.fields:
            field = cast("forms.ModelChoiceField[Any]", self.fields["recovery_survey"])
            field.queryset = Survey.objects.filter(purpose=Survey.Purpose.RECOVERY).order_by("name")


@admin.register(FollowUpRules)
class FollowUpRulesAdmin(RecordedAdmin):
    """There is one row, which is there as soon as somebody looks for it."""

    form = RulesForm
    help_texts: ClassVar = {
        "escalate_hours": _("Counted as above; managers get one mail about it."),
        "join_days": _("0 makes every unhappy answer a follow-up of its own."),
        "most_mails": _("So that a bad hour does not fill somebody’s inbox."),
        "recovery_after_hours": _("After it was settled; 0 asks at once."),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUpRules]:
        FollowUpRules.objects.get_or_create(pk=1)
        return super().get_queryset(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FollowUpRules | None = None) -> bool:
        return False
