"""Our template pack: what a form must look like to be understood with and without eyes."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.utils.html import escape


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As in the passport")
    note = forms.CharField(required=False, widget=forms.Textarea)
    team = forms.ChoiceField(choices=[("a", "Alpha"), ("b", "Beta")])
    score = forms.ChoiceField(choices=[("1", "One"), ("2", "Two")], widget=forms.RadioSelect, help_text="Lowest is 1")
    days = forms.MultipleChoiceField(choices=[("mon", "Monday")], widget=forms.CheckboxSelectMultiple, required=False)
    agree = forms.BooleanField(label="I agree")
    file = forms.FileField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("submit", "Save"))
        return helper


def rendered(form: forms.Form) -> str:
    """One line, so that the tests do not depend on line breaks."""
    return " ".join(render_crispy_form(form, context={"csrf_token": "t"}).split())


def test_form_has_what_the_browser_needs() -> None:
    html = rendered(ExampleForm())

    assert html.startswith('<form class="form" method="post" enctype="multipart/form-data">')
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="t">' in html
    assert '<button type="submit" class="button button-primary' in html
    assert 'name="submit"' not in html


def test_every_field_has_a_label() -> None:
    html = rendered(ExampleForm())

    assert '<label for="id_name">Name </label>' in html
    assert '<label for="id_note">Note <span class="field-optional">(optional)</span> </label>' in html
    assert '<label class="choice" for="id_agree"><input type="checkbox" name="agree" required id="id_agree">' in html
    assert '<fieldset class="field" id="id_score" aria-describedby="id_score_helptext"> <legend>Score </legend>' in html
    assert (
        '<label class="choice" for="id_score_1"><input type="radio" name="score" value="2" id="id_score_1" required'
        in html
    )
    assert '<label class="choice" for="id_days_0">' in html


def test_help_is_tied_to_its_field() -> None:
    html = rendered(ExampleForm())

    assert '<div class="helptext" id="id_name_helptext">As in the passport</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_errors_are_tied_to_their_fields_and_summed_up_with_links() -> None:
    html = rendered(ExampleForm({"team": "c"}))

    assert '<li><a href="#id_name">Name</a>: This field is required.</li>' in html
    assert '<li><a href="#id_score">Score</a>: This field is required.</li>' in html
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="field-error" id="id_team_error"><span class="visually-hidden">Error: </span>' in html
    assert 'role="alert"' in html
    assert html.count('class="field-error"') == 4


def test_errors_of_the_whole_form_and_of_hidden_fields_are_shown() -> None:
    form = ExampleForm({"name": "x", "team": "a", "score": "1", "agree": "on"})
    form.add_error(None, "Both cannot be.")
    form.add_error("secret", "It was changed.")

    html = rendered(form)

    assert "<li>Both cannot be.</li>" in html
    assert "<li>It was changed.</li>" in html


@pytest.mark.parametrize("evil", ['"><script>alert(1)</script>', "' onfocus=alert(1) x='"])
def test_what_was_typed_is_escaped(evil: str) -> None:
    html = rendered(ExampleForm({"name": evil, "team": evil}))

    assert "<script>" not in html
    assert f'value="{escape(evil)}"' in html


def test_layout_objects_and_get_forms() -> None:
    form = ExampleForm()
    helper = FormHelper()
    helper.form_method = "get"
    helper.form_class = "filters"
    helper.attrs = {"data-x": "1"}
    helper.layout = Fieldset("Who", Div("name", css_class="cluster"), "note")

    html = " ".join(render_crispy_form(form, helper=helper).split())

    assert html.startswith('<form class="form filters" method="get" data-x="1" enctype="multipart/form-data">')
    assert "csrfmiddlewaretoken" not in html
    assert '<legend>Who</legend> <div class="cluster">' in html
    assert "(optional)" not in html


def test_formset_has_its_management_form() -> None:
    formset = forms.formset_factory(ExampleForm, extra=2)()

    html = " ".join(render_crispy_form(formset, helper=FormHelper(), context={"csrf_token": "t"}).split())

    assert 'name="form-TOTAL_FORMS" value="2"' in html
    assert 'id="id_form-1-name"' in html
