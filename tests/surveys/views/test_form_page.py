"""What the page does, as respondents meet it: languages, further questions, employees, what is kept."""

import re

import pytest

from surveys import versions
from surveys.models import Answer, AnswerChange, Click, Question, Reply, Translation
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
PERSON = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def address(invitation, tail: str = "") -> str:
    return f"/s/{invitation.token}/{tail}"


def question(survey, kind: str, prompt: str, **fields) -> Question:
    options = fields.pop("labels", {})
    prompts = {"en": {"prompt": prompt, "options": options}}
    position = survey.questions.count()
    return Question.objects.create(
        survey=survey, kind=kind, position=position, prompts=prompts, options=list(options), **fields
    )


@pytest.fixture
def survey():
    return SurveyFactory(slug="shop", kind="nps", has_public_link=True)


@pytest.fixture
def branching(survey):
    """Detractors are asked for a reason, and what else it was; promoters what they like; everybody a scale."""
    why = question(
        survey, "choice", "Why?", standings=[-1], is_required=True, labels={"slow": "Slow", "other": "Other"}
    )
    what = question(survey, "short", "What else?", after=why, after_options=["other"])
    like = question(
        survey, "multiple", "What do you like?", standings=[1], labels={"people": "People", "price": "Price"}
    )
    product = question(survey, "scale", "And the product?")
    versions.ensure(survey)
    return survey, why, what, like, product


def key_of(response) -> str:
    return re.findall(r'name="form_key" value="([\w-]{22})"', response.content.decode())[0]


def shown(page: str) -> list[str]:
    """The names of the further questions that are on the page and switched on."""
    return re.findall(r'<fieldset id="(q\d+)" class="further"(?![^>]* disabled)', page)


def replies() -> list[tuple[int, int | None, str, list[str]]]:
    return list(Reply.objects.order_by("question").values_list("question", "number", "text", "choices"))


# --- Languages ----------------------------------------------------------------------------------------------------
@pytest.fixture
def several(survey):
    Translation.objects.create(survey=survey, language="de", question="Wie wahrscheinlich?", low_label="Kaum")
    Translation.objects.create(survey=survey, language="ar", question="ما مدى احتمال؟")
    versions.ensure(survey)
    return survey


@pytest.mark.parametrize(
    ("query", "language", "header", "found"),
    [
        ("", "en", "de", "en"),
        ("", "de", "", "de"),
        ("?lang=ar", "de", "", "ar"),
        ("?lang=fr", "de", "en", "de"),
        ("?lang=<b>", "xx", "", "en"),
    ],
)
def test_page_of_an_invitation_is_in_the_language_chosen_or_of_the_contact(
    client, several, query, language, header, found
):
    invitation = InvitationFactory(survey=several, language=language)
    response = client.get(address(invitation) + query, headers={"accept-language": header})
    direction = "rtl" if found == "ar" else "ltr"
    assert response["Content-Language"] == found
    assert f'<html lang="{found}" dir="{direction}">' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "header", "found"),
    [
        ("", "", "en"),
        ("", "fr;q=0.9, de-AT;q=0.8", "de"),
        ("?lang=ar", "de", "ar"),
        ("", "fr, xx;q=nonsense", "en"),
    ],
)
def test_public_page_is_in_the_language_chosen_or_of_the_browser(client, several, query, header, found):
    response = client.get(f"/p/shop/{query}", headers={"accept-language": header})
    assert response["Content-Language"] == found


def test_language_is_changed_by_plain_links_that_keep_what_was_chosen(client, several):
    invitation = InvitationFactory(survey=several)
    page = client.get(address(invitation, "?r=9")).content.decode()
    links = re.findall(r'<a href="([^"]+)" hreflang="(\w+)" lang="\w+" dir="auto"( aria-current="true")?>', page)
    assert links == [
        ("?lang=en&amp;r=9", "en", ' aria-current="true"'),
        ("?lang=de&amp;r=9", "de", ""),
        ("?lang=ar&amp;r=9", "ar", ""),
    ]
    assert re.findall(
        r'value="(\d+)"[^>]* checked', client.get(address(invitation, "?lang=de&r=9")).content.decode()
    ) == ["9"]


