import re

import pytest

from surveys import starting, versions
from surveys.blueprints import BLUEPRINTS
from surveys.models import Question, Survey
from surveys.starting import Start
from tests.factories import ManagerFactory, StaffFactory
from tests.surveys.views.test_editing import values

pytestmark = pytest.mark.django_db
PATH = "/surveys/mine/edit/questions/"


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def survey() -> Survey:
    return starting.from_blueprint(BLUEPRINTS["nps_groups"], Start(name="Mine", slug="mine", languages=["en", "de"]))


@pytest.fixture
def reason(survey) -> Question:
    return survey.questions.get(prompts__en__prompt="What disappointed you most?")


def read(client, path: str) -> dict[str, object]:
    page = client.get(path).content.decode()
    sent: dict[str, object] = dict(values(page))
    for name in ("standings", "branch"):
        sent[name] = re.findall(rf'<input type="checkbox" name="{name}" value="([^"]*)"[^>]* checked', page)
    return sent


def prompts(survey: Survey) -> list[str]:
    return [one.prompt("en", "en").prompt for one in versions.content_of(survey).questions]


def test_only_who_may_change_surveys_gets_in(client, survey, reason):
    client.force_login(StaffFactory())
    for path in ("", "new/", f"{reason.pk}/"):
        assert client.get(PATH + path).status_code == 403
    for path in (f"{reason.pk}/", f"{reason.pk}/move/", f"{reason.pk}/take-back/", f"{reason.pk}/ask-again/"):
        assert client.post(PATH + path, {"direction": "up"}).status_code == 403
    assert len(prompts(survey)) == 5


def test_list_tells_kind_options_and_whom_each_is_asked(manager, survey):
    page = manager.get(PATH).content.decode()
    assert re.findall(r'badge-rule">([^<]*)<', page) == [
        "only asked of: promoters",
        "only asked of: passives",
        "only asked of: detractors",
        "only after “Something else” to “What disappointed you most?”",
        "only asked of: detractors",
    ]
    assert "The product · The service · The price · Promises that were not kept · Something else" in page


def test_sending_a_question_as_it_is_changes_nothing(manager, survey):
    before = versions.content_of(survey)
    for question in survey.questions.all():
        path = f"{PATH}{question.pk}/"
        assert manager.post(path, read(manager, path)).status_code == 302
    assert versions.content_of(survey) == before


def test_question_is_added_with_options_branch_and_translations(manager, survey, reason):
    sent = read(manager, f"{PATH}new/?kind=multiple") | {
        "prompt_en": "Which promise?", "prompt_de": "Welches Versprechen?", "is_required": "on",
        "option_0_en": "Delivery", "option_0_de": "Lieferung", "option_2_en": "Price",
        "standings": ["-1"], "branch": [f"{reason.pk}:reliability"],
    }  # fmt: skip
    assert manager.post(f"{PATH}new/?kind=multiple", sent).status_code == 302
    asked = versions.content_of(survey).questions[-1]
    assert (asked.kind, asked.is_required, asked.standings, asked.after, asked.after_options, asked.options) == (
        "multiple",
        True,
        (-1,),
        reason.pk,
        ("reliability",),
        ("delivery", "price"),
    )
    assert asked.prompt("de", "en").options == {"delivery": "Lieferung", "price": "Price"}


def test_scale_question_has_its_ends(manager, survey):
    sent = read(manager, f"{PATH}new/?kind=scale") | {
        "prompt_en": "How clear was it?", "low_label_en": "Unclear", "scale_min": "0", "scale_max": "10"
    }  # fmt: skip
    assert manager.post(f"{PATH}new/?kind=scale", sent).status_code == 302
    asked = versions.content_of(survey).questions[-1]
    assert (asked.low, asked.high, asked.prompt("en", "en").low_label) == (0, 10, "Unclear")


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("choice", {"prompt_en": ""}, "Please write the question."),
        ("choice", {"option_0_en": "Same", "option_1_en": "Same"}, "“Same” stands there twice."),
        ("choice", {"option_0_de": "Nur deutsch"}, "An option needs its words in English."),
        ("scale", {"scale_min": "5", "scale_max": "5"}, "The highest score must be above the lowest."),
        ("scale", {"scale_max": "11"}, "Ensure this value is less than or equal to 10."),
        ("short", {"kind": "scale"}, "Select a valid choice. scale is not one of the available choices."),
        ("short", {"branch": ["99:yes"]}, "Select a valid choice. 99:yes is not one of the available choices."),
        ("short", {"standings": ["7"]}, "Select a valid choice. 7 is not one of the available choices."),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_the_fields_are_kept(manager, survey, kind, changed, sentence):
    path = f"{PATH}new/?kind={kind}"
    response = manager.post(path, read(manager, path) | {"prompt_en": "Kept?", "prompt_de": "Behalten?"} | changed)
    page = response.content.decode()
    assert (response.status_code, values(page)["prompt_de"]) == (422, "Behalten?")
    assert sentence in page
    assert len(prompts(survey)) == 5


