"""Weekly reports and stakeholders in the administration."""

from collections import Counter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import reports, scopes
from goals.models import Report, ReportItem, ReportLeft, Stakeholder
from goals.report_content import AGENT, MOST_CHARTS
from goals.report_weeks import week_text
from kpiproject.admin_base import HelpTexts, SwitchedAdmin
from kpiproject.lib.periods import zone_info
from kpiproject.models import User
from metrics.queries import adopted, find, find_kpi

MOST_ITEMS = 40
_Choices = list[tuple[Any, Any]]


class ItemForm(forms.ModelForm):
    """One figure; `scope` holds dimension and member in one choice."""

    kpi = forms.ChoiceField(
        label=gettext_lazy("KPI"),
        help_text=gettext_lazy("One of those you work with."),
        error_messages={"invalid_choice": gettext_lazy("“%(value)s” is not a KPI.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("only for"),
        required=False,
        help_text=gettext_lazy("A team, a channel …, or everything."),
        error_messages={"invalid_choice": gettext_lazy("“%(value)s” does not occur in any figure.")},
    )

    class Meta:
        model = ReportItem
        fields: ClassVar = ["position", "kpi", "scope", "has_chart"]

    def __init__(self, *args: Any, scope_choices: _Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = scopes.code(self.instance.dimension, self.instance.member)
        self.fields["kpi"].choices = scopes.kpi_choices(self.instance.kpi)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["scope"].choices = _with(scope_choices, kept)  # type: ignore[attr-defined]
        self.initial["scope"] = kept
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = capfirst(field.label or "")  # the column's heading names no field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kpi = find(given.get("kpi", ""))
        if given.get("kpi") and kpi is None:
            message = _("The KPI “%(kpi)s” no longer exists; choose another one or remove it.")
            self.add_error("kpi", message % {"kpi": given["kpi"]})
        dimension, member = scopes.parts(given.get("scope", ""))
        if kpi is not None:
            try:
                scopes.check(kpi, dimension, member)
            except ValidationError as error:
                self.add_error("scope", error)
        self.instance.dimension, self.instance.member = dimension, member
        return given


class ItemFormSet(forms.BaseInlineFormSet):
    """What holds for all figures of a report together."""

    def __init__(self, *args: Any, has_stakeholders: bool, has_goals: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_stakeholders = has_stakeholders
        self.has_goals = has_goals
        self.scope_choices = scopes.choices()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "scope_choices": self.scope_choices}

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.is_valid() and form.cleaned_data.get("kpi")]
        given = [form.cleaned_data for form in kept if not form.cleaned_data.get("DELETE")]
        if not given and not self.has_goals:
            raise ValidationError(_("Choose at least one figure, or let the report contain the goals."))
        self._refuse_repetition(given)
        charts = sum(bool(one["has_chart"]) for one in given)
        if charts > MOST_CHARTS:
            message = _("A report has %(most)s charts at most, so that the mail stays small; these are %(count)s.")
            raise ValidationError(message % {"most": MOST_CHARTS, "count": charts})
        self._refuse_agents(given)

    def _refuse_repetition(self, given: list[dict[str, Any]]) -> None:
        counts = Counter((one["kpi"], one.get("scope", "")) for one in given)
        for (code, _scope), times in counts.items():
            if times > 1:
                message = _("“%(kpi)s” is chosen twice for the same.")
                raise ValidationError(message % {"kpi": find_kpi(code).name})

    def _refuse_agents(self, given: list[dict[str, Any]]) -> None:
        if self.has_stakeholders and any(scopes.parts(one.get("scope", ""))[0] == AGENT for one in given):
            message = _(
                "Figures of single agents are nothing for stakeholders: remove those figures, or the stakeholders."
            )
            raise ValidationError(message)


class ItemInline(HelpTexts, admin.TabularInline):
    model = ReportItem
    form = ItemForm
    formset = ItemFormSet
    extra = 3
    max_num = MOST_ITEMS
    validate_max = True
    help_texts: ClassVar = {
        "position": gettext_lazy("The order in the report."),
        "has_chart": gettext_lazy("With a chart of the last weeks."),
    }
    verbose_name = gettext_lazy("figure")
    verbose_name_plural = gettext_lazy("figures")


class ReportForm(forms.ModelForm):
    class Meta:
        model = Report
        fields: ClassVar = [
            "name", "owner", "weekday", "at", "people", "stakeholders", "includes_goals", "is_active",
        ]  # fmt: skip
        widgets: ClassVar = {"people": forms.CheckboxSelectMultiple, "stakeholders": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "people"):
            if name in self.fields:
                chosen = self.instance.people.values("pk") if self.instance.pk and name == "people" else []
                offered = Q(is_active=True) | Q(pk__in=chosen) | Q(pk=self.instance.owner_id)
                self.fields[name].queryset = User.objects.filter(offered)  # type: ignore[attr-defined]
        if "stakeholders" in self.fields and (left := self._left()):
            words = {"names": ", ".join(str(one.stakeholder) for one in left)}
            self.fields["stakeholders"].help_text = _("Have left this report by themselves: %(names)s.") % words

    def _left(self) -> list[ReportLeft]:
        return list(self.instance.left.select_related("stakeholder")) if self.instance.pk else []

    def clean_stakeholders(self) -> Any:
        """Also a form that was opened before somebody left must not undo it."""
        given = self.cleaned_data["stakeholders"]
        if back := [one.stakeholder.name for one in self._left() if one.stakeholder in given]:
            message = _(
                "%(names)s left this report. Untick them here; if they want it again, its page lets them back in."
            )
            raise ValidationError(message % {"names": ", ".join(back)})
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        readers = [*given.get("people", []), *given.get("stakeholders", [])]
        if given.get("is_active") and not any(reader.is_active for reader in readers):
            message = _("Choose somebody who is active to send the report to, or switch it off until you have.")
            raise ValidationError(message)
        return given


@admin.register(Report)
class ReportAdmin(SwitchedAdmin):
    """A report that went out is switched off, never deleted: what was sent stays."""

    form = ReportForm
    inlines = [ItemInline]
    list_display = ["name", "owner", "weekday", "at", "is_active", "next_due"]
    list_filter = ["is_active", "weekday", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name", "owner__email"]
    help_texts: ClassVar = {
        "name": gettext_lazy("The subject of the mail, for example: customer service, week by week."),
        "owner": gettext_lazy("Gets answers to it, and is told if it cannot be sent."),
        "weekday": gettext_lazy("The week that it tells of is over by then."),
        "people": gettext_lazy("Whoever has an account here. Each gets a mail of their own."),
        "stakeholders": gettext_lazy("Readers without an account. They can leave it by a link in every mail."),
        "includes_goals": gettext_lazy("Adds how every active goal stands."),
        "is_active": gettext_lazy("Switched off, it is not sent; what was sent stays."),
    }

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, "people": [request.user.pk], **super().get_changeform_initial_data(request)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Report, inline: Any, prefix: str) -> dict[str, Any]:
        chosen = {
            "has_stakeholders": bool(request.POST.getlist("stakeholders")),
            "has_goals": bool(request.POST.get("includes_goals")),
        }
        return {**super().get_formset_kwargs(request, obj, inline, prefix), **chosen}

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        reports.plan(obj, timezone.now())
        if obj.next_due is not None:
            self._tell(request, obj)

    def _tell(self, request: HttpRequest, report: Report) -> None:
        due, week = reports.upcoming(report, 1)[0]
        words = {"week": week_text(week)}
        if due <= timezone.now():
            messages.info(request, _("The report about %(week)s is still to come and is sent now.") % words)
            return
        words["at"] = date_format(due.astimezone(zone_info(week.zone)), "DATETIME_FORMAT")
        messages.info(request, _("The next report, about %(week)s, is sent on %(at)s.") % words)

    def view_on_site(self, obj: Report) -> str:
        return reverse("goals:report", args=[obj.pk])

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        was_sent = obj is not None and obj.runs.exists()
        return not was_sent and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None of them deletes."""
        return {name: found for name, found in super().get_actions(request).items() if name in self.actions}

    def set_active(self, request: HttpRequest, row: Report, *, is_active: bool) -> str:
        has_readers = row.people.filter(is_active=True).exists() or row.stakeholders.filter(is_active=True).exists()
        if is_active and not has_readers:
            return _("It has nobody who is active to be sent to.")
        super().set_active(request, row, is_active=is_active)
        reports.plan(row, timezone.now())
        return ""


class StakeholderForm(forms.ModelForm):
    kpis = forms.MultipleChoiceField(
        label=gettext_lazy("Needs to know"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Which figures matter to them; under “Set up” you see whether a report tells them."),
    )

    class Meta:
        model = Stakeholder
        fields: ClassVar = ["name", "email", "note", "kpis", "rhythm", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kpis" in self.fields:
            kept = [code for code in self.instance.kpis if find(code)]
            offered = {kpi.code: kpi for kpi in [*adopted(), *(find_kpi(code) for code in kept)]}
            self.fields["kpis"].choices = [(code, kpi.name) for code, kpi in offered.items()]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """As it is stored, so that the same address in capitals is refused and not only fails."""
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(Stakeholder)
class StakeholderAdmin(SwitchedAdmin):
    form = StakeholderForm
    list_display = ["name", "email", "note", "is_active"]
    list_filter = ["is_active", "rhythm"]
    search_fields = ["name", "email", "note"]
    unrecorded = ("name", "email", "note")
    help_texts: ClassVar = {
        "name": gettext_lazy("As the report greets them."),
        "email": gettext_lazy("Where reports go."),
        "note": gettext_lazy("Who they are, for example: head of sales. Only you read it."),
        "rhythm": gettext_lazy("How often they need to know; under “Set up” you see whether a report is that often."),
        "is_active": gettext_lazy("Switched off, they get no report, and stay in the lists of readers."),
    }


def _with(choices: _Choices, kept: str) -> _Choices:
    """Also what figures do not know any more, so that it can be seen and replaced."""
    known = {code for _name, group in choices if isinstance(group, list) for code, _label in group}
    return [*choices, (kept, kept.replace("=", ": ", 1))] if kept and kept not in known else choices
