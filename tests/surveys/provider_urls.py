"""The addresses of an installation that a provider reports to."""

from django.urls import include, path

from kpiproject.urls import urlpatterns as product
from surveys import provider

_hooks = [*provider.patterns("postmark"), *provider.patterns("mailgun"), *provider.patterns("sendgrid")]
urlpatterns = [*product, path("mail-events/", include((_hooks, "mail_events")))]