def test_links_to_other_languages_name_no_form(client, several):
    page = client.get("/p/shop/?r=3&form=" + "A" * 22).content.decode()
    assert re.findall(r'<a href="([^"]+)" hreflang', page) == [f"?lang={code}&amp;r=3" for code in ("en", "de", "ar")]


def test_answer_keeps_its_language_and_the_thanks_have_it(client, several):
    invitation = InvitationFactory(survey=several)
    posted = client.post(address(invitation), {"score": "9", "lang": "de"})
    assert posted["Location"] == address(invitation, "thanks/")
    assert Answer.objects.get().language == "de"
    assert client.get(posted["Location"])["Content-Language"] == "de"


def test_thanks_of_the_public_page_have_the_language_chosen(client, several):
    posted = client.post("/p/shop/", {"score": "9", "lang": "ar"})
    assert posted["Location"] == "/p/shop/thanks/?lang=ar"
    assert client.get(posted["Location"])["Content-Language"] == "ar"


def test_errors_and_ends_are_in_the_language_chosen(client, several):
    invitation = InvitationFactory(survey=several)
    assert client.post(address(invitation), {"score": "99", "lang": "de"})["Content-Language"] == "de"
    several.status = "closed"
    several.save()
    gone = client.get(address(invitation, "?lang=ar"))
    assert (gone.status_code, gone["Content-Language"]) == (410, "ar")


def test_wording_that_is_missing_in_a_language_is_said_in_the_main_one(client, several):
    page = client.get(address(InvitationFactory(survey=several, language="de"))).content.decode()
    assert ("Wie wahrscheinlich?" in page, "Kaum" in page, "Extremely likely" in page) == (True, True, True)


# --- Further questions --------------------------------------------------------------------------------------------
def test_first_page_switches_on_what_everybody_is_asked(client, branching):
    survey, why, what, _like, product = branching
    page = client.get(address(InvitationFactory(survey=survey), "?r=2")).content.decode()
    assert shown(page) == [f"q{product.pk}"]
    assert f'<fieldset id="q{why.pk}" class="further" data-branch data-standings="-1" hidden disabled>' in page
    parent = f'data-branch data-parent="q{why.pk}" data-options="other" hidden disabled>'
    assert f'<fieldset id="q{what.pk}" class="further" role="presentation" {parent}' in page


def test_without_script_the_branches_are_asked_one_after_the_other(client, branching):
    """The score is kept at once; each page asks what the one before has opened."""
    survey, why, what, _like, product = branching
    invitation = InvitationFactory(survey=survey)
    first = client.post(address(invitation), {"score": "2", "comment": "slow", "asked": str(product.pk)})
    assert first["Location"] == address(invitation, "thanks/")
    assert list(Answer.objects.values_list("score", "comment")) == [(2, "slow")]
    assert shown(client.get(first["Location"]).content.decode()) == [f"q{why.pk}", f"q{product.pk}"]

    second = client.post(address(invitation), {"asked": [str(why.pk), str(product.pk)], f"q{why.pk}": "other"})
    assert (second.status_code, second["Location"]) == (303, address(invitation, "thanks/"))
    assert f"q{what.pk}" in shown(client.get(second["Location"]).content.decode())

    third = client.post(address(invitation), {"asked": [str(what.pk), str(product.pk)], f"q{what.pk}": "The queue"})
    assert third["Location"] == address(invitation, "thanks/?done=1")
    assert shown(client.get(third["Location"]).content.decode()) == []
    assert replies() == [(why.pk, None, "", ["other"]), (what.pk, None, "The queue", [])]
    assert list(Answer.objects.values_list("score", "comment")) == [(2, "slow")]
    assert AnswerChange.objects.count() == 0


def test_everything_in_one_post_works_too(client, branching):
    survey, why, _what, _like, product = branching
    invitation = InvitationFactory(survey=survey)
    data = {"score": "2", "comment": "slow", f"q{why.pk}": "slow", f"q{product.pk}": "4"}
    assert client.post(address(invitation), data)["Location"] == address(invitation, "thanks/")
    assert replies() == [(why.pk, None, "", ["slow"]), (product.pk, 4, "", [])]


