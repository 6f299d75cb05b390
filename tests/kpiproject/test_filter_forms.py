"""Forms whose choices stand in the address."""

import pytest
from django import forms
from django.http import QueryDict

from kpiproject.filter_forms import FilterForm, check_span, span_fields
from kpiproject.queries import by_name, people
from tests.factories import StaffFactory


class Chosen(FilterForm):
    colour = forms.ChoiceField(required=False)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields = {**span_fields(), **self.fields}
        self.offer("colour", {"": "any", "red": "Red"}, refused="There is no “%(value)s”.")

    def clean(self):
        super().clean()
        check_span(self)


def errors(text):
    form = Chosen(QueryDict(text))
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


@pytest.mark.parametrize(
    "text", ["", "from=2026-01-01", "to=2026-01-01", "from=1970-01-01&to=2199-12-31", "from=2026-02-28&to=2026-03-01"]
)
def test_what_can_be_shown(text):
    assert errors(text) == {}


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("from=2026-01-02&to=2026-01-02", "to", "The period must end after it starts: choose a day after 2026-01-02."),
        ("from=2026-01-03&to=2026-01-02", "to", "The period must end after it starts: choose a day after 2026-01-03."),
        ("from=1969-12-31", "from", "Choose a day from 1970 on."),
        ("to=2200-01-01", "to", "Choose a day before 2200."),
        ("to=31.1.2026", "to", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("from=2026-02-30", "from", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("from=%00", "from", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("colour=blue", "colour", "There is no “blue”."),
    ],
)
def test_what_is_refused_is_said_in_words(text, field, sentence):
    assert errors(text) == {field: [sentence]}


def test_it_is_asked_in_the_address_and_has_a_button():
    helper = FilterForm(QueryDict("")).helper
    assert (helper.form_method, helper.form_class, helper.disable_csrf) == ("get", "filters", True)
    assert [button.value for button in helper.inputs] == ["Show"]


@pytest.mark.django_db
def test_people_are_listed_by_name_with_the_one_who_was_chosen_before():
    second, first = StaffFactory(name="Bob"), StaffFactory(name="Ada")
    gone = StaffFactory(name="Cleo", is_active=False)
    assert list(people()) == [first, second]
    assert list(people(kept=gone.pk)) == [first, second, gone]
    assert list(by_name(type(gone).objects.filter(is_active=False))) == [gone]
