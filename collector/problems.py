"""What can stand in the way of a request: one exception, one catalogue of kinds, said in two languages.

Raised by intake and views; app.py turns it into RFC 9457 problem+json (API) or a page (forms, overview).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.errors import AnswerError
from collector.text import Bilingual


@dataclass(frozen=True)
class Kind:
    """One way to be refused.  `slug` is stable for programs, the texts are for people."""

    slug: str
    status: int
    title: Bilingual
    detail: Bilingual


class Problem(Exception):
    """A refusal that the sender can read.  `retry_after` is in seconds, None where no retry helps."""

    def __init__(
        self,
        kind: Kind,
        errors: Sequence[AnswerError] = (),
        detail: Bilingual | None = None,
        retry_after: int | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.errors = tuple(errors)
        self.detail = detail or kind.detail
        self.retry_after = retry_after
        self.more = more or {}  # further members of problem+json


def _kind(slug: str, status: int, en: tuple[str, str], zh: tuple[str, str]) -> Kind:
    return Kind(slug, status, {"en": en[0], "zh": zh[0]}, {"en": en[1], "zh": zh[1]})


MALFORMED = _kind(
    "malformed",
    400,
    ("The request could not be read", "The body is not valid JSON text in UTF-8."),
    ("无法读取请求", "请求正文不是有效的 UTF-8 JSON。"),
)
NO_KEY = _kind(
    "idempotency-key",
    400,
    ("Idempotency-Key is missing", "Send a UUID in the header Idempotency-Key. It names this answer."),
    ("缺少 Idempotency-Key", "请在 Idempotency-Key 请求头中提供一个 UUID，用于标识本次作答。"),
)
UNAUTHORIZED = _kind(
    "unauthorized",
    401,
    ("This link is not known", "Send the token of a form link: Authorization: Bearer <token>."),
    ("链接无效", "请提供表单链接中的令牌：Authorization: Bearer <token>。"),
)
NOT_FOUND = _kind(
    "not-found",
    404,
    (
        "This link does not lead anywhere",
        "The address may have been cut off when it was copied. Open it again from the original message, "
        "or ask the organisers for a new one.",
    ),
    ("链接无效", "地址在复制时可能缺了一截。请从原消息中重新打开，或向组委会索取新链接。"),
)
NO_DRAFT = _kind(
    "no-draft",
    403,
    ("An open link keeps no draft", "Many people share this link, so a draft stays on the device."),
    ("公开链接不保存草稿", "此链接由多人共用，草稿只保存在本机。"),
)
NOT_ALLOWED = _kind(
    "method-not-allowed",
    405,
    ("This address cannot do that", "The method is not allowed here."),
    ("不支持该操作", "此地址不支持该请求方法。"),
)
CLOSED = _kind(
    "closed",
    410,
    (
        "This survey is closed",
        "Thank you for wanting to answer. The time for answers has passed, and nothing was changed.",
    ),
    ("问卷已截止", "感谢您愿意作答。作答时间已过，本次未作任何更改。"),
)
REVOKED = _kind(
    "revoked",
    410,
    (
        "This link has been withdrawn",
        "The organisers have withdrawn this link. If you took part in the visit, ask them for a new one.",
    ),
    ("链接已撤回", "组委会已撤回此链接。如您参加了此次参访，请向组委会索取新链接。"),
)
EXPIRED = _kind(
    "expired",
    410,
    (
        "This link has expired",
        "For safety, links to the overview end after a while. Please ask for a new one.",
    ),
    ("链接已过期", "为安全起见，总览链接有有效期。请索取新链接。"),
)
DIVERGED = _kind(
    "diverged",
    409,
    (
        "Another device has changed these answers",
        "Both versions are kept. Choose one, and save it with the revision of the draft named here.",
    ),
    ("答案已在另一台设备上修改", "两个版本均已保留。请选择其一，并以此处草稿的版本号保存。"),
)
TOO_LARGE = _kind(
    "too-large",
    413,
    ("The answers are too large", "A response may be at most 256 KiB. Please shorten the texts."),
    ("内容过大", "一份答卷最多 256 KiB，请缩短文字。"),
)
UNSUPPORTED = _kind(
    "unsupported-media-type",
    415,
    ("This kind of content is not understood", "Send application/json."),
    ("不支持该内容类型", "请以 application/json 发送。"),
)
INVALID = _kind(
    "invalid",
    422,
    ("Some answers need attention", "Nothing was stored yet. Correct what is listed and send again."),
    ("有内容需要补充", "尚未保存。请按提示修改后重新提交。"),
)
KEY_REUSED = _kind(
    "key-reused",
    422,
    (
        "This Idempotency-Key belongs to another answer",
        "An answer with other content was stored under this key. Send changed answers under a new key.",
    ),
    ("Idempotency-Key 已被使用", "该键已用于另一份不同的答案。修改后的答案请使用新的键。"),
)
FOREIGN_RESPONSE = _kind(
    "foreign-response",
    422,
    (
        "This answer belongs to another link",
        "response_id or Idempotency-Key names an answer of another link.",
    ),
    ("该答卷属于另一个链接", "response_id 或 Idempotency-Key 指向另一链接的答卷。"),
)
NOT_STORED_YET = _kind(
    "no-response",
    404,
    ("This answer is not known", "Send the response first; its photos follow."),
    ("未找到该答卷", "请先提交答卷，再上传照片。"),
)
WITHDRAWN = _kind(
    "withdrawn",
    410,
    ("These answers were withdrawn", "Nothing can be added to them."),
    ("答案已撤回", "无法再添加内容。"),
)
NO_PHOTO = _kind(
    "no-photo",
    404,
    ("This photo is not here", "Begin its upload first, or it was taken away."),
    ("未找到该照片", "请先开始上传，或照片已移除。"),
)
WRONG_OFFSET = _kind(
    "wrong-offset",
    409,
    ("The photo goes on at another place", "Upload-Offset tells where to go on."),
    ("续传位置不符", "请按 Upload-Offset 所示位置继续上传。"),
)
PHOTO_TOO_LARGE = _kind(
    "photo-too-large",
    413,
    ("The photo is too large", "A photo may have at most 8 MB and 64 million pixels."),
    ("照片过大", "每张照片最多 8 MB、6400 万像素。"),
)
BAD_PHOTO = _kind(
    "bad-photo",
    422,
    ("This is not a photo that can be read", "Send a whole JPEG, PNG or WebP file."),
    ("无法读取该照片", "请发送完整的 JPEG、PNG 或 WebP 文件。"),
)
NO_VOICE = _kind(
    "no-voice-note",
    404,
    ("This voice note is not here", "Begin its upload first, or it was taken away."),
    ("未找到该语音", "请先开始上传，或语音已移除。"),
)
VOICE_TOO_LARGE = _kind(
    "voice-note-too-large",
    413,
    ("The voice note is too large", "A voice note may have at most two minutes and 8 MB."),
    ("语音过长", "每段语音最多 2 分钟、8 MB。"),
)
BAD_VOICE = _kind(
    "bad-voice-note",
    422,
    ("This is not a recording that can be heard", "Send a whole WebM, Ogg, M4A, MP3, WAV, AAC or AMR file."),
    ("无法读取该语音", "请发送完整的 WebM、Ogg、M4A、MP3、WAV、AAC 或 AMR 文件。"),
)
NO_MORE_VOICE = _kind(
    "no-more-voice-notes",
    422,
    ("No further voice note is taken", "This form takes none, or this response has as many as it may."),
    ("不能再添加语音", "此问卷不收语音，或已达数量上限。"),
)
TOO_MANY_REQUESTS = _kind(
    "too-many-requests",
    429,
    ("Too many requests", "Please wait a while and try again."),
    ("请求过于频繁", "请稍候再试。"),
)
UNAVAILABLE = _kind(
    "unavailable",
    503,
    (
        "Your answers could not be stored just now",
        "The fault is ours, not yours. Please send again in a moment: nothing is stored twice.",
    ),
    ("暂时无法保存您的答案", "问题出在我们这边。请稍后重新提交，不会重复保存。"),
)
FAULT = _kind(
    "fault",
    500,
    ("Something went wrong on our side", "The fault has been noted. Please try again in a moment."),
    ("系统出现问题", "故障已记录，请稍后再试。"),
)