def test_required_question_left_out_is_422_and_the_score_is_saved_all_the_same(client, branching):
    survey, why, _what, _like, product = branching
    invitation = InvitationFactory(survey=survey)
    data = {"score": "2", "comment": "typed", "asked": str(why.pk), f"q{product.pk}": "4"}
    response = client.post(address(invitation), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'<li><a href="#q{why.pk}">Please answer this question.</a></li>' in page
    assert ("Your answer is saved." in page, ">\ntyped</textarea>" in page) == (True, True)
    assert f"q{why.pk}" in shown(page)
    assert list(Answer.objects.values_list("score", "comment")) == [(2, "typed")]
    assert replies() == [(product.pk, 4, "", [])]


def test_reply_that_was_not_offered_is_422_and_not_kept(client, branching):
    survey, why, *_others = branching
    invitation = InvitationFactory(survey=survey)
    response = client.post(address(invitation), {"score": "2", f"q{why.pk}": "<script>"})
    assert (response.status_code, replies()) == (422, [])
    assert "<script>alert" not in response.content.decode()


def test_replies_to_questions_that_do_not_apply_are_passed_over(client, branching):
    survey, why, what, like, _product = branching
    invitation = InvitationFactory(survey=survey)
    data = {"score": "10", f"q{why.pk}": "slow", f"q{what.pk}": "x", f"q{like.pk}": ["people", "price"]}
    assert client.post(address(invitation), data).status_code == 303
    assert replies() == [(like.pk, None, "", ["people", "price"])]


def test_public_form_goes_on_asking_by_its_key(client, branching):
    _survey, why, _what, _like, product = branching
    key = key_of(client.get("/p/shop/"))
    data = {"score": "1", "comment": "grumble", "form_key": key, "asked": str(product.pk)}
    posted = client.post("/p/shop/?send=1", data)
    page = posted.content.decode()
    assert (posted.status_code, "<h1>Thank you</h1>" in page, "grumble" in page) == (200, True, False)
    assert (shown(page), key_of(posted)) == ([f"q{why.pk}", f"q{product.pk}"], key)
    assert f"={key}" not in page
    last = client.post("/p/shop/", {"form_key": key, "asked": [why.pk, product.pk], f"q{why.pk}": "slow"})
    assert last["Location"] == "/p/shop/thanks/"
    assert (replies(), Answer.objects.count()) == ([(why.pk, None, "", ["slow"])], 1)


def test_further_reply_without_an_answer_is_asked_for_the_score(client, branching):
    survey, why, *_others = branching
    response = client.post(address(InvitationFactory(survey=survey)), {f"q{why.pk}": "slow"})
    assert (response.status_code, Answer.objects.count()) == (422, 0)
    assert "Please choose a number." in response.content.decode()


# --- Saved at once ------------------------------------------------------------------------------------------------
def test_score_alone_is_kept_and_says_nothing_about_the_comment(client, survey):
    invitation = InvitationFactory(survey=survey)
    for data in ({"score": "3"}, {"score": "3", "comment": "slow"}, {"score": "4"}):
        assert client.post(address(invitation), data).status_code == 303
    assert list(Answer.objects.values_list("score", "comment")) == [(4, "slow")]
    assert list(AnswerChange.objects.order_by("id").values_list("score", "comment")) == [(3, ""), (3, "slow")]


# --- Employees ----------------------------------------------------------------------------------------------------
@pytest.fixture
def secret(client):
    survey = SurveyFactory(slug="team", kind="esat")
    more = question(survey, "short", "What would help?", standings=[-1])
    everybody = question(survey, "short", "Anything else?")
    versions.ensure(survey)
    return InvitationFactory(survey=survey), more, everybody


def test_employee_goes_on_by_the_key_of_the_form_and_nobody_else_can(client, secret):
    invitation, more, everybody = secret
    key = key_of(client.get(address(invitation)))
    data = {"score": "1", "comment": "my boss", "form_key": key, "asked": str(everybody.pk)}
    posted = client.post(address(invitation), data)
    page = posted.content.decode()
    assert (posted.status_code, "my boss" in page, f"={key}" in page) == (200, False, False)
    assert (shown(page), key_of(posted)) == ([f"q{more.pk}", f"q{everybody.pk}"], key)
    sent = client.post(address(invitation), {"form_key": key, "asked": [more.pk, everybody.pk], f"q{more.pk}": "Time"})
    assert sent["Location"] == address(invitation, "thanks/")
    assert replies() == [(more.pk, None, "Time", [])]
    answer = Answer.objects.get()
    assert (answer.invitation, answer.contact, answer.score) == (None, None, 1)

    plain = client.get(address(invitation, "thanks/"))
    assert (plain.status_code, shown(plain.content.decode())) == (200, [])
    assert shown(client.get(address(invitation, f"thanks/?form={key}")).content.decode()) == []
    assert client.get(address(invitation, f"?form={key}")).status_code == 410
    assert client.post(address(invitation), {"score": "5"}).status_code == 410
    assert client.post(address(invitation), {"score": "5", "form_key": "A" * 22}).status_code == 410


def test_link_of_an_employee_who_answered_says_that_nobody_knows_the_answer(client, secret):
    invitation, *_questions = secret
    client.post(address(invitation), {"score": "1", "comment": "my boss"})
    response = client.get(address(invitation))
    assert response.status_code == 410
    sentence = "It cannot be shown or changed, because nobody knows which one it is."
    assert (sentence in response.content.decode(), "my boss" in response.content.decode()) == (True, False)


def test_page_of_an_employee_saves_nothing_before_it_is_sent_and_counts_no_click(client, secret):
    invitation, *_questions = secret
    page = client.get(address(invitation, "?r=3"), headers=PERSON).content.decode()
    assert ("data-saved" in page, Click.objects.count()) == (False, 0)


# --- What anybody may type ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        "👩‍🚒🏳️‍🌈 great 𝒻𝒶𝓃𝒸𝓎",
        "خدمة ممتازة — 100%",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{ 7|add:7 }}{% now %}",
        "a\u202eb",
    ],
)
def test_words_come_back_as_they_were_typed_and_as_text(client, survey, words):
    invitation = InvitationFactory(survey=survey)
    client.post(address(invitation), {"score": "9", "comment": words})
    assert Answer.objects.get().comment == words
    page = client.get(address(invitation)).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL) == [
        words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ]


