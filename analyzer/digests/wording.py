"""The digest's own words, English and Chinese side by side.

In: a key, a language, facts.  Out: one sentence or label.  Pure.  In English "{n|expert|experts}"
becomes "1 expert" or "4 experts".  Chinese is written, not translated.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from analyzer.digests.form_words import FORM_TEXTS
from analyzer.digests.model import Accuracy, Bilingual, Cooperation, Digest, Headline, Theme, Topic, Visit
from analyzer.digests.page_words import PAGE_TEXTS
from analyzer.digests.statements import HEADLINE, Statement
from analyzer.digests.topics import extremes

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
COUNTED = re.compile(r"\{(\w+)\|([^|}]*)\|([^}]*)\}")

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Feedback digest: {company}, {date}", "反馈摘要：{company}，{date}"),
    "skip": ("Skip to the digest", "跳到正文"),
    "for": ("Feedback digest for {company}", "{company} 反馈摘要"),
    "visit": ("Site visit, {date}", "参访交流 · {date}"),
    "sample": (
        "Sample data: the visit, the experts and their words are invented.",
        "示例数据：参访、专家与评语均为虚构。",
    ),
    # headlines
    "none": ("No expert has answered yet.", "尚无专家作答。"),
    "few": ("{n|expert has|experts have} answered so far.", "目前已有 {n} 位专家作答。"),
    "room": (
        "{n|expert has|experts have} answered. So few visited that only what was signed is shown.",
        "已有 {n} 位专家作答。参访人数较少，仅显示署名内容。",
    ),
    "scattered": (
        "{n|expert|experts} answered. They did not single out one topic.",
        "{n} 位专家作答，意见较为分散。",
    ),
    "silent": (
        "{n|expert|experts} answered, without comments.",
        "{n} 位专家作答，均未写评语。",
    ),
    "unreadable": (
        "{n|expert|experts} answered. Software could not read their comments.",
        "{n} 位专家作答，软件无法判读其评语。",
    ),
    "valued": ("{topic} impressed the experts most.", "{topic}最受专家认可"),
    "to_fix": ("They find most to improve in {topic}.", "最需改进的是{topic}"),
    "to_fix_only": ("Experts find most to improve in {topic}.", "专家认为最需改进的是{topic}"),
    # key figures
    "figures": ("Key figures", "关键数字"),
    "answered": ("Experts who answered", "作答专家"),
    "of_invited": ("of {n} invited", "/ {n} 人受邀"),
    "rate": ("{n}% response rate", "回收率 {n}%"),
    "unverified": ("{n} more by the open link, not verified", "另有 {n} 人通过公开链接作答，身份未核实"),
    "withheld": (
        "{n|expert keeps|experts keep} the answers from this digest",
        "{n} 人不同意将答案用于本报告",
    ),
    "would_recommend": ("Would recommend you", "推荐意愿"),
    "of_ten": ("of 10, average", "/ 10 平均"),
    "seven_up": ("of {n} gave 7 or more", "/ {n} 人给出 7 分以上"),
    "range": ("from {low} to {high}", "最低 {low} 分，最高 {high} 分"),
    "range_one": ("all gave {low}", "均为 {low} 分"),
    "no_ratings": ("no answers yet", "暂无作答"),
    "tone": ("Tone of their comments", "评语倾向"),
    "positive_remarks": ("positive remarks", "条肯定"),
    "positive_remark": ("positive remark", "条肯定"),
    "critical_n": ("critical", "条批评"),
    "neutral_n": ("neutral", "条中性"),
    "unscored_n": ("not readable by software", "条软件无法判读"),
    "in_texts": ("in {n|comment|comments}", "来自 {n} 段评语"),
    "not_yet": ("shown from {n} answers", "满 {n} 人作答后显示"),
    "ready": ("Ready to cooperate", "合作意向"),
    "of_experts": ("of {n|expert|experts}", "/ {n} 人"),
    "maybe_later": ("{n} more: maybe later", "另有 {n} 人表示以后再说"),
    "left_contact": ("{n} left their contact", "{n} 人留下联系方式"),
    "see_leads": ("See the leads", "查看线索"),
    "not_asked": ("nobody answered this yet", "暂无人作答"),
    # recommendation
    "h_recommend": ("{k} of {n} would recommend you at 7 or more", "{n} 人中 {k} 人给出 7 分以上"),
    "recommend_sub": (
        "How likely to recommend you as a partner, 0 to 10. One square is one expert.",
        "推荐为合作伙伴的可能性，0 至 10 分。一格代表一位专家。",
    ),
    "recommend_sub_many": (
        "How likely to recommend you as a partner, 0 to 10. The height is the number of experts.",
        "推荐为合作伙伴的可能性，0 至 10 分。高度代表人数。",
    ),
    "score": ("Score", "分数"),
    "experts": ("Experts", "人数"),
    "average": ("Average", "平均"),
    "median_range": ("Range", "范围"),
    "answers_n": ("Answers", "作答"),
    # topics
    "h_topics": ("What they wrote about", "评语涉及的主题"),
    "h_praise_concern": (
        "Praise for {praise}, concern about {concern}",
        "肯定集中在{praise}，关切集中在{concern}",
    ),
    "h_praise": ("Praise for {praise}", "肯定集中在{praise}"),
    "h_concern": ("Concern about {concern}", "关切集中在{concern}"),
    "topics_sub": (
        "Remarks by topic and tone. Neutral remarks are counted apart.",
        "按主题与倾向统计的评语数，中性另计。",
    ),
    "topic": ("Topic", "主题"),
    "critical": ("Critical", "批评"),
    "positive": ("Positive", "肯定"),
    "neutral": ("Neutral", "中性"),
    "topics_empty": ("Nobody wrote a comment that names a topic.", "暂无涉及具体主题的评语。"),
    # ratings
    "h_ratings": ("What experts rated", "专家评分"),
    "h_best_worst": ("Rated highest: {best}. Lowest: {worst}.", "评分最高：{best}；最低：{worst}"),
    "ratings_sub": (
        "Each strip holds every rating, from 1 ({low}) to 5 ({high}).",
        "每条含全部评分，1 为{low}，5 为{high}。",
    ),
    "one_cell": ("One cell is one expert.", "一格代表一位专家。"),
    "few_average": (
        "Averages are shown from {n} answers; until then the answers speak for themselves.",
        "满 {n} 份作答后显示平均分，在此之前只列出各项评分。",
    ),
    "rated": ("What experts rated", "评分项"),
    "ratings": ("Ratings", "评分分布"),
    "rating_n": ("rating {value}: {n}", "{value} 分 {n} 人"),
    "opted_out": ("{n} did not see", "{n} 人没看到"),
    # words
    "h_words": ("In their words", "专家原话"),
    "marks": ("Marked by the analysis:", "分析标记："),
    "mark_positive": ("praise", "肯定"),
    "mark_negative": ("criticism", "批评"),
    "mark_topic": ("topic", "主题"),
    "words_few": (
        "What experts wrote is shown when at least {n} have answered. This protects the first of them.",
        "满 {n} 位专家作答后才显示评语，以保护最先作答的专家。",
    ),
    "impressed": ("What impressed them", "最受肯定"),
    "improve": ("What to improve", "最需改进"),
    "no_praise": ("No praise so far.", "暂无肯定意见。"),
    "no_criticism": ("No criticism so far.", "暂无改进意见。"),
    "theme_n": ("{who}, {n|remark|remarks}", "{who}，{n} 条"),
    "kept": (
        "{n|expert says|experts say} so; their words are not for quoting.",
        "{n} 人提及，原话未授权引用。",
    ),
    "why": ("Why it is read so", "判读依据"),
    "why_topic": ("“{words}” names the topic {topic}", "“{words}”对应主题：{topic}"),
    "why_whole": ("The sentence as a whole is about {topic}", "整句判为主题：{topic}"),
    "why_positive": ("“{words}” counts as praise", "“{words}”计为肯定"),
    "why_negative": ("“{words}” counts as criticism", "“{words}”计为批评"),
    "why_sum": ("Together: {reading}", "综合判读：{reading}"),
    "read_positive": ("praise", "肯定"),
    "read_negative": ("criticism", "批评"),
    "read_neutral": ("neither praise nor criticism", "中性"),
    "read_None": ("could not be read by software", "软件无法判读"),
    "an_expert": ("An expert", "一位专家"),
    # advice
    "h_advice": ("What experts suggest", "专家建议"),
    "no_advice": ("No suggestions so far.", "暂无建议。"),
    "more_advice": ("{n} more", "其余 {n} 条"),
    "unquoted": (
        "{n} more, in words that are not for quoting",
        "另有 {n} 条，原话未授权引用",
    ),
    # cooperation
    "h_cooperation": ("Cooperation: {n|expert is|experts are} ready", "合作线索：{n} 位专家有意向"),
    "h_cooperation_maybe": (
        "Cooperation: {n|expert is|experts are} ready, {later} maybe later",
        "合作线索：{n} 位专家有意向，{later} 位以后再说",
    ),
    "h_no_cooperation": ("Cooperation: no offers yet", "合作线索：暂无"),
    "by_form": ("Interest by kind of cooperation", "各类合作意向人数"),
    "leads_sub": (
        "{n|expert|experts} agreed to be contacted. Please write within two weeks.",
        "以下 {n} 位同意联系，请在两周内回复。",
    ),
    "more_leads": ("{n|more expert|more experts}", "其余 {n} 位"),
    "no_leads": ("Nobody has agreed to be contacted yet.", "暂无专家同意联系。"),
    "offers_sub": ("Offers without a contact", "未留联系方式的合作设想"),
    # notes
    "h_notes": ("About these numbers", "数据说明"),
    "who": ("Who answered", "作答情况"),
    "who_text": (
        "{invited} invited, {answered} answered by personal link, {unverified} by the open link.",
        "受邀 {invited} 人，通过个人链接作答 {answered} 人，通过公开链接作答 {unverified} 人。",
    ),
    "who_amended": (
        "{n|response was|responses were} amended after being sent first; the last version counts.",
        "其中 {n} 份提交后经作答者修改，以最后版本为准。",
    ),
    "who_languages": ("{zh} in Chinese, {en} in English.", "中文 {zh} 份，英文 {en} 份。"),
    "who_open": ("Open until {date}.", "{date} 截止，仍可作答。"),
    "who_closed": ("Closed {date}.", "{date} 已截止。"),
    "small": ("Small numbers", "样本量"),
    "small_text": (
        "Averages and percentages are shown from {averages} answers, quotes from {quotes} responses. The "
        "headline names a topic only when at least 3 experts made 5 remarks on it.",
        "满 {averages} 份作答才显示平均分与百分比，满 {quotes} 份作答才显示引文；至少 3 位专家就同一主题提出"
        " 5 条意见时，标题才会点名该主题。",
    ),
    "privacy": ("Privacy", "隐私"),
    "method": ("Method", "方法"),
    "method_text": (
        "Software sorts each sentence by topic and tone. It can be wrong, above all with irony or short "
        "remarks, so read the quotes too. Quotes are unedited and in their own language. {unscorable} of "
        "{n|sentence|sentences} could not be read for tone; these are not counted as neutral.",
        "软件按主题与倾向判读每个句子，反语或短句可能误判，请结合原话阅读。引文未经改动，保留原文语言。"
        "共 {n} 个句子，其中 {unscorable} 个无法判读倾向，不计为中性。",
    ),
    "versions": (
        "Engine {engine}, lexicon {lexicon}, topics {taxonomy}.",
        "引擎 {engine}，词典 {lexicon}，主题表 {taxonomy}。",
    ),
    "made": ("Made with Debrief from answers up to {date}.", "由 Debrief 根据截至 {date} 的作答生成。"),
    "made_empty": ("Made with Debrief.", "由 Debrief 生成。"),
    # doors that stay shut
    "gone_title": ("This link no longer works", "链接已失效"),
    "gone_text": (
        "It has expired or was withdrawn. Please ask the organiser of the visit for a new one.",
        "链接已过期或被撤回，请向参访主办方索取新链接。",
    ),
    "unknown_title": ("There is no digest here", "此处没有摘要"),
    "unknown_text": (
        "Please check that the address is complete. Some chat programs cut long links.",
        "请检查链接是否完整，部分聊天软件会截断长链接。",
    ),
    "unauthorised_title": ("A token is needed", "需要访问令牌"),
    "unauthorised_text": (
        "Send the token of the digest link as `Authorization: Bearer <token>`.",
        "请以 `Authorization: Bearer <token>` 发送摘要链接中的令牌。",
    ),
    "readonly_title": ("This address can only be read", "此地址仅供读取"),
    "readonly_text": ("Use GET.", "请使用 GET。"),
    "fault_title": ("Something went wrong on our side", "系统出现故障"),
    "fault_text": (
        "The fault has been logged. Please open the link again later.",
        "故障已记录，请稍后重新打开链接。",
    ),
    "later_title": ("The digest cannot be shown right now", "暂时无法显示摘要"),
    "later_text": (
        "No answer is lost. Please open the link again in a minute.",
        "答案均已保存，请稍后重新打开链接。",
    ),
}
TEXTS |= FORM_TEXTS
TEXTS |= PAGE_TEXTS
KINDS: dict[str, tuple[str, str]] = {
    "university": ("University", "高校"),
    "institute": ("Research institute", "研究院所"),
    "company": ("Company", "企业"),
    "government": ("Public authority", "政府部门"),
    "association": ("Association", "协会"),
    "other": ("Other organisation", "其他单位"),
}
DISCIPLINES: dict[str, tuple[str, str]] = {
    "materials": ("Materials", "材料"),
    "metallurgy": ("Metallurgy", "冶金"),
    "mechanical": ("Mechanical engineering", "机械"),
    "energy": ("Energy", "能源"),
    "environment": ("Environment", "环境"),
    "automation": ("Automation", "自动化"),
    "management": ("Management", "管理"),
    "economics": ("Economics", "经济"),
    "chemistry": ("Chemistry", "化学"),
    "safety": ("Safety", "安全"),
    "food": ("Food science", "食品"),
}


def say(key: str, spoken: str, /, **facts: Any) -> str:
    text = TEXTS[key][spoken == "zh"]
    counted = COUNTED.sub(lambda found: _counted(found, facts), text)
    return counted.format(**facts)


def kind_name(kind: str, language: str) -> str:
    return KINDS.get(kind, KINDS["other"])[language == "zh"]


def _counted(found: "re.Match[str]", facts: Mapping[str, Any]) -> str:
    n = facts[found[1]]
    return f"{n} {found[2] if n == 1 else found[3]}"


def speaker(language: str) -> Callable[..., str]:
    """say() with the language already chosen, for templates."""
    return lambda key, **facts: say(key, language, **facts)


def headline_text(headline: Headline, labels: Mapping[str, Bilingual], language: str) -> str:
    """Two sentences at most: first what was valued, then what to fix, no numbers."""
    if headline.kind != "topics":
        return say(headline.kind, language, n=headline.experts)
    parts = []
    if headline.valued:
        parts.append(say("valued", language, topic=labels[headline.valued][language]))
    if headline.to_fix:
        key = "to_fix" if headline.valued else "to_fix_only"
        parts.append(say(key, language, topic=_inside(labels[headline.to_fix][language], language)))
    return "；".join(parts) + "。" if language == "zh" else " ".join(parts)


def headline(digest: Digest, language: str) -> str:
    """As software says it, or as a person put it."""
    stated = digest.statements.get(HEADLINE)
    if stated:
        return stated.text[stated.language(language)]
    return headline_text(digest.headline, digest.labels, language)


def because(digest: Digest, language: str) -> list[tuple[str, str]]:
    """What the headline rests on: the topics that it names, each with both sides of its counts."""
    head = digest.headline
    named = {head.valued: _praised, head.to_fix: _wanting} if head.kind == "topics" else {}
    known = {topic.id: topic for topic in digest.topics}
    return [
        (
            topic,
            say(
                "because",
                language,
                topic=known[topic].label[language],
                what=told(known[topic], digest, language),
            ),
        )
        for topic, told in named.items()
        if topic
    ]


def _praised(topic: Topic, digest: Digest, language: str) -> str:
    who = how_many(topic.experts_positive, digest, language)
    others = say("others_wanting", language, n=topic.experts_negative) if topic.experts_negative else ""
    return say("praise_it", language, who=who, n=topic.positive) + others


def _wanting(topic: Topic, digest: Digest, language: str) -> str:
    who = how_many(topic.experts_negative, digest, language)
    others = say("others_praise", language, n=topic.experts_positive) if topic.experts_positive else ""
    return say("find_wanting", language, who=who, n=topic.negative) + others


def own_words(statement: Statement, digest: Digest, language: str) -> str:
    """What software says, with its counts."""
    about = statement.about
    if about is None:
        return headline_text(digest.headline, digest.labels, language)
    who = how_many(about.experts, digest, language)
    if isinstance(about, Theme):
        key = "praise_it" if statement.side == "praised" else "find_wanting"
        who = say(key, language, who=who, n=about.remarks)
    return say("because", language, topic=about.label[language], what=who)


def cooperation_heading(found: Cooperation, language: str) -> str:
    """A "maybe later" is told apart from a yes."""
    later = found.willing - found.ready
    return say("h_cooperation_maybe" if later else "h_cooperation", language, n=found.ready, later=later)


def topics_finding(topics: tuple[Topic, ...], language: str) -> str:
    """The chart's title names the same two topics as the headline, or none."""
    labels = {topic.id: _inside(topic.label[language], language) for topic in topics}
    best, worst = extremes(topics)
    key = {(True, True): "h_praise_concern", (True, False): "h_praise", (False, True): "h_concern"}
    chosen = key.get((best is not None, worst is not None), "h_topics")
    return say(chosen, language, praise=labels.get(best or ""), concern=labels.get(worst or ""))


