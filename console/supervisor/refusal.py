"""Why a start ends early."""


class RefusedError(Exception):
    """The start is refused or has failed; the text is one sentence that names the reason and the remedy."""


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM came while something was being waited for."""
