"""The words in which a reading is explained, in English and Chinese.

In: rules, labels and values. Out: one line of text each.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Saying:
    """One language."""

    nothing: str
    unread: str
    labels: dict[str, str]
    kinds: dict[str, str]
    rules: tuple[tuple[str, str], ...]  # beginning of a rule id -> what it is; the first that fits
    joined: str
    verdict_form: str
    reason_form: str
    rest_form: str
    topic_form: str
    by_word: str
    by_learning: str

    def verdict(self, label: str | None, kind: str, polarity: float) -> str:
        """How a sentence reads; `polarity` -1..1."""
        said = dict.fromkeys((self.labels[label or "neutral"], self.kinds[kind]))  # "praise" once is enough
        return self.verdict_form.format(said=self.joined.join(said), value=polarity)

    def reason(self, rule: str, words: str, value: float) -> str:
        """Which way and how strongly, by which rule (see `rule`), which words."""
        return self.reason_form.format(side=self._side(value), value=value, rule=rule, words=words)

    def rest(self, value: float) -> str:
        """All that is not named."""
        return self.rest_form.format(side=self._side(value), value=value)

    def topic(self, label: str, sentiment: str, evidence: str, phrase: str | None) -> str:
        """One aspect and how it was found."""
        why = self.by_word.format(phrase=phrase) if phrase else self.by_learning
        return self.topic_form.format(label=label, side=self.labels[sentiment], evidence=evidence, why=why)

    def _side(self, value: float) -> str:
        return self.labels["positive" if value > 0 else "negative"]

    def rule(self, rule: str) -> str:
        """What a rule of that id is about."""
        return next(said for start, said in self.rules if rule.startswith(start))


ENGLISH = Saying(
    nothing="Nothing to read.",
    unread="not read: neither English nor Chinese",
    labels={"positive": "praise", "negative": "criticism", "neutral": "neither praise nor criticism"},
    kinds={
        "praise": "praise",
        "problem": "a problem",
        "advice": "advice",
        "question": "a question",
        "offer": "an offer to cooperate",
        "fact": "a fact",
    },
    rules=(
        ("idiom", "a telling phrase"),
        ("qty", "how much of what"),
        ("fail", "something was not done or not shown"),
        ("neg", "a negated word"),
        ("named", "a matter that companies want more or less of"),
        ("courtesy", "thanks or good wishes"),
        ("offer", "an offer"),
        ("mark:fix", "something to mend, so there is a fault"),
        ("mark:extend", "something to add or go on with"),
        ("mark:minor", "said to be a detail"),
        ("advice", "a request"),
        ("model", "other experts use these words in such remarks"),
        ("", "a word of praise or blame"),
    ),
    joined=", ",
    verdict_form="reads as {said} ({value:+.2f} on a scale from -1 to +1), because of",
    reason_form="{value:+.2f} {side}: {rule}, “{words}”",
    rest_form="{value:+.2f} {side}: the other words, the question asked and the place in the answer",
    topic_form="topic {label}: {side}, seen in “{evidence}” ({why})",
    by_word="named by “{phrase}”",
    by_learning="learned from similar remarks",
)
MANDARIN = Saying(
    nothing="没有可读的内容。",
    unread="未分析：既不是中文也不是英文",
    labels={"positive": "肯定", "negative": "批评", "neutral": "不褒不贬"},
    kinds={
        "praise": "好评",
        "problem": "问题",
        "advice": "建议",
        "question": "提问",
        "offer": "合作意向",
        "fact": "事实",
    },
    rules=(
        ("idiom", "有明确倾向的说法"),
        ("qty", "什么东西多或少、高或低"),
        ("fail", "该做或该展示的没有做到"),
        ("neg", "带否定的词"),
        ("named", "企业希望多些或少些的事"),
        ("courtesy", "感谢或祝愿"),
        ("offer", "愿意提供帮助"),
        ("mark:fix", "要求整改，说明存在不足"),
        ("mark:extend", "建议增加或继续"),
        ("mark:minor", "说明只是小问题"),
        ("advice", "提出建议或要求"),
        ("model", "其他专家在类似意见中这样用词"),
        ("", "褒义或贬义词"),
    ),
    joined="，属于",
    verdict_form="读作：{said}（-1 到 +1 之间为 {value:+.2f}），依据：",
    reason_form="{value:+.2f} {side}：{rule}“{words}”",
    rest_form="{value:+.2f} {side}：其余用词、所答的问题和在回答中的位置",
    topic_form="主题“{label}”：{side}，见“{evidence}”（{why}）",
    by_word="由“{phrase}”一词确定",
    by_learning="从类似意见中学得",
)
