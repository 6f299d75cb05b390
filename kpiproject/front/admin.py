"""Erasing a customer on request, in the administration. It asks first; nothing of it can be undone."""

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.admin_asking import CONFIRMED, is_confirmed
from kpiproject.front import erasing
from kpiproject.front.erasing import Person
from kpiproject.models import User
from surveys.models import Contact, Erasure


class EraseForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Found in whatever capitals it is written, and with whatever stands after a “+”."),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    leaves_alone = forms.BooleanField(
        label=gettext_lazy("Surveys never write to them again"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Only a fingerprint of the address is kept for it. Whoever is on the do-not-contact list is left alone "
            "in any case."
        ),
    )
    person: Person

    def clean_email(self) -> str:
        self.person = erasing.look_up(self.cleaned_data["email"])
        if not self.person.is_known:
            raise forms.ValidationError(_("Nothing is kept about anybody with this address."))
        return self.person.email


@admin.register(Erasure)
class ErasureAdmin(admin.ModelAdmin):
    """What was done is a record: it is not changed, and it does not say who it was."""

    list_display = ["at", "by", "what", "is_left_alone"]
    list_select_related = ["by"]
    list_per_page = 50
    date_hierarchy = "at"
    fields = ["at", "by", "what", "is_left_alone"]
    readonly_fields = ["at", "by", "what", "is_left_alone"]

    def has_change_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        """With it would go that they must not be written to."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, EraseForm(initial=_initial(request)))
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        if not is_confirmed(request):
            return self._page(request, form, person=form.person)
        return self._erase(request, form.cleaned_data)

    def _page(
        self, request: HttpRequest, form: EraseForm, *, person: Person | None = None, status: int = HTTPStatus.OK
    ) -> TemplateResponse:
        """The question once somebody was found; before that the form alone."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase a person"),
            "opts": self.opts,
            "form": form,
            "person": person,
            "found": erasing.told(person.counts) if person else [],
            "goes": erasing.goes(),
            "stays": erasing.stays(),
            "elsewhere": erasing.elsewhere(),
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "admin/surveys/erase.html", context, status=status)

    def _erase(self, request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
        by = cast("User", request.user)
        done = erasing.erase(given["email"], leaves_alone=given["leaves_alone"], by=by, now=timezone.now())
        words = {"what": ", ".join(erasing.told(done.counts)) or _("an entry of the do-not-contact list")}
        messages.success(request, _("The person is erased: %(what)s.") % words)
        return redirect("admin:surveys_erasure_changelist")

    @admin.display(description=gettext_lazy("what was erased"), empty_value="–")
    def what(self, erasure: Erasure) -> str | None:
        return ", ".join(erasing.told(erasure.counts)) or None

    @admin.display(description=gettext_lazy("is left alone"), boolean=True)
    def is_left_alone(self, erasure: Erasure) -> bool:
        return bool(erasure.digest)


def _initial(request: HttpRequest) -> dict[str, str]:
    """From the list of contacts, which names one by its number: addresses have no place in those of pages."""
    given = request.GET.get("contact", "")
    contact = Contact.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 10 else None
    return {"email": contact.email} if contact and request.user.has_perm("surveys.view_contact") else {}
