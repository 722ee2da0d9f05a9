from django.urls import path

from console.teams.api import key_views

urlpatterns = [
    path("api-keys/", key_views.KeyList.as_view(), name="api-keys"),
    path("api-keys/<int:key_id>/", key_views.KeyDetail.as_view(), name="api-key"),
]