def test_options_of_two_questions_cannot_be_followed_at_once(manager, survey, reason):
    best = survey.questions.get(prompts__en__prompt="What do you value most about us?")
    sent = read(manager, f"{PATH}new/?kind=short") | {
        "prompt_en": "More?", "branch": [f"{reason.pk}:price", f"{best.pk}:price"]
    }  # fmt: skip
    response = manager.post(f"{PATH}new/?kind=short", sent)
    assert "Please choose options of one question only." in response.content.decode()


def test_buttons_for_options_save_nothing_and_keep_everything(manager, survey, reason):
    path = f"{PATH}{reason.pk}/"
    sent = read(manager, path) | {"prompt_en": "Not saved?", "option_0_en": "First"}

    def press(what: str, sent: dict[str, object]) -> dict[str, object]:
        response = manager.post(path, sent | {"do": what})
        assert response.status_code == 200
        page = response.content.decode()
        assert values(page)["prompt_en"] == "Not saved?"
        return sent | values(page)

    def texts(sent: dict[str, object]) -> list[object]:
        return [sent[f"option_{number}_en"] for number in range(int(str(sent["rows"])))]

    sent = press("more", sent)
    assert texts(sent)[-2:] == ["Something else", ""]
    sent = press("up:1", sent)
    assert (texts(sent)[:2], sent["key_0"], sent["key_1"]) == (["The service", "First"], "service", "product")
    sent = press("drop:2", sent)
    assert "The price" not in texts(sent)
    reason.refresh_from_db()
    assert reason.prompts["en"]["prompt"] == "What disappointed you most?"
    assert manager.post(path, sent | {"do": "save"}).status_code == 302
    reason.refresh_from_db()
    assert reason.options == ["service", "product", "reliability", "other"]


@pytest.mark.parametrize("number", ["²", "--5", "-1", "9" * 5000, "٣", ""])
def test_row_that_is_no_number_is_passed_over(manager, survey, reason, number):
    path = f"{PATH}{reason.pk}/"
    sent = read(manager, path)
    for act in ("up", "drop"):
        page = manager.post(path, sent | {"do": f"{act}:{number}"}).content.decode()
        assert re.findall(r'name="key_\d+" value="([^"]*)"', page) == reason.options
    assert manager.post(path, sent | {"rows": number}).status_code == 422
    reason.refresh_from_db()
    assert len(reason.options) == 5


def test_both_texts_are_shown_when_two_people_have_written(manager, survey, reason):
    path = f"{PATH}{reason.pk}/"
    sent = read(manager, path) | {"prompt_en": "Mine?"}
    reason.prompts["en"]["prompt"] = "Theirs?"
    reason.save()
    response = manager.post(path, sent)
    page = response.content.decode()
    assert (response.status_code, values(page)["prompt_en"]) == (409, "Mine?")
    assert "Theirs? · The product" in page
    assert manager.post(path, sent | values(page)).status_code == 302
    reason.refresh_from_db()
    assert reason.prompts["en"]["prompt"] == "Mine?"


def test_questions_are_moved_taken_out_and_asked_again(manager, survey, reason):
    before = prompts(survey)
    manager.post(f"{PATH}{reason.pk}/move/", {"direction": "up"})
    assert prompts(survey) == [before[0], before[2], before[1], *before[3:]]
    versions.ensure(survey)
    manager.post(f"{PATH}{reason.pk}/take-back/")
    assert before[2] not in prompts(survey)
    assert "Ask it again" in manager.get(PATH).content.decode()
    manager.post(f"{PATH}{reason.pk}/ask-again/")
    assert prompts(survey)[-1] == before[2]


def test_question_of_another_survey_is_404(manager, survey):
    other = starting.from_blueprint(BLUEPRINTS["exit"], Start(name="Other", slug="other", languages=["en"]))
    pk = other.questions.first().pk
    assert manager.get(f"{PATH}{pk}/").status_code == 404
    for act in ("", "move/", "take-back/", "ask-again/"):
        assert manager.post(f"{PATH}{pk}/{act}", {"direction": "up"}).status_code == 404


def test_list_needs_as_many_queries_for_five_questions_as_for_one(manager, survey, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as many:
        manager.get(PATH)
    survey.questions.exclude(pk=survey.questions.first().pk).delete()
    with django_assert_max_num_queries(len(many)):
        manager.get(PATH)
