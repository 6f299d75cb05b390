"""Where managers write a survey."""

import re

import pytest

from surveys import lifecycle, starting, versions, writing
from surveys.blueprints import BLUEPRINTS
from surveys.models import Survey
from surveys.starting import Start
from tests.factories import ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def draft() -> Survey:
    return starting.from_blueprint(BLUEPRINTS["csat"], Start(name="Mine", slug="mine", languages=["en", "de", "ar"]))


def values(page: str) -> dict[str, str]:
    """What stands in the fields of a page, as a browser sends it; without boxes of which several can be ticked."""
    kinds = "text|hidden|number|url|email"
    found = dict.fromkeys(re.findall(rf'<input type="(?:{kinds})" name="(\w+)"', page), "")
    found |= dict(re.findall(rf'<input type="(?:{kinds})" name="(\w+)"[^>]*?value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="(\w+)"(?! value)[^>]* checked', page), "on")
    return {name: value.replace("&#x27;", "'") for name, value in found.items() if name != "csrfmiddlewaretoken"}


def read(client, path: str) -> dict[str, str]:
    return values(client.get(path).content.decode())


PAGES = ["/edit/", "/edit/?language=de", "/edit/scale/", "/edit/rules/"]


@pytest.mark.parametrize("path", PAGES)
def test_only_who_may_change_surveys_gets_in(client, draft, path):
    assert client.get(f"/surveys/mine{path}").status_code == 302
    client.force_login(StaffFactory())
    assert client.get(f"/surveys/mine{path}").status_code == 403
    assert client.post(f"/surveys/mine{path}", {"question": "Else?"}).status_code == 403
    draft.refresh_from_db()
    assert draft.question != "Else?"


@pytest.mark.parametrize("path", PAGES)
def test_sending_a_page_as_it_is_changes_nothing(manager, draft, path):
    before = Survey.objects.filter(pk=draft.pk).values().get()
    content = versions.content_of(draft)
    response = manager.post(f"/surveys/mine{path}", read(manager, f"/surveys/mine{path}"))
    assert response.status_code == 302
    assert Survey.objects.filter(pk=draft.pk).values().get() == before
    assert versions.content_of(Survey.objects.get(pk=draft.pk)) == content


# --- Words --------------------------------------------------------------------------------------------------------
def test_inputs_know_language_and_direction_and_the_main_text_stands_beside(manager, draft):
    page = manager.get("/surveys/mine/edit/?language=ar").content.decode()
    assert re.search(r'<textarea name="question"[^>]* lang="ar" dir="rtl"', page)
    assert "How satisfied were you with the service you received today?" in page


def test_draft_is_saved_freely(manager, draft):
    sent = read(manager, "/surveys/mine/edit/?language=de") | {
        "question": "Wie war es?",
        "mail_intro": "Zwei\r\nZeilen",
    }
    assert manager.post("/surveys/mine/edit/?language=de", sent).status_code == 302
    said = writing.words(draft, "de")
    assert (said["question"], said["mail_intro"]) == ("Wie war es?", "Zwei\nZeilen")
    assert draft.versions.count() == 0


