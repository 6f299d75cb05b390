"""The addresses of the demonstration: everything, and the mailbox."""

from django.urls import include, path

from kpiproject.front.urls import mailbox_patterns
from kpiproject.urls import urlpatterns as product

urlpatterns = [*product, path("mailbox/", include((mailbox_patterns, "mailbox")))]
