"""What managers fill in to choose KPIs."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpiproject.front.forms import one_column
from kpiproject.models import User
from metrics.models import Adoption
from metrics.packs import PILOTS


def people(kept: int | None = None) -> Any:
    """Who can own a KPI."""
    return User.objects.filter(Q(is_active=True) | Q(pk=kept)).order_by("name", "email")


class AdoptionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = Adoption
        fields: ClassVar = ["owner", "note"]
        help_texts: ClassVar = {
            "owner": _("Who looks at it, explains it, and says when it no longer serves."),
            "note": _("In one sentence: what somebody decides by it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people(self.instance.owner_id)  # type: ignore[attr-defined]  # a model choice
        self.helper = one_column(_("Save"), "owner", "note")


class ChoiceForm(forms.Form):
    """A first choice: some of the KPIs that are proposed, each with an owner, who is the same for all unless named."""

    only_these = forms.BooleanField(
        label=_("Keep all other KPIs quiet"),
        required=False,
        initial=True,
        help_text=_("They stay in the catalogue, and can be adopted at any time."),
    )

    def __init__(self, *args: Any, codes: list[str], proposed: list[str], owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        for code in codes:
            self.fields[f"kpi_{code}"] = forms.BooleanField(required=False, initial=code in proposed)
            self.fields[f"owner_{code}"] = forms.ModelChoiceField(
                people(),
                required=False,
                initial=owner,
                empty_label=_("nobody yet"),
                widget=forms.Select(attrs={"class": "select"}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.chosen:
            raise forms.ValidationError(_("Choose at least one KPI."))
        return given

    @property
    def chosen(self) -> list[str]:
        return [code for code in self.codes if self.cleaned_data.get(f"kpi_{code}")]

    @property
    def owners(self) -> dict[str, User | None]:
        return {code: self.cleaned_data.get(f"owner_{code}") for code in self.chosen}


class BusinessForm(forms.Form):
    type = forms.ChoiceField(choices=[(pilot.code, pilot.name) for pilot in PILOTS])