def test_half_filled_form_keeps_its_fields_and_says_what_is_missing(manager, draft):
    sent = read(manager, "/surveys/mine/edit/") | {"question": "", "thanks": "New thanks", "low_label": "x" * 61}
    response = manager.post("/surveys/mine/edit/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Please write the question." in page
    assert values(page)["thanks"] == "New thanks"
    draft.refresh_from_db()
    assert draft.thanks != "New thanks"


def test_both_texts_are_shown_when_two_people_have_written(manager, draft):
    sent = read(manager, "/surveys/mine/edit/") | {"question": "Mine?"}
    Survey.objects.filter(pk=draft.pk).update(question="Theirs?")
    response = manager.post("/surveys/mine/edit/", sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert values(page)["question"] == "Mine?"
    assert re.search(r'class="theirs"><strong>Saved meanwhile:</strong> Theirs\?<', page)
    assert page.count('class="theirs"') == 1
    assert manager.post("/surveys/mine/edit/", values(page)).status_code == 302
    draft.refresh_from_db()
    assert draft.question == "Mine?"


def test_words_are_shown_as_text(manager, draft):
    sent = read(manager, "/surveys/mine/edit/") | {"question": "<script>alert(1)</script>"}
    manager.post("/surveys/mine/edit/", sent)
    for path in ("/edit/", "/edit/?language=de", "/versions/", "/edit/questions/"):
        assert "<script>alert" not in manager.get(f"/surveys/mine{path}").content.decode()


@pytest.mark.parametrize("language", ["fr", "xx", "en%00"])
def test_language_that_is_not_offered_is_404(manager, draft, language):
    assert manager.get(f"/surveys/mine/edit/?language={language}").status_code == 404


# --- Languages ----------------------------------------------------------------------------------------------------
def test_languages_are_added_made_main_and_taken_away(manager, draft):
    def act(**sent: str) -> list[str]:
        assert manager.post("/surveys/mine/edit/languages/", sent).status_code == 302
        return list(versions.content_of(Survey.objects.get(pk=draft.pk)).wordings)

    assert act(language="fr", action="add") == ["en", "ar", "de", "fr"]
    assert act(language="fr", action="main") == ["en", "ar", "de", "fr"]  # it has no question yet
    assert act(language="de", action="main") == ["de", "ar", "en", "fr"]
    assert act(language="fr", action="drop") == ["de", "ar", "en"]
    assert act(language="de", action="drop") == ["de", "ar", "en"]


@pytest.mark.parametrize("sent", [{}, {"language": "xx", "action": "add"}, {"language": "fr", "action": "burn"}])
def test_nonsense_about_languages_is_refused(manager, draft, sent):
    assert manager.post("/surveys/mine/edit/languages/", sent).status_code == 400


# --- Scale --------------------------------------------------------------------------------------------------------
def scale_form(client, **changed: str) -> dict[str, str]:
    page = client.get("/surveys/mine/edit/scale/").content.decode()
    meaning, scale = re.findall(r'<form class="form" method="post" novalidate>.*?</form>', page, re.DOTALL)
    return values(meaning if "middle_from" in changed else scale) | changed


def test_scale_of_a_draft_is_chosen(manager, draft):
    sent = scale_form(manager, kind="nps", points="11", look="numbers")
    assert manager.post("/surveys/mine/edit/scale/", sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.kind, draft.scale_min, draft.scale_max) == ("nps", 0, 10)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "nps"}, "A survey of this kind can have: 11."),
        ({"kind": "ces", "points": "10"}, "A survey of this kind can have: 5, 7."),
        ({"points": "2"}, ""),
        ({"points": "10"}, "Scores cannot look like this on 10 points."),
        ({"look": "thumbs"}, "Scores cannot look like this on 5 points."),
        ({"lower_is_better": "on"}, "Only effort can be asked so that a low score is good."),
        ({"points": "6"}, "Select a valid choice. 6 is not one of the available choices."),
    ],
)
def test_scale_that_does_not_exist_is_refused_with_a_sentence(manager, draft, changed, sentence):
    response = manager.post("/surveys/mine/edit/scale/", scale_form(manager, **changed))
    assert response.status_code == (422 if sentence else 302)
    assert sentence in response.content.decode()


def test_thresholds_are_shown_as_a_strip_and_changed(manager, draft):
    def shown() -> list[tuple[str, str]]:
        page = manager.get("/surveys/mine/edit/scale/").content.decode()
        return re.findall(r'strip-(good|warn|bad)" data-score="(\d+)"', page)

    assert shown() == [("bad", "1"), ("bad", "2"), ("warn", "3"), ("good", "4"), ("good", "5")]
    sent = scale_form(manager, middle_from="4", good_from="5")
    assert manager.post("/surveys/mine/edit/scale/", sent).status_code == 302
    assert shown() == [("bad", "1"), ("bad", "2"), ("bad", "3"), ("warn", "4"), ("good", "5")]


def test_thresholds_that_make_no_sense_are_refused(manager, draft):
    response = manager.post("/surveys/mine/edit/scale/", scale_form(manager, middle_from="5", good_from="3"))
    assert response.status_code == 422
    assert "There must be a bad and a good score" in response.content.decode()


@pytest.mark.parametrize("number", ["²", "--5", "9" * 5000, "٣"])
def test_thresholds_that_are_no_numbers_are_refused(manager, draft, number):
    response = manager.post("/surveys/mine/edit/scale/", scale_form(manager, middle_from=number))
    assert response.status_code == 422
    assert "is not one of the available choices" in response.content.decode()


@pytest.mark.parametrize("kind", ["csat", "nps"])
def test_frozen_scale_is_shown_with_its_reason_and_cannot_be_sent(manager, kind):
    survey = SurveyFactory(slug="mine", kind=kind, status="closed")
    page = manager.get("/surveys/mine/edit/scale/").content.decode()
    assert "Answers are counted by its kind, scale, thresholds and what it is about, so these stay as they are." in page
    assert len(re.findall(r"<select[^>]* disabled", page)) == 4
    manager.post("/surveys/mine/edit/scale/", scale_form(manager, kind="ces", points="7", lower_is_better="on"))
    manager.post("/surveys/mine/edit/scale/", scale_form(manager, middle_from="2", good_from="2"))
    stored = Survey.objects.get(pk=survey.pk)
    assert (stored.scale, stored.kind) == (survey.scale, kind)


def test_scale_changed_meanwhile_is_told(manager, draft):
    sent = scale_form(manager, look="stars")
    Survey.objects.filter(pk=draft.pk).update(scale_max=7)
    response = manager.post("/surveys/mine/edit/scale/", sent)
    assert response.status_code == 409
    assert re.findall(r"Saved meanwhile:</strong> ([^<]*)<", response.content.decode()) == ["7", "smileys"]


