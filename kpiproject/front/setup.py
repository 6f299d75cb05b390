"""How an organisation finds out what it can measure, and chooses what it works with. Managers only."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goals.models import Stakeholder
from kpiproject.front import setup_lines
from kpiproject.front.request import posted
from kpiproject.front.setup_forms import AdoptionForm, BusinessForm, ChoiceForm
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics import adoption, definitions
from metrics.definitions import find
from metrics.kpi import Kpi
from metrics.models import Adoption
from metrics.packs import PACKS, PILOTS, Pack
from metrics.queries import audit
from metrics.queries.audit import State

may_choose = permission_required("metrics.change_adoption", raise_exception=True)


@require_safe
@login_required
@may_choose
def overview(request: HttpRequest) -> HttpResponse:
    """Where they stand, and what is there."""
    sources = audit.sources()
    standings = audit.standings(sources)
    lines = setup_lines.adopted_lines()
    today = local_day(timezone.now(), organisation().time_zone)
    context = {
        "sources": setup_lines.source_lines(sources, today),
        "missing": setup_lines.missing_kinds(sources),
        "computable": sum(one.state is State.COMPUTABLE for one in standings),
        "unchecked": sum(one.state is State.UNCHECKED for one in standings),
        "total": len(standings),
        "has_chosen": definitions.has_chosen(),
        "lines": lines,
        "owned": sum(line.row.owner is not None for line in lines),
        "measured": sum(line.is_measured for line in lines),
        "stakeholders": Stakeholder.objects.filter(is_active=True).count(),
        "untold": len(setup_lines.readers()[1]),
    }
    return render(request, "setup/overview_page.html", context)


@require_safe
@login_required
@may_choose
def kpis(request: HttpRequest) -> HttpResponse:
    """Every KPI: has it figures, what does it lack, is it adopted."""
    lines = setup_lines.kpi_lines(audit.standings())
    return render(request, "setup/kpis_page.html", {"groups": setup_lines.by_family(lines)})


@require_safe
@login_required
@may_choose
def readers(request: HttpRequest) -> HttpResponse:
    found, untold = setup_lines.readers()
    return render(request, "setup/readers_page.html", {"readers": found, "untold": untold})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_choose
def choose(request: HttpRequest) -> HttpResponse:
    """First the kind of business, then its proposal, which may be changed before it is taken."""
    business = BusinessForm(request.GET)
    if not business.is_valid():
        return render(
            request, "setup/business_page.html", {"pilots": PILOTS}, status=422 if request.method == "POST" else 200
        )
    pilot = next(pilot for pilot in PILOTS if pilot.code == business.cleaned_data["type"])
    lines = setup_lines.kpi_lines(audit.standings())
    proposed = setup_lines.proposals(pilot, lines)
    others = setup_lines.more(pilot, lines, proposed)
    codes = [one.line.kpi.code for one in proposed]
    form = ChoiceForm(
        posted(request),
        codes=[*codes, *(line.kpi.code for line in others)],
        proposed=codes,
        owner=cast("User", request.user),
    )
    if request.method == "POST" and form.is_valid():
        return _take(request, form)
    context = {"pilot": pilot, "form": form}
    context |= {
        "proposed": [
            (one, form[f"kpi_{code}"], form[f"owner_{code}"]) for one, code in zip(proposed, codes, strict=True)
        ],
        "others": [(line, form[f"kpi_{line.kpi.code}"], form[f"owner_{line.kpi.code}"]) for line in others],
    }
    return render(request, "setup/choose_page.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
@may_choose
def packs(request: HttpRequest) -> HttpResponse:
    lines = setup_lines.kpi_lines(audit.standings())
    return render(request, "setup/packs_page.html", {"packs": setup_lines.pack_lines(lines)})


@require_POST
@login_required
@may_choose
def pack_adopt(request: HttpRequest, code: str) -> HttpResponse:
    pack = _pack(code)
    adoption.adopt(_there(pack))
    messages.success(request, _("The KPIs for “%(pack)s” are adopted.") % {"pack": pack.name})
    return redirect("setup:packs")


@require_POST
@login_required
@may_choose
def pack_set_aside(request: HttpRequest, code: str) -> HttpResponse:
    pack = _pack(code)
    _set_aside(request, _there(pack), _("The KPIs for “%(pack)s” are quiet again.") % {"pack": pack.name})
    return redirect("setup:packs")


@require_POST
@login_required
@may_choose
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    kpi = _kpi(code)
    adoption.adopt([code], owners={code: cast("User", request.user)})
    messages.success(request, _("You work with “%(kpi)s” from now on.") % {"kpi": kpi.name})
    _tell_baseline(request, kpi)
    return _back(request)


@require_POST
@login_required
@may_choose
def set_aside(request: HttpRequest, code: str) -> HttpResponse:
    kpi = _kpi(code)
    _set_aside(request, [code], _("“%(kpi)s” is quiet from now on; it stays in the catalogue.") % {"kpi": kpi.name})
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@may_choose
def adopted(request: HttpRequest, code: str) -> HttpResponse:
    """Who owns a KPI, and why it is measured."""
    kpi = _kpi(code)
    row = Adoption.objects.filter(kpi=code).first()
    if row is None:
        if not any(known.code == code for known, _row in adoption.rows()):
            raise Http404
        row = Adoption(kpi=code)
    form = AdoptionForm(posted(request), instance=row)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        adoption.describe(code, owner=given["owner"], note=given["note"])
        messages.success(request, _("“%(kpi)s” is saved.") % {"kpi": kpi.name})
        return redirect("setup:overview")
    return render(request, "setup/adopted_page.html", {"kpi": kpi, "form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
@may_choose
def measure(request: HttpRequest, code: str) -> HttpResponse:
    kpi = _kpi(code)
    adoption.measure(code)
    _tell_baseline(request, kpi)
    return _back(request)


def _tell_baseline(request: HttpRequest, kpi: Kpi) -> None:
    line = next(line for line in setup_lines.adopted_lines() if line.kpi.code == kpi.code)
    if line.baseline:
        words = {"baseline": line.baseline, "about": line.about}
        messages.info(request, _("Baseline: %(baseline)s (%(about)s).") % words)
    elif not kpi.needs_dimension:
        messages.warning(request, _("Its figures are being computed; measure its baseline in a minute."))


def _take(request: HttpRequest, form: ChoiceForm) -> HttpResponse:
    chosen = form.chosen
    adoption.choose(chosen, owners=form.owners, only_these=form.cleaned_data["only_these"])
    count = len(chosen)
    message = ngettext("You begin with %(count)s KPI.", "You begin with %(count)s KPIs.", count)
    messages.success(request, message % {"count": count})
    return redirect("setup:overview")


def _set_aside(request: HttpRequest, codes: list[str], done: str) -> None:
    try:
        adoption.set_aside(codes)
    except adoption.LastOneError:
        messages.error(request, _("Keep at least one KPI: adopt another one first."))
    else:
        messages.success(request, done)


def _kpi(code: str) -> Kpi:
    found = find(code)
    if found is None:
        raise Http404
    return found


def _pack(code: str) -> Pack:
    found = next((pack for pack in PACKS if pack.code == code), None)
    if found is None:
        raise Http404
    return found


def _there(pack: Pack) -> list[str]:
    return [code for code in pack.kpis if find(code)]


def _back(request: HttpRequest) -> HttpResponse:
    """To the page on which the button was."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if is_ours and target.startswith("/") else reverse("setup:kpis"))
