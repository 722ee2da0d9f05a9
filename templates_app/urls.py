"""Addresses of the template pages."""

from django.urls import path, register_converter

from templates_app import template_ids
from templates_app.views import firmware, gateway_check, history, hotspot, lifecycle, sketch, streams, transfer
from templates_app.views import templates as views


class TemplateIdConverter:
    """A TMPL… id; anything else is no address of Landfall."""

    regex = template_ids.PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TemplateIdConverter, "template_id")

app_name = "templates"
urlpatterns = [
    path("", views.template_list, name="list"),
    path("new/", views.new, name="new"),
    path("name-check/", views.check_name, name="name-check"),
    path("gateway-check/", gateway_check.page, name="gateway-check"),
    path("import/", transfer.import_file, name="import"),
    path("schema.json", transfer.schema, name="schema"),
    path("<template_id:template_id>/", views.detail, name="detail"),
    path("<template_id:template_id>/history/", history.history, name="history"),
    path("<template_id:template_id>/history/compare/", history.diff, name="diff"),
    path("<template_id:template_id>/history/<int:number>/restore/", history.restore, name="restore"),
    path("<template_id:template_id>/export/", transfer.export, name="export"),
    path("<template_id:template_id>/duplicate/", lifecycle.duplicate, name="duplicate"),
    path("<template_id:template_id>/delete/", lifecycle.delete, name="delete"),
    path("<template_id:template_id>/hotspot/", hotspot.hotspot, name="hotspot"),
    path("<template_id:template_id>/labels/", hotspot.labels, name="labels"),
    path("<template_id:template_id>/header/", firmware.header, name="header"),
    path("<template_id:template_id>/datastreams/", streams.streams, name="streams"),
    path("<template_id:template_id>/check/", sketch.check, name="check"),
    path("<template_id:template_id>/edit/", views.edit, name="edit"),
    path("<template_id:template_id>/archive/", views.archive, name="archive"),
    path("<template_id:template_id>/unarchive/", views.unarchive, name="unarchive"),
]
