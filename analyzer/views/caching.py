"""What a reader's own browser may keep of a digest."""

from flask import Response, request


def cached(answer: Response) -> Response:
    """May be kept by the reader's own browser, which asks each time whether it is still the same."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