def test_organisation_and_wording_are_shown_as_text(client, survey):
    survey.question, survey.thanks = "<b>How</b>?", "<i>Thanks</i>"
    survey.save()
    versions.ensure(survey)
    page = client.get("/p/shop/").content.decode()
    thanks = client.get("/p/shop/thanks/").content.decode()
    assert ("<b>How" in page, "&lt;b&gt;How" in page, "<i>Thanks" in thanks) == (False, True, False)


@pytest.mark.parametrize("header", ["x" * 20_000, "\x00", ";;;q=,", "de\r\nX: y"])
def test_nonsense_from_the_browser_is_passed_over(client, survey, header):
    assert client.get("/p/shop/", headers={"accept-language": header}).status_code == 200
    assert client.get("/p/shop/", {"lang": header, "form": header, "r": header}).status_code == 200


# --- The way back -------------------------------------------------------------------------------------------------
def test_public_form_may_be_kept_for_the_way_back_and_no_other_page_of_respondents(client, survey):
    """Or the browser would fetch a new form when somebody goes back, and sending it would be a second answer."""
    invitation = InvitationFactory(survey=survey)
    found = [client.get(path)["Cache-Control"] for path in ("/p/shop/", "/p/shop/thanks/", address(invitation))]
    assert found == ["private, no-cache", "no-store", "no-store"]


# --- Links at the foot --------------------------------------------------------------------------------------------
def test_thanks_lead_on_where_the_survey_says(client, survey):
    survey.thanks_url, survey.thanks_link = "https://example.org/shop?a=1&b=2", "To the shop"
    survey.save()
    versions.ensure(survey)
    page = client.get("/p/shop/thanks/").content.decode()
    assert (
        '<a class="button" href="https://example.org/shop?a=1&amp;b=2" rel="noopener noreferrer">To the shop</a>'
        in page
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("csat", "My organisation stores your answer together with your e-mail address"),
        ("esat", "My organisation stores your answer and its day, together with your team and the topic if they were"),
        ("esat", "but without your name, your address and the time of day."),
    ],
)
def test_page_says_what_is_stored(client, kind, sentence):
    assert sentence in client.get(address(InvitationFactory(survey__kind=kind))).content.decode()


def test_own_words_about_privacy_take_the_place_of_ours(client, survey):
    survey.privacy_note = "Only we read this.\nFor a year."
    survey.save()
    versions.ensure(survey)
    page = client.get("/p/shop/").content.decode()
    assert ("Only we read this.<br>For a year." in page, "but not who you are" in page) == (True, False)
