"""A receiver, and a webhook of Alice's team that calls it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.devices.webhooks.receiver import Receiver, receiver

if TYPE_CHECKING:
    from devices.models import Webhook
    from tests.cast import Cast


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def webhook(cast: "Cast", there: Receiver, settings: Any) -> "Webhook":
    from devices.actions import webhooks
    from devices.webhooks import MEANINGS

    settings.WEBHOOK_ALLOW_PRIVATE = True
    return webhooks.create(name="Stock system", url=there.url, events=list(MEANINGS), by=cast.alice).webhook
