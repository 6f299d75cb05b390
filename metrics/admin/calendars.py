"""Business calendars in the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject import calendars
from kpiproject.admin_base import HelpTexts, RecordedAdmin
from kpiproject.lib import openings
from kpiproject.lib.periods import local_day
from kpiproject.models import BusinessCalendar, CalendarUse, EarlierHours, Holiday, SpecialDay
from metrics.admin import moved
from metrics.admin.holidays import HolidaysView
from metrics.calendar_forms import WEEKDAYS, CalendarForm, CalendarUseForm, HolidayForm, SpecialDayForm

_AHEAD = 14


class HolidayInline(HelpTexts, admin.TabularInline):
    help_texts: ClassVar = {
        "date": gettext_lazy("Closed on this day."),
        "name": gettext_lazy("As the manual names it."),
        "is_active": gettext_lazy("Untick it if you are open nevertheless."),
    }
    model = Holiday
    form = HolidayForm
    extra = 1
    classes = ["collapse"]


class SpecialDayInline(HelpTexts, admin.TabularInline):
    help_texts: ClassVar = {
        "date": gettext_lazy("Other hours on this day only."),
        "reason": gettext_lazy("For example: stocktaking."),
    }
    model = SpecialDay
    form = SpecialDayForm
    extra = 1


class CalendarUseInline(admin.TabularInline):
    model = CalendarUse
    form = CalendarUseForm
    extra = 1
    verbose_name_plural = gettext_lazy("For whom this calendar counts instead of the default one")


class EarlierHoursInline(admin.TabularInline):
    """What was measured by other hours is only read."""

    template = "admin/goals/changes.html"
    model = EarlierHours
    extra = 0
    can_delete = False
    fields = ["until", "hours", "time_zone"]
    readonly_fields = ["until", "hours", "time_zone"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("opening hours"))
    def hours(self, earlier: EarlierHours) -> str:
        return _week(earlier.week)


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(RecordedAdmin):
    """A change of hours counts from a date on; the worker computes the figures it touches again at once."""

    form = CalendarForm
    change_form_template = "admin/metrics/calendar.html"
    list_display = ["name", "hours", "time_zone", "is_default"]
    help_texts: ClassVar = {
        "name": gettext_lazy("For example: the office in Vienna."),
        "time_zone": gettext_lazy("Of the place whose hours these are, for example Europe/Vienna."),
        "is_default": gettext_lazy("It counts wherever no other calendar is said to; there is one such calendar."),
    }
    readonly_fields = ["preview"]

    def get_inlines(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> Any:
        rest = [EarlierHoursInline] if obj and obj.earlier.exists() else []
        return [CalendarUseInline, HolidayInline, SpecialDayInline, *rest]

    def get_fieldsets(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> Any:
        found = [
            (None, {"fields": ["name", "time_zone", "is_default"]}),
            (
                _("Opening hours"),
                {
                    "fields": [*WEEKDAYS, *(["start"] if obj else [])],
                    "description": _(
                        "From and until, several times a day if you close in between. Empty means closed."
                    ),
                },
            ),
        ]
        if obj:
            found.append((_("The next two weeks"), {"fields": ["preview"]}))
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().get_form(request, obj, change=change, **kwargs | {"fields": CalendarForm.Meta.fields})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(HolidaysView.as_view(admin_site=self.admin_site))
        return [path("<path:object_id>/holidays/", view, name="kpiproject_calendar_holidays"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: BusinessCalendar, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        week, zone = form.week, obj.time_zone
        if not change:
            obj.week = week
            obj.save()
            return
        stored = get_object_or_404(BusinessCalendar, pk=obj.pk)
        obj.week, obj.time_zone = stored.week, stored.time_zone
        obj.save()
        calendars.change_hours(obj, week, zone, start=form.cleaned_data["start"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_related(request, form, formsets, change)
        moved.tell(request)

    def delete_model(self, request: HttpRequest, obj: BusinessCalendar) -> None:
        super().delete_model(request, obj)
        moved.tell(request)

    @admin.display(description=gettext_lazy("opening hours"))
    def hours(self, calendar: BusinessCalendar) -> str:
        return _week(calendar.week)

    @admin.display(description=gettext_lazy("open"))
    def preview(self, calendar: BusinessCalendar) -> SafeString:
        today = local_day(timezone.now(), calendar.time_zone)
        rows = (
            (date_format(one.day, "l, j F"), openings.write(one.intervals) or _("closed"), one.reason)
            for one in calendars.days(calendar, today, _AHEAD)
        )
        body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows)
        heads = (_("Day"), _("Open"), _("Why"))
        head = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in heads))
        return format_html('<table class="preview"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body)


def _week(week: Any) -> str:
    """“Monday 09:00-17:00; …”"""
    return "; ".join(f"{label} {openings.write(week[key])}" for key, label in WEEKDAYS.items() if week.get(key)) or "–"
