"""The addresses of API v1: every app's endpoints, the schema and its documentation."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import console.teams.api_schema  # noqa: F401 - registers how the schema describes API keys
from console.kit.api_views import NothingHere
from console.pages.audit.api import AuditLog

app_name = "api"
urlpatterns = [
    path("", include("templates_app.api.urls")),
    path("", include("devices.api.urls")),
    path("", include("console.teams.api.urls")),
    path("audit/", AuditLog.as_view(), name="audit"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="pages/api_docs.html"),
        name="docs",
    ),
    re_path(r"", NothingHere.as_view()),
]
