"""Accounts, people, health and the demo's mailbox."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from kpiproject.front import accounts, first, health, mailbox, people, setup

account_patterns: list[URLPattern] = [
    path("login/", accounts.LoginView.as_view(), name="login"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("settings/", accounts.settings, name="settings"),
    path("invitation/<str:token>/", accounts.invitation, name="invitation"),
    path("password/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("password/reset/", accounts.password_reset, name="password_reset"),
    path("password/reset/sent/", accounts.password_reset_done, name="password_reset_done"),
    path(
        "password/reset/<uidb64>/<token>/", accounts.PasswordResetConfirmView.as_view(), name="password_reset_confirm"
    ),
]
people_patterns: list[URLPattern] = [
    path("", people.listing, name="list"),
    path("invite/", people.invite, name="invite"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/role/", people.role, name="role"),
    path("<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("<int:pk>/resend/", people.resend, name="resend"),
]
setup_patterns: list[URLPattern] = [
    path("", setup.overview, name="overview"),
    path("kpis/", setup.kpis, name="kpis"),
    path("kpis/<slug:code>/", setup.adopted, name="adopted"),
    path("kpis/<slug:code>/adopt/", setup.adopt, name="adopt"),
    path("kpis/<slug:code>/set-aside/", setup.set_aside, name="set_aside"),
    path("kpis/<slug:code>/measure/", setup.measure, name="measure"),
    path("choose/", setup.choose, name="choose"),
    path("packs/", setup.packs, name="packs"),
    path("packs/<slug:code>/adopt/", setup.pack_adopt, name="pack_adopt"),
    path("packs/<slug:code>/set-aside/", setup.pack_set_aside, name="pack_set_aside"),
    path("stakeholders/", setup.readers, name="readers"),
]
mailbox_patterns: list[URLPattern] = [
    path("", mailbox.listing, name="list"),
    path("<str:name>/", mailbox.letter, name="letter"),
    path("<str:name>/html/", mailbox.html, name="html"),
    path("<str:name>/attachments/<int:number>/", mailbox.attachment, name="attachment"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("setup/first/", first.setup_first, name="setup_first"),
    path("setup/", include((setup_patterns, "setup"))),
    path("accounts/", include((account_patterns, "accounts"))),
    path("people/", include((people_patterns, "people"))),
]
if settings.DEMO:  # sent mail holds links that log people in: elsewhere the addresses do not exist
    urlpatterns += [path("mailbox/", include((mailbox_patterns, "mailbox")))]
