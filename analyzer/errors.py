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
