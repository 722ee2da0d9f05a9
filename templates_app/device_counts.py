"""How many devices templates have, by relation: the layer of devices lies above and is not imported."""

from collections.abc import Iterable

from django.db.models import Count

from templates_app.models import Template


def device_counts(templates: Iterable[Template]) -> dict[int, int]:
    """How many devices each of the templates has, by primary key; one query."""
    counted = Template.objects.filter(pk__in=[template.pk for template in templates])
    return dict(counted.annotate(devices_count=Count("devices")).values_list("pk", "devices_count"))


def drifted_count_of(template: Template) -> int:
    """How many of its devices run lines of an older revision (`templates_app.drift`); one query."""
    return template.devices.drifted(team_id=template.team_id, template_pk=template.pk).count()
