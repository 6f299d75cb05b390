"""KPIs of one's own in the administration. They stand up here because only goals know who rests on a KPI."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.models import Goal, ReportItem
from kpiproject.admin_base import RecordedAdmin
from kpiproject.queue import nudge
from metrics import adoption, definitions, presentation
from metrics.kpi import Ratio
from metrics.models import CustomKpi
from metrics.own.columns import TABLES
from metrics.own_forms import TRY, OwnKpiForm, names
from metrics.queries.trials import DAYS, Trial, trial
from metrics.tasks import recompute_everything

_CONDITIONS_SHOWN = 3
_RUNNING = (Goal.State.DRAFT, Goal.State.ACTIVE)


class OwnKpiAdminForm(OwnKpiForm):
    """Who rests on a KPI keeps it."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.instance.pk and not given.get("is_active", True) and (users := used_by(self.instance.code)):
            self.add_error("is_active", _in_use(users))
        return given


@admin.register(CustomKpi)
class OwnKpiAdmin(RecordedAdmin):
    """A table is chosen first; then everything else is a choice among its columns."""

    form = OwnKpiAdminForm
    change_form_template = "admin/metrics/customkpi/change_form.html"
    list_display = ["name", "code", "table", "shape", "revision", "is_active"]
    list_filter = ["is_active", "shape", "frame"]
    help_texts: ClassVar = {
        "name": gettext_lazy("As lists, charts and reports call it."),
        "text": gettext_lazy("What counts and what does not, in a sentence or two; the manual prints it."),
        "shape": gettext_lazy("A number of rows, a share of them, a sum, a mean or a typical duration."),
        "better": gettext_lazy("Which way is good; goals, colours and alarms go by it."),
        "is_active": gettext_lazy("Switched off, it is not computed; goals and reports must let go of it first."),
    }
    search_fields = ["name", "code", "text"]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request) or request.GET.get("table") in TABLES:
            return super().add_view(request, form_url, extra_context)
        context = {**self.admin_site.each_context(request), "title": _("Add a KPI of your own"), "opts": self.opts}
        return TemplateResponse(request, "admin/metrics/customkpi/tables.html", context | {"tables": TABLES.values()})

    def get_form(self, request: HttpRequest, obj: CustomKpi | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django calls it so
        found = super().get_form(request, obj, change, fields=list(OwnKpiForm.Meta.fields))
        table = obj.frame if obj is not None else request.GET.get("table", "")

        class ForTable(found):  # type: ignore[misc, valid-type]  # made while running
            def __init__(self, *args: Any, **given: Any) -> None:
                super().__init__(*args, table=table if table in TABLES else "tickets", **given)

        return ForTable

    def get_fieldsets(self, request: HttpRequest, obj: CustomKpi | None = None) -> Any:
        filters = _("Rows that count: all of these must hold; without any, every row counts")
        part = _("Only for a share: rows in the share, of those that count")
        about = _("Words and numbers as they were imported; yes or no; days as 2026-01-31; several with commas.")
        shown = max(_CONDITIONS_SHOWN, len(obj.filters) if obj else 0)
        first, more = names("filter")[:shown], names("filter")[shown:]
        is_share = obj is not None and obj.shape == CustomKpi.Shape.SHARE
        return [
            (None, {"fields": ["name", "code", "text", "gaming", "is_active"]}),
            (_("What is computed"), {"fields": ["shape", "at", ("column", "second"), ("unit", "better")]}),
            (filters, {"fields": first, "description": about, "classes": ["conditions"]}),
            *([(_("More conditions"), {"fields": more, "classes": ["conditions", "collapse"]})] if more else []),
            (part, {"fields": names("part"), "classes": ["conditions", *([] if is_share else ["collapse"])]}),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        context |= {"table": form.table, "try_name": TRY, "was_tried": form.was_tried}
        if form.was_tried:
            context |= _told(form.tried)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: CustomKpi, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        adoption.switch(obj.code, obj.name, is_active=obj.is_active)
        _tell(request, obj)
        nudge(recompute_everything)

    def delete_model(self, request: HttpRequest, obj: CustomKpi) -> None:
        adoption.forget(obj.code)
        super().delete_model(request, obj)
        definitions.forget()
        nudge(recompute_everything)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[CustomKpi]") -> None:
        for kpi in queryset:
            if users := used_by(kpi.code):
                messages.error(request, f"{kpi}: {_in_use(users)}")
            else:
                self.delete_model(request, kpi)

    def has_delete_permission(self, request: HttpRequest, obj: CustomKpi | None = None) -> bool:
        is_free = obj is None or not used_by(obj.code)
        return is_free and super().has_delete_permission(request, obj)

    def view_on_site(self, obj: CustomKpi) -> str:
        return reverse("metrics:kpi", args=[obj.code])

    @admin.display(description=gettext_lazy("table"), ordering="frame")
    def table(self, kpi: CustomKpi) -> str:
        return str(TABLES[kpi.frame].label) if kpi.frame in TABLES else kpi.frame


def used_by(code: str) -> list[str]:
    """The goals and reports that rest on a KPI, by name."""
    goals = Goal.objects.filter(kpi=code, state__in=_RUNNING).order_by("due")
    items = ReportItem.objects.filter(kpi=code).select_related("report").order_by("report__name")
    return [
        *(_("the goal “%(name)s”") % {"name": goal} for goal in goals),
        *dict.fromkeys(_("the report “%(name)s”") % {"name": item.report} for item in items),
    ]


def _in_use(users: list[str]) -> str:
    message = _("It is used by %(users)s. Take it out there first.")
    return str(ValidationError(message % {"users": ", ".join(users)}).message)


def _is_empty_share(found: Trial) -> bool:
    """Rows count, and the conditions of the share hold for none of them: more often a slip than a fact."""
    return found.kpi.shape is Ratio and found.point.n > 0 and not found.point.part


def _empty_share(found: Trial) -> str:
    told = {"counted": presentation.counted(found.point.n, found.kpi)}
    return _("Of %(counted)s none is in the share at present: look at its conditions again.") % told


def _told(found: Trial | None) -> dict[str, Any]:
    if found is None:
        return {"tried": None}
    point = found.point
    reasons = [(presentation.reason(code), presentation.number(n)) for code, n in sorted(point.excluded.items())]
    return {
        "tried": found,
        "tried_value": presentation.figure(point, found.kpi, found.clock or None),
        "tried_n": presentation.counted(point.n, found.kpi),
        "tried_interval": presentation.interval(point, found.kpi, found.clock or None),
        "tried_rows": presentation.number(found.rows),
        "tried_reasons": reasons,
        "tried_days": DAYS,
        "divides_by_nothing": bool(point.n) and point.value is None,
        "matches_nothing": not point.n,
        "empty_share": _empty_share(found) if _is_empty_share(found) else "",
    }


def _tell(request: HttpRequest, kpi: CustomKpi) -> None:
    """How many rows it counts at present, so that a condition that never holds is seen at once."""
    found = trial(definitions.definition_of(kpi))
    if found is None:
        messages.warning(request, _("There is nothing in this table yet, so there is no figure either."))
        return
    words = {
        "n": presentation.number(found.point.n),
        "rows": presentation.number(found.rows),
        "days": DAYS,
    }
    message = ngettext(
        "Matches %(n)s of %(rows)s row of the last %(days)s days at present.",
        "Matches %(n)s of %(rows)s rows of the last %(days)s days at present.",
        found.rows,
    )
    tell = messages.info if found.point.n else messages.warning
    tell(request, message % words)
    if _is_empty_share(found):
        messages.warning(request, _empty_share(found))
