from django.urls import path

from templates_app.api import board_views, gateway_views, revision_views, sketch, transfer_views, views

urlpatterns = [
    path("boards/", board_views.BoardList.as_view(), name="boards"),
    path("boards/<str:key>/", board_views.BoardDetail.as_view(), name="board"),
    path("gateway-check/", gateway_views.GatewayCheck.as_view(), name="gateway-check"),
    path("templates/", views.TemplateList.as_view(), name="templates"),
    path("templates/import/", transfer_views.TemplateImport.as_view(), name="template-import"),
    path("templates/<str:template_id>/", views.TemplateDetail.as_view(), name="template"),
    path("templates/<str:template_id>/check/", sketch.TemplateCheck.as_view(), name="template-check"),
    path("templates/<str:template_id>/firmware/", views.TemplateFirmware.as_view(), name="template-firmware"),
    path(
        "templates/<str:template_id>/hotspot-names/",
        gateway_views.TemplateHotspotNames.as_view(),
        name="template-hotspot-names",
    ),
    path("templates/<str:template_id>/duplicate/", transfer_views.TemplateDuplicate.as_view(), name="duplicate"),
    path("templates/<str:template_id>/export/", transfer_views.TemplateExport.as_view(), name="template-export"),
    path("templates/<str:template_id>/revisions/", revision_views.RevisionList.as_view(), name="revisions"),
    path(
        "templates/<str:template_id>/revisions/<int:number>/", revision_views.RevisionDetail.as_view(), name="revision"
    ),
    path(
        "templates/<str:template_id>/revisions/<int:number>/restore/",
        revision_views.RevisionRestore.as_view(),
        name="revision-restore",
    ),
]