# --- Rules --------------------------------------------------------------------------------------------------------
def test_rules_are_saved(manager, draft):
    owner = ManagerFactory()
    sent = read(manager, "/surveys/mine/edit/rules/") | {
        "name": "Ours", "slug": "ours", "owner": str(owner.pk), "first_reminder": "3", "second_reminder": "9",
        "thanks_url": "https://example.com/", "reply_to": "us@example.org", "expires_after_days": "20",
    }  # fmt: skip
    del sent["respects_quiet_time"]
    response = manager.post("/surveys/mine/edit/rules/", sent)
    assert (response.status_code, response["Location"]) == (302, "/surveys/ours/edit/rules/")
    draft.refresh_from_db()
    assert (draft.reply_to, draft.thanks_url, draft.expires_after_days) == (
        "us@example.org",
        "https://example.com/",
        20,
    )
    assert (draft.name, draft.slug, draft.owner, draft.reminder_days, draft.respects_quiet_time) == (
        "Ours",
        "ours",
        owner,
        [3, 9],
        False,
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"second_reminder": "2", "first_reminder": "3"}, "The second reminder must come after the first."),
        ({"second_reminder": "3", "first_reminder": ""}, "Without a first reminder there is no second."),
        ({"first_reminder": "28"}, "The last reminder would come when nobody can answer any more."),
        ({"slug": "csat"}, "Another survey has this address already."),
        ({"slug": "new"}, "This address is used by Plumbline itself. Please choose another one."),
        ({"expires_after_days": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"thanks_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"thanks_url": f"https://example.com/{'x' * 200}"}, "Ensure this value has at most 200 characters"),
        ({"reply_to": f"{'x' * 250}@example.com"}, "Ensure this value has at most 254 characters"),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_a_sentence(manager, draft, changed, sentence):
    sent = read(manager, "/surveys/mine/edit/rules/") | {"name": "Kept"} | changed
    response = manager.post("/surveys/mine/edit/rules/", sent)
    page = response.content.decode()
    assert (response.status_code, values(page)["name"]) == (422, "Kept")
    assert sentence in page


def test_address_and_purpose_stay_once_the_survey_was_open(manager, draft):
    lifecycle.open_survey(draft)
    sent = read(manager, "/surveys/mine/edit/rules/") | {"slug": "else", "purpose": "product", "name": "Renamed"}
    assert manager.post("/surveys/mine/edit/rules/", sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.slug, draft.purpose, draft.name) == ("mine", "service", "Renamed")


# --- Opening ------------------------------------------------------------------------------------------------------
def test_faults_are_listed_with_the_way_to_mend_them_and_block_the_opening(manager, draft):
    Survey.objects.filter(pk=draft.pk).update(look="thumbs")
    response = manager.post("/surveys/mine/status/", {"action": "open", "gaps": "on"}, follow=True)
    page = response.content.decode()
    assert "Not opened yet: first mend what is listed here." in page
    assert '<a href="/surveys/mine/edit/scale/">Scores cannot look like this on 5 points.</a>' in page
    assert 'value="open"' not in page
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_missing_texts_are_told_and_then_accepted(manager, draft):
    draft.translations.filter(language="de").update(thanks="")
    page = manager.post("/surveys/mine/status/", {"action": "open"}, follow=True).content.decode()
    sentence = "Missing in Deutsch: words of thanks. People would read it in English."
    assert f'<a href="/surveys/mine/edit/?language=de">{sentence}</a>' in page
    assert "Open nevertheless" in page
    assert manager.post("/surveys/mine/status/", {"action": "open", "gaps": "on"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.current_version.created_by.email) == ("open", draft.current_version.created_by.email)


def test_page_of_a_draft_tells_what_is_still_wrong_with_it(manager, draft):
    Survey.objects.filter(pk=draft.pk).update(look="thumbs")
    page = manager.get("/surveys/mine/").content.decode()
    assert '<a href="/surveys/mine/edit/scale/">Scores cannot look like this on 5 points.</a>' in page
    Survey.objects.filter(pk=draft.pk).update(look="stars")
    assert page.count('value="open"') == 0
    assert manager.get("/surveys/mine/").content.decode().count('value="open"') == 1


def test_what_was_written_into_an_open_survey_is_said_not_to_be_asked_yet(manager, draft):
    lifecycle.open_survey(draft)
    sent = read(manager, "/surveys/mine/edit/") | {"question": "Else?"}
    page = manager.post("/surveys/mine/edit/", sent, follow=True).content.decode()
    assert "1 change is written down, but people are still asked the version before it." in page
    assert versions.read(versions.asked_now(Survey.objects.get(pk=draft.pk))).wordings["en"].question != "Else?"
