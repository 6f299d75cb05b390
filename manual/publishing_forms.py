"""What managers fill in on the way to an edition: for a review, for its answer, for publishing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import approvals
from manual.rounds import Comment

FURTHEST: Final = timedelta(days=365)
_LONGEST: Final = 2000
MATERIAL: Final = "material"
EDITORIAL: Final = "editorial"


class SubmitForm(forms.Form):
    """Whom to ask for a review; nobody in particular means every other manager."""

    reviewer = forms.ModelChoiceField(
        label=_("Who is to review it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("any other manager"),
    )
    words = forms.CharField(
        label=_("What to look at"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the reviewer; readers of the manual do not see it."),
    )

    def __init__(self, *args: Any, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = approvals.reviewers(by)
        found = User.objects.filter(pk__in=[person.pk for person in self.others])
        self.fields["reviewer"].queryset = found  # type: ignore[attr-defined]  # it is the ModelChoiceField above


class ApproveForm(forms.Form):
    """`seen` is the fingerprint of the text that the person has read."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AskForm(forms.Form):
    """What is to be changed: in all, and section by section."""

    words = forms.CharField(
        label=_("In all"), required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, sections: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = dict(sections)
        for slug, title in sections:
            self.fields[f"section-{slug}"] = forms.CharField(
                label=title, required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 2})
            )

    def comments(self) -> list[Comment]:
        given = {slug: self.cleaned_data.get(f"section-{slug}", "") for slug in self.titles}
        return [Comment(slug, self.titles[slug], text) for slug, text in given.items() if text.strip()]


class AnswerForm(forms.Form):
    """Why a sentence may stay although it seems to contradict what is in force."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it may stay"), max_length=1000, min_length=5, widget=forms.Textarea(attrs={"rows": 2})
    )


class PublishForm(forms.Form):
    """`number` is the one the new edition would have had when the person looked. For every section that has changed:
    whether people must read it anew."""

    note = forms.CharField(
        label=_("What has changed"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences for the readers. They stand at the head of the edition."),
    )
    effective_from = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: at once. Until then readers see the edition before, and staff are told by mail."),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, sections: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slugs = [slug for slug, _title in sections]
        for slug, title in sections:
            self.fields[f"mark-{slug}"] = forms.ChoiceField(
                label=title,
                choices=[(MATERIAL, _("material: people read it anew")), (EDITORIAL, _("editorial: nothing to do"))],
                required=False,
                initial=MATERIAL,
            )

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        today = local_day(timezone.now(), organisation().time_zone)
        if day is not None and day < today:
            raise forms.ValidationError(_now("An edition cannot be in force before it is published."))
        if day is not None and day > today + FURTHEST:
            raise forms.ValidationError(_now("At most a year from now."))
        return None if day == today else day

    def editorial(self) -> frozenset[str]:
        return frozenset(slug for slug in self.slugs if self.cleaned_data.get(f"mark-{slug}") == EDITORIAL)

    def marks(self) -> list[forms.BoundField]:
        return [self[f"mark-{slug}"] for slug in self.slugs]


class CompareForm(forms.Form):
    """Two editions by number."""

    old = forms.IntegerField(label=_("What has changed from"), min_value=1)
    new = forms.IntegerField(label=_("to"), min_value=1)
