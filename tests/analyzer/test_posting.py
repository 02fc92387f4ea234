"""SMTP as RFC 5321 has it: what the server says decides whether a mail waits or is refused."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from analyzer.errors import BadConfig, NotAccepted, TryLater
from analyzer.posting import Server, open_post, read_url
from tests.analyzer.post_office import Letterbox, mail_server


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "debrief@example.org",
        "li@example.org",
        "Digest 摘要",
    )
    message["Message-ID"] = "<1@example.org>"
    message.set_content("Words 评语\n")
    return message


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("smtp", "mail.example.org", 25)),
        ("smtp+starttls://mail.example.org", Server("smtp+starttls", "mail.example.org", 587)),
        ("smtps://u%40x:p%2Fw@mail.example.org", Server("smtps", "mail.example.org", 465, "u@x", "p/w")),
        ("smtp://127.0.0.1:2525/", Server("smtp", "127.0.0.1", 2525)),
    ],
)
def test_the_url_says_how_to_connect(url: str, server: Server) -> None:
    """Host, port, user, encryption."""
    assert read_url(url) == server


@pytest.mark.parametrize(
    "url", ["smtp://", "http://mail", "smtp://h:port", "smtp://h?tls", "mail.example.org", "smtp://h:99999"]
)
def test_a_url_that_cannot_be_meant_is_refused(url: str, tmp_path: Path) -> None:
    """At start, not at the first mail."""
    with pytest.raises(BadConfig, match="SMTP_URL"):
        open_post(url, tmp_path)


def test_a_mail_arrives_as_it_was_written() -> None:
    """Chinese in subject and text."""
    letterbox = Letterbox()
    with mail_server(letterbox) as url:
        open_post(url, Path()).send(letter(), "li@example.org")
    [(receiver, mail)] = letterbox.arrived
    assert (receiver, mail["Subject"]) == ("li@example.org", "Digest 摘要")
    assert "评语" in mail.get_content()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_the_operators_to_put_right() -> None:
    """No receiver is to blame, so the mail waits."""
    letterbox = Letterbox()

    def authenticate(*facts: object) -> AuthResult:
        given = facts[4]
        right = isinstance(given, LoginPassword) and given.password == b"right"
        return AuthResult(success=right, handled=False)

    options = {"authenticator": authenticate, "auth_require_tls": False, "auth_required": True}
    with mail_server(letterbox, **options) as url:
        with pytest.raises(TryLater, match=r"535|Authentication"):
            open_post(url.replace("//", "//user:wrong@"), Path()).send(letter(), "li@example.org")
        open_post(url.replace("//", "//user:right@"), Path()).send(letter(), "li@example.org")
    assert len(letterbox.arrived) == 1


def test_a_server_without_starttls_gets_no_password() -> None:
    """Asked to encrypt, we do not send in the clear."""
    letterbox = Letterbox()
    with mail_server(letterbox) as url, pytest.raises(TryLater, match="STARTTLS"):
        open_post(url.replace("smtp://", "smtp+starttls://u:right@"), Path()).send(letter(), "li@example.org")
    assert letterbox.arrived == []


def test_a_refusal_of_the_content_is_for_good() -> None:
    """554: this mail will never be taken."""
    letterbox = Letterbox(data_reply="554 looks like spam")
    with mail_server(letterbox) as url, pytest.raises(NotAccepted, match="554 looks like spam"):
        open_post(url, Path()).send(letter(), "li@example.org")


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    """Disk full, wrong owner: the mail is not lost."""
    (tmp_path / "mail").write_text("a file stands in the way")
    with pytest.raises(TryLater):
        open_post(None, tmp_path / "mail").send(letter(), "li@example.org")
