"""Compresses pages on their way out, for phones with little reception.

Compression can betray a secret that stands beside words of a stranger's choice (BREACH).  Here the only
secret of a page is its own address, there are no cookies, and who could make a browser send words to the
page must know that address already.
"""

import gzip

from flask import Flask, Response, request

SMALLEST = 1000  # bytes; less fits into one packet anyway
LEVEL = 6  # half a millisecond for a form page; 9 takes twice as long for 1 % less


def install(app: Flask) -> None:
    app.after_request(_squeeze)


def _squeeze(response: Response) -> Response:
    if response.mimetype != "text/html" or response.content_encoding or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= SMALLEST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(content, LEVEL))
        response.content_encoding = "gzip"
    return response
