"""What shows that a device runs lines of an older revision."""

from typing import Any

from templates_app.drift import Evidence, Verdict, verdict


def verdict_of(device: Any) -> Verdict | None:
    """The verdict on a device that `DeviceQuerySet.with_evidence` loaded with its template; None for nothing found."""
    return verdict(
        Evidence(
            template_id=device.template.template_id,
            revision=device.template.revision,
            reported_template_id=device.reported_template_id,
            hotspot_name=device.hotspot_name,
            fitting_revision=device.fitting_revision,
            firmware_version=device.firmware_version,
            newest_firmware=device.newest_firmware,
        )
    )


def reason_of(device: Any) -> str:
    """The sentence of `verdict_of`; empty for nothing found."""
    found = verdict_of(device)
    return found.reason if found else ""
