"""`templates_app.drift` in SQL: the devices that run older lines, for lists and counts."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from templates_app.drift import ANY, Drift
from templates_app.models import Revision

# One pass over the devices of a team, whatever their number: `drift.verdict` for each, its evidence joined by hash.
DRIFTED = """
SELECT d.id FROM devices_device d
JOIN templates_app_template t ON t.id = d.template_id
LEFT JOIN (
  SELECT n.template_id, max(n.firmware_key) AS firmware_key
  FROM devices_device n JOIN templates_app_template nt ON nt.id = n.template_id
  WHERE n.team_id = %s AND (%s::bigint IS NULL OR n.template_id = %s) AND n.reported_template_id IN ('', nt.template_id)
  GROUP BY n.template_id
) newest ON newest.template_id = d.template_id
LEFT JOIN (
  SELECT r.template_id, stem, max(r.number) AS number
  FROM templates_app_template rt JOIN templates_app_revision r ON r.template_id = rt.id, unnest(r.hotspot_stems) AS stem
  WHERE rt.team_id = %s AND (%s::bigint IS NULL OR rt.id = %s) AND rt.revision > 1
  GROUP BY r.template_id, stem
) fitting ON fitting.template_id = d.template_id AND fitting.stem = d.hotspot_stem
WHERE d.team_id = %s AND (%s::bigint IS NULL OR d.template_id = %s) AND CASE
  WHEN d.reported_template_id NOT IN ('', t.template_id) THEN 'template'
  WHEN d.hotspot_stem <> '' AND fitting.number < t.revision THEN 'name'
  WHEN d.firmware_key <> '' AND d.firmware_key < newest.firmware_key THEN 'firmware'
END = ANY(%s)
"""


def drifted_ids(*, team_id: int, template_pk: int | None, by: str) -> RawSQL:
    """The ids of the team's devices that run older lines: of one template or of all, by one sort of evidence or any."""
    scope = [team_id, template_pk, template_pk]
    return RawSQL(DRIFTED, [*scope, *scope, *scope, list(Drift) if by == ANY else [by]])  # noqa: S611 - values are parameters


def with_evidence[T: QuerySet[Any]](devices: T, every: QuerySet[Any]) -> T:
    """`devices` with `fitting_revision` and `newest_firmware` of `drift.Evidence`, for those that are shown.

    `every` is all devices there are: the newest firmware is looked for among them.
    """
    revisions = Revision.objects.filter(
        template=OuterRef("template"), hotspot_stems__contains=[OuterRef("hotspot_stem")]
    )
    own = Q(reported_template_id="") | Q(reported_template_id=OuterRef("template__template_id"))
    newest = every.filter(own, template=OuterRef("template")).order_by("-firmware_key")
    found: T = devices.annotate(
        fitting_revision=Subquery(revisions.order_by("-number").values("number")[:1]),
        newest_firmware=Coalesce(Subquery(newest.values("firmware_version")[:1]), Value("")),
    )
    return found
