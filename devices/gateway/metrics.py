"""What the gateway counts; served on `GATEWAY_METRICS_PORT` where that is set."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

CONNECTIONS: Final = Gauge("landfall_gateway_connections", "Open connections of devices and strangers")
ONLINE: Final = Gauge("landfall_gateway_devices", "Devices connected to this gateway")
ACCEPTED: Final = Counter("landfall_gateway_accepted_total", "Logins that were let in")
ACTIVATED: Final = Counter("landfall_gateway_activated_total", "Devices that were made here")
REFUSED: Final = Counter("landfall_gateway_refused_total", "Logins and activations that were refused", ["reason"])
TURNED_AWAY: Final = Counter("landfall_gateway_turned_away_total", "Closed by a limit, without the store", ["limit"])
ENDED: Final = Counter("landfall_gateway_ended_total", "Connections that the gateway ended", ["reason"])
THROTTLED: Final = Counter("landfall_gateway_throttled_total", "Messages dropped above a device's rate")
STORE_FAILURES: Final = Counter("landfall_gateway_store_failures_total", "Calls that the store failed", ["call"])
STORE_TIMEOUTS: Final = Counter("landfall_gateway_store_timeouts_total", "Questions not answered in time", ["call"])
FLUSH_SECONDS: Final = Histogram("landfall_gateway_flush_seconds", "Time to write what was gathered")
LOST: Final = Counter("landfall_gateway_lost_total", "Rows dropped because the store was away too long", ["kind"])
PUSHES: Final = Counter("landfall_gateway_pushes_total", "Messages that the console sent to devices", ["outcome"])
BUS_UP: Final = Gauge("landfall_gateway_bus_up", "Whether the gateway hears the console through Redis")
BUS_IGNORED: Final = Counter("landfall_gateway_bus_ignored_total", "Messages on the bus that made no sense")
