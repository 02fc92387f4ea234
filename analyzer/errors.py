"""What can go wrong in the analyzer, named for what happens next."""


class AnalyzerError(Exception):
    """Root of everything the analyzer raises on purpose."""


class BadMessage(AnalyzerError):
    """No retry can help: the message breaks the contract.  Goes to the dead letters with this reason."""


class TryLater(AnalyzerError):
    """The message is fine, the world is not: database or broker away, disk full.  Retried, never buried."""


class BadConfig(AnalyzerError):
    """The environment or a file that configures us is wrong.  One line on stderr, exit 2."""


class Refused(AnalyzerError):
    """A command cannot be carried out and says why.  One line on stderr, exit 1."""


class BadLink(AnalyzerError):
    """The address was not signed here, or is for something we do not know."""


class ExpiredLink(AnalyzerError):
    """The link was good once: it is past its time, or was revoked."""


class CannotRender(AnalyzerError):
    """This machine lacks what a form of the digest is made with; the message names it."""


class Forbidden(AnalyzerError):
    """The link only reads, or the request came from another site."""


class BadForm(AnalyzerError):
    """What was typed cannot be kept; the message says what is wrong with it."""


class NotAccepted(AnalyzerError):
    """A mail server has refused this receiver for good."""
