"""The one error of this package."""


class EmbeddedServerError(Exception):
    """An embedded server cannot start; the text is one sentence that names the reason and the remedy."""
