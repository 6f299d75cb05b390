"""Usual promises, one click away."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from metrics import targets
from metrics.admin import moved
from metrics.models import ServiceTarget
from metrics.presets import KPIS, RINGS, TARGETS, TargetPreset
from metrics.target_forms import PresetForm, RingForm
from metrics.target_words import promise


class PresetView(PermissionRequiredMixin, View):
    permission_required = "metrics.add_servicetarget"
    raise_exception = True
    admin_site: AdminSite | None = None

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, [PresetForm(preset) for preset in TARGETS], RingForm(), status=200)

    def post(self, request: HttpRequest) -> HttpResponse:
        forms, rings = [PresetForm(preset, request.POST) for preset in TARGETS], RingForm(request.POST)
        are_valid = [form.is_valid() for form in (*forms, rings)]
        wanted = [form for form in forms if form.is_valid() and form.cleaned_data["wanted"]]
        if not all(are_valid) or not wanted:
            if not wanted and all(are_valid):
                messages.warning(request, _("Choose at least one."))
            return self._page(request, forms, rings, status=422)
        _adopt(wanted, rings.cleaned_data["seconds_per_ring"])
        sentence = ngettext("%d target was added.", "%d targets were added.", len(wanted))
        messages.success(request, sentence % len(wanted))
        moved.tell(request)
        return redirect("admin:metrics_servicetarget_changelist")

    def _page(self, request: HttpRequest, forms: list[PresetForm], rings: RingForm, *, status: int) -> HttpResponse:
        site: dict[str, Any] = self.admin_site.each_context(request) if self.admin_site else {}
        rows = [(form, promise(_target(form.preset, "", 6))) for form in forms]
        context = {**site, "title": _("Usual promises"), "rows": rows, "rings": rings, "kpis": KPIS}
        return render(request, "admin/metrics/presets.html", context, status=status)


@transaction.atomic
def _adopt(wanted: list[PresetForm], seconds_per_ring: int) -> None:
    """Add presets: for past tickets as well, unless something of that kind was promised to them. Again, they change
    nothing."""
    promised = set(ServiceTarget.objects.values_list("metric", flat=True))
    for form in wanted:
        preset, member = form.preset, form.cleaned_data["member"]
        target = _target(preset, member, seconds_per_ring)
        same = ServiceTarget.objects.filter(name=target.name, metric=target.metric, **{preset.dimension: member})
        if not same.exists():
            targets.change(target, at=timezone.now() if target.metric in promised else None)


def _target(preset: TargetPreset, member: str, seconds_per_ring: int) -> ServiceTarget:
    terms = {**preset.terms, preset.dimension: member}
    if preset.is_in_rings:
        terms["seconds"] = RINGS * seconds_per_ring
    return ServiceTarget(name=str(preset.name), metric=preset.metric, **terms)
