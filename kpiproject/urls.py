"""The front door: every address of the installation."""

from django.contrib import admin
from django.urls import include, path

from kpiproject.front import home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("kpiproject.front.urls")),
    path("", include("metrics.urls")),
    path("", include("surveys.urls")),
    path("", include("goals.urls")),
    path("", include("manual.urls")),
    path("admin/", admin.site.urls),
]