def _inside(label: str, language: str) -> str:
    """A label in the middle of an English sentence; "R&D" and "MES" keep their capitals."""
    if language != "en" or len(label) < 2 or label[1].isupper() or not label[1].isalpha():
        return label
    return label[0].lower() + label[1:]


def date(moment: datetime, zone: str, language: str) -> str:
    local = moment.astimezone(_zone(zone))
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def date_and_time(moment: datetime, zone: str, language: str) -> str:
    clock = moment.astimezone(_zone(zone)).strftime("%H:%M")
    return date(moment, zone, language) + (f" {clock}" if language == "zh" else f", {clock}")


def title(visit: Visit, language: str) -> str:
    day = date(visit.visited_at, visit.timezone, language)
    return say("title", language, company=visit.company[language], date=day)


def month(moment: datetime, zone: str, language: str) -> str:
    local = moment.astimezone(_zone(zone))
    return f"{local.year}年{local.month}月" if language == "zh" else f"{MONTHS[local.month - 1]} {local.year}"


def day(iso: str, language: str) -> str:
    """A date that somebody typed, without a zone."""
    return date(datetime.fromisoformat(iso).replace(tzinfo=UTC), "UTC", language)


def how_many(experts: int, digest: Digest, language: str) -> str:
    """ "3 of 5 experts"; with one expert's words left out, at least so many."""
    key = "at_least_of_n" if digest.notes.spared else "of_n"
    return say(key, language, k=experts, n=digest.responses.used)


def accuracy_text(spoken: str, figures: Sequence[Accuracy], language: str) -> str:
    """Of one language's figures; a measure that was not taken is a dash."""
    values = {figure.measure: f"{figure.value:.2f}" for figure in figures}
    number = max((figure.responses for figure in figures), default=0)
    measures = {name: values.get(name, "–") for name in ("sentiment", "topic", "suggestion")}
    return say("accuracy_text", language, n=number, language=say(f"lang_{spoken}", language), **measures)


def discipline_name(discipline: str, language: str) -> str:
    """As the organiser wrote it, where it is none of the usual ones."""
    return DISCIPLINES.get(discipline, (discipline, discipline))[language == "zh"]


def _zone(name: str) -> tzinfo:
    """UTC where the machine does not know the zone: a wrong hour is better than no digest."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
