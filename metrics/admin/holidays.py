"""Holidays by the dozen: of a country, or out of a calendar file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from kpiproject import calendars, half_days
from kpiproject.models import BusinessCalendar
from metrics.admin import moved
from metrics.calendar_forms import ICalendarForm, LibraryForm

LIBRARY, FILE = "library", "file"


class HolidaysView(PermissionRequiredMixin, View):
    permission_required = ("kpiproject.change_businesscalendar", "kpiproject.add_holiday")
    raise_exception = True
    admin_site: AdminSite | None = None

    def get(self, request: HttpRequest, object_id: str) -> HttpResponse:
        calendar = _calendar(object_id)
        return self._page(request, calendar, LibraryForm(prefix=LIBRARY), _file_form(calendar))

    def post(self, request: HttpRequest, object_id: str) -> HttpResponse:
        calendar = _calendar(object_id)
        library, file = LibraryForm(prefix=LIBRARY), _file_form(calendar)
        if FILE in request.POST:
            file = _file_form(calendar, request.POST, request.FILES)
            if file.is_valid():
                return _from_file(request, calendar, file)
        else:
            library = LibraryForm(request.POST, prefix=LIBRARY)
            if library.is_valid():
                return _added(request, calendar, calendars.add_holidays(calendar, library.days()))
        return self._page(request, calendar, library, file, status=422)

    def _page(
        self,
        request: HttpRequest,
        calendar: BusinessCalendar,
        library: LibraryForm,
        file: ICalendarForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        site: dict[str, Any] = self.admin_site.each_context(request) if self.admin_site else {}
        context = {**site, "title": _("Add holidays"), "calendar": calendar, "library": library, "file": file}
        return render(request, "admin/metrics/holidays.html", context, status=status)


def _calendar(object_id: str) -> BusinessCalendar:
    return get_object_or_404(BusinessCalendar, pk=int(object_id) if object_id.isdecimal() else 0)


def _file_form(calendar: BusinessCalendar, *given: Any) -> ICalendarForm:
    return ICalendarForm(*given, prefix=FILE, zone=calendar.time_zone)


def _from_file(request: HttpRequest, calendar: BusinessCalendar, form: ICalendarForm) -> HttpResponse:
    found = form.cleaned_data["found"]
    if found.left_out:
        sentence = ngettext(
            "%d event was left out: it repeats in a way that is not read here, or has no date, no length or an unknown "
            "time zone.",
            "%d events were left out: they repeat in a way that is not read here, or have no date, no length or an "
            "unknown time zone.",
            found.left_out,
        )
        messages.warning(request, sentence % found.left_out)
    events, hours = half_days.open_nevertheless(calendar, found.events)
    if besides := len(found.events) - len(events):
        sentence = ngettext(
            "%d event was left out: you are closed in its hours anyway.",
            "%d events were left out: you are closed in their hours anyway.",
            besides,
        )
        messages.info(request, sentence % besides)
    days = {event.day: event.name for event in reversed(events)}
    uids = {event.day: event.uid for event in reversed(events)}
    return _added(request, calendar, calendars.add_holidays(calendar, days, uids=uids, hours=hours))


def _added(request: HttpRequest, calendar: BusinessCalendar, count: int) -> HttpResponse:
    sentence = ngettext(
        "%d holiday was added; those that were there stayed as they are.",
        "%d holidays were added; those that were there stayed as they are.",
        count,
    )
    messages.success(request, sentence % count)
    moved.tell(request)
    return redirect("admin:kpiproject_businesscalendar_change", calendar.pk)
