"""The addresses of the manual."""

from django.urls import URLPattern, path

from manual.views import editing, reading, sharing

app_name = "manual"
urlpatterns: list[URLPattern] = [
    path("manual/", reading.manual, name="manual"),
    path("manual/draft/", editing.draft, name="draft"),
    path("manual/publish/", editing.publish, name="publish"),
    path("manual/sections/<slug:slug>/", editing.section_edit, name="section_edit"),
    path("manual/sections/<slug:slug>/preview/", editing.section_preview, name="section_preview"),
    path("manual/editions/", reading.edition_list, name="edition_list"),
    path("manual/editions/<int:number>/", reading.edition, name="edition"),
    path("manual/editions/<int:number>/changes/", reading.changes, name="changes"),
    path("manual/editions/<int:number>/plumbline-manual-<int:same>.pdf", reading.edition_pdf, name="edition_pdf"),
    path("manual/shares/", sharing.share_list, name="share_list"),
    path("manual/shares/<int:pk>/revoke/", sharing.share_revoke, name="share_revoke"),
    path("manual/<slug:section>/", reading.section, name="section"),
    path("share/<str:token>/", sharing.shared, name="shared"),
    path("share/<str:token>/plumbline-manual.pdf", sharing.shared_pdf, name="shared_pdf"),
]
