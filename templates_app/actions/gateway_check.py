"""Checking the configured gateway from the outside, as often as a team may."""

from console.kit import limits
from console.teams.models import Team
from templates_app.presenters import gateway_address
from templates_app.server_check.probe import Probe
from templates_app.server_check.report import Report, report_of


def check(*, team: Team) -> Report:
    """Connect to the gateway's public name and port, which come from the settings alone, and report.

    Takes up to `probe.TOTAL_SECONDS`. Raises TooOften when the team has checked GATEWAY_CHECKS_PER_MINUTE times in
    this minute; while Redis is away nobody is counted.
    """
    limits.spend(limits.GATEWAY_CHECKS, team=team.pk)
    return report_of(Probe(gateway_address()).run())
