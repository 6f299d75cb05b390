from django.urls import path, re_path

from surveys.views import answering, asking, brand, public_link, staff, unsubscribing

app_name = "surveys"
urlpatterns = [
    # For respondents: no account, no cookie.
    path("s/<str:token>/", answering.answer, name="answer"),
    path("s/<str:token>/thanks/", answering.thanks, name="thanks"),
    path("p/<slug:slug>/", public_link.public, name="public"),
    path("p/<slug:slug>/thanks/", public_link.public_thanks, name="public_thanks"),
    path("u/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    re_path(r"^brand/(?P<colour>[0-9a-fA-F]{6})\.css$", brand.brand, name="brand"),
    # For the organisation's own people.
    path("surveys/", staff.survey_list, name="survey_list"),
    path("surveys/<slug:slug>/", staff.survey, name="survey"),
    path("surveys/<slug:slug>/preview/", staff.survey_preview, name="survey_preview"),
    path("surveys/<slug:slug>/invitations/", staff.invitation_list, name="invitation_list"),
    path("surveys/<slug:slug>/invite/", asking.invite, name="invite"),
    path("surveys/<slug:slug>/test-mail/", asking.send_test, name="send_test"),
    path("surveys/<slug:slug>/status/", asking.change_status, name="change_status"),
]
