"""The states of Edgent, by the names that its log has."""

from enum import StrEnum


class State(StrEnum):
    """Blynk library 1.0.1 to 1.4.0, BlynkState.h."""

    INIT = "INIT"
    WAIT_CONFIG = "WAIT_CONFIG"
    CONFIGURING = "CONFIGURING"
    CONNECTING_NET = "CONNECTING_NET"
    CONNECTING_CLOUD = "CONNECTING_CLOUD"
    RUNNING = "RUNNING"
    OTA_UPGRADE = "OTA_UPGRADE"
    SWITCH_TO_STA = "SWITCH_TO_STA"
    RESET_CONFIG = "RESET_CONFIG"
    ERROR = "ERROR"


SETTING_UP = frozenset({State.WAIT_CONFIG, State.CONFIGURING})
"""The hotspot is open."""
