"""What an expert reads beside an answer that cannot be taken: how to fix it, in both languages.

Pure.  Wording follows the copy table of the design: short, no blame, an action to take.
"""

from collections.abc import Mapping

from collector.phrases_receipt import RECEIPT_PHRASES
from collector.questionnaire import PhotoRequest, Question, Scale
from collector.text import Bilingual

WRITE_A_FEW_WORDS = {"en": "Write a few words", "zh": "请填写几个字"}
WRITE_TEXT = {"en": "Answer with text", "zh": "请以文字作答"}
CHOOSE_ONE = {"en": "Choose one of the answers", "zh": "请选择一项"}
CHOOSE_SOME = {"en": "Choose at least one answer", "zh": "请至少选择一项"}
CHOOSE_LISTED = {"en": "Choose only from the answers offered", "zh": "请只从所列选项中选择"}
CHOOSE_YES_OR_NO = {"en": "Choose yes or no", "zh": "请选择“同意”或“不同意”"}
RATE_EACH_ROW = {"en": "Choose a number in each row", "zh": "请为每一行选择一个数字"}
GIVE_EMAIL = {
    "en": "Enter an e-mail address, like name@institute.org",
    "zh": "请输入邮箱地址，例如 name@institute.org",
}
GIVE_CONTACT = {
    "en": "Enter an e-mail address or a phone number, so that the company can reach you",
    "zh": "请填写邮箱或电话，以便企业与您联系",
}
AGREE_OR_NOT = {
    "en": "Say whether the company may contact you",
    "zh": "请选择是否允许企业与您联系",
}
NOT_ASKED = {"en": "This question is not part of the questionnaire", "zh": "问卷中没有此问题"}
NOT_A_ROW = {"en": "This row is not part of the question", "zh": "该题中没有此行"}
NOT_A_GROUP = {"en": "Send an object: question id and answer", "zh": "应为对象：问题编号与答案"}
NOT_A_FIELD = {"en": "This field is not known", "zh": "未知字段"}
ONLY_WITH_OTHER = {
    "en": "Leave the words out, or choose the answer that asks for them",
    "zh": "请删去补充文字，或选择需要说明的选项",
}
NO_PHOTOS_ASKED = {"en": "This form does not ask for photos", "zh": "此问卷不需要照片"}
NAME_PHOTO = {"en": "Name each photo by a UUID", "zh": "每张照片须有一个 UUID"}
CHOOSE_LANGUAGE = {"en": "Choose en or zh", "zh": "请选择 en 或 zh"}


def choose_number(scale: Scale) -> Bilingual:
    """Choose a number from 0 to 10; where the scale offers it, or the way out by its own words."""
    english = f"Choose a number from {scale.min} to {scale.max}"
    chinese = f"请选择 {scale.min} 到 {scale.max} 之间的一个数字"
    if scale.opt_out is None:
        return {"en": english, "zh": chinese}
    return {"en": f"{english}, or “{scale.opt_out['en']}”", "zh": f"{chinese}，或选“{scale.opt_out['zh']}”"}


SHORTEN = {
    "en": "Shorten your text to {longest} characters; it has {length}",
    "zh": "请将文字缩短到 {longest} 字以内（现有 {length} 字）",
}


def shorten(length: int, longest: int) -> Bilingual:
    return {language: said.format(longest=longest, length=length) for language, said in SHORTEN.items()}


def fewer_photos(most: int) -> Bilingual:
    return {"en": f"Send {most} photos at most", "zh": f"最多 {most} 张照片"}


def choose_reader(asked: Question | PhotoRequest) -> Bilingual:
    """In the words that stand beside the field."""
    words = "photo" if isinstance(asked, PhotoRequest) else "reader"
    labels = [RECEIPT_PHRASES[f"{words}_{reader}"] for reader in asked.readership]
    offered = {language: [f"“{label[language]}”" for label in labels] for language in ("en", "zh")}
    return {"en": f"Choose {' or '.join(offered['en'])}", "zh": f"请选择{'或'.join(offered['zh'])}"}


ONLY_NARROWER: Bilingual = {
    "en": "Choose the readers you chose when you sent this, or fewer. For more readers, withdraw your "
    "answers and send them anew",
    "zh": "读者范围只能缩小。请选择与提交时相同或更小的范围；如需扩大，请撤回后重新提交",
}


REQUIRED: Mapping[str, Bilingual] = {
    "single_choice": CHOOSE_ONE,
    "multiple_choice": CHOOSE_SOME,
    "matrix": RATE_EACH_ROW,
    "text": WRITE_A_FEW_WORDS,
    "contact": AGREE_OR_NOT,
    "consent": CHOOSE_YES_OR_NO,
}


def answer_needed(question: Question) -> Bilingual:
    return choose_number(question.scale) if question.scale and not question.items else REQUIRED[question.type]
