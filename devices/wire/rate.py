"""A token bucket that is told the time."""


class TokenBucket:
    """Allows `burst` messages at once and `per_second` in the long run.

    It keeps one number, the moment at which the bucket would be full again, so that an idle connection costs
    nothing and a message costs two comparisons. `now` is any clock in seconds that never goes back.
    """

    __slots__ = ("_full_at", "_furthest", "_interval")

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._interval = 1.0 / per_second
        # Half an interval of slack keeps sums of floats from costing the last token of a burst.
        self._furthest = (burst + 0.5) / per_second
        self._full_at = 0.0

    def take(self, now: float) -> bool:
        """Take one token; False, and nothing taken, where the bucket is empty."""
        if self._full_at <= now:
            self._full_at = now + self._interval
            return True
        full_at = self._full_at + self._interval
        if full_at - now > self._furthest:
            return False
        self._full_at = full_at
        return True
