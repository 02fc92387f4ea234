"""Words of the page's newer parts, English and Chinese side by side; see wording.py."""

PAGE_TEXTS: dict[str, tuple[str, str]] = {
    # statements and where they lead
    "of_n": ("{k} of {n|expert|experts}", "{n} 位专家中 {k} 位"),
    "at_least_of_n": ("at least {k} of {n|expert|experts}", "{n} 位专家中至少 {k} 位"),
    "praise_it": ("{who} praise this, in {n|remark|remarks}", "{who}予以肯定，共 {n} 条"),
    "find_wanting": ("{who} find this wanting, in {n|remark|remarks}", "{who}认为需改进，共 {n} 条"),
    "others_praise": ("; {n|praises|praise} it", "；另有 {n} 位予以肯定"),
    "others_wanting": ("; {n|finds|find} it wanting", "；另有 {n} 位认为需改进"),
    "because": ("{topic}: {what}", "{topic}：{what}"),
    "all_remarks": ("All remarks on {topic}", "{topic}：全部评语"),
    "parts": ("In this digest", "本摘要内容"),
    "t_quotes": ("Quotes", "专家原话"),
    "jump": ("{what}: {n}", "{what}：{n}"),
    "back": ("Back to the digest", "返回摘要"),
    "kept_words": (
        "{n|more remark is|more remarks are} counted, in words that are not for quoting.",
        "另有 {n} 条已计入，原话不予引用。",
    ),
    "none_readable": ("None of these remarks may be quoted.", "这些评语均未授权引用。"),
    "corrected": ("Corrected by {name} ({role}), {date}", "已更正：{name}（{role}），{date}"),
    "corrected_short": ("corrected by {who}", "已更正：{who}"),
    "transcribed": ("spoken, written down by the organiser", "口述，由主办方记录"),
    "outdated": (
        "Other remarks stand behind it now; please check the wording.",
        "所依据的评语此后有变，请核对表述。",
    ),
    "as_company": ("company", "企业"),
    "as_organiser": ("organiser", "主办方"),
    "open_item": ("Open this remark", "查看此条"),
    "more_topics": ("Suggestions on {n|more topic|more topics}", "其余 {n} 个主题的建议"),
    # photos
    "h_photos": ("{n|photo|photos} from the visit", "参访照片 {n} 张"),
    "photos_sub": (
        "Taken by experts, who gave them to you. A photo opens in full when you tap it.",
        "由专家拍摄并同意提供给贵方，点按可查看原图。",
    ),
    "photos_paper": (
        "Taken by experts, who gave them to you. The links open as long as this digest's own.",
        "由专家拍摄并同意提供给贵方。链接有效期与本摘要链接相同。",
    ),
    "photo_n": ("Photo {n}", "照片 {n}"),
    "photo_alt": ("Photo {n} from the visit, by: {who}", "参访照片 {n}，拍摄者：{who}"),
    # needs
    "h_needs": ("Answers to your own needs", "对企业需求的回应"),
    "needs_sub": (
        "What you asked for before the visit, and which experts spoke to it.",
        "参访前提出的需求，以及专家的相关意见。",
    ),
    "need_none": ("No expert spoke to this.", "暂无专家提及。"),
    # comparison
    "h_compared": ("Compared with {what}", "与{what}对比"),
    "the_fair": ("the fair", "本届展会"),
    "and": (" and ", "、"),
    "now": ("Now", "本次"),
    "fair_median": ("Fair median", "展会中位数"),
    "fair_middle": ("Middle half of the fair", "展会中间一半"),
    "since": ("Since {month}", "较 {month}"),
    "up": ("up {n}", "上升 {n}"),
    "down": ("down {n}", "下降 {n}"),
    "same": ("about the same", "基本持平"),
    "points": (": ", "："),
    "compared_row": ("now {now}", "本次 {now}"),
    "compared_before": ("{month} {before}", "{month} {before}"),
    "compared_fair": (
        "fair median {median}, middle half {lower} to {upper}",
        "展会中位数 {median}，中间一半 {lower} 至 {upper}",
    ),
    "compared_note": (
        "The fair median is the middle value of {n} companies. No other company is named.",
        "展会中位数取自 {n} 家企业的中间值，不显示其他企业名称。",
    ),
    "noise_note": (
        "A difference that a single expert could make is shown as “about the same”.",
        "单个专家即可造成的差异显示为“基本持平”。",
    ),
    "change_few": (
        "Your previous visit was on {date}. Changes are shown when both visits have {n} answers.",
        "上次参访：{date}。两次参访均满 {n} 份作答后显示变化。",
    ),
    # acting
    "status_new": ("New", "未处理"),
    "status_accepted": ("Accepted", "已采纳"),
    "status_started": ("In progress", "进行中"),
    "status_done": ("Done", "已完成"),
    "status_declined": ("Declined", "不采纳"),
    "act": ("Assign or reply", "指派或回复"),
    "act_sub": (
        "Seen by everyone who holds this digest's link, and by the organiser.",
        "持有此摘要链接者及主办方均可见。",
    ),
    "owner": ("Owner", "负责人"),
    "due_on": ("Due", "期限"),
    "due": ("due {date}", "期限 {date}"),
    "status": ("Status", "状态"),
    "reply": ("Your reply", "回复"),
    "replied": ("Reply", "回复"),
    "to_expert": (
        "The expert who wrote it may read this, on their own receipt",
        "允许提出者在其回执页查看",
    ),
    "expert_sees": ("The expert can read this.", "提出者可查看。"),
    "your_name": ("Your name", "您的姓名"),
    "save": ("Save", "保存"),
    "saved": ("Saved.", "已保存。"),
    "history": ("What happened so far", "处理记录"),
    "around": ("What stood around it", "上下文"),
    "by_on": ("{name} ({role}), {date}", "{name}（{role}），{date}"),
    "horizon": ("When: {label}", "时间：{label}"),
    "lead_item": ("Lead", "合作线索"),
    "advice_item": ("Suggestion", "建议"),
    "remark_item": ("Remark", "评语"),
    # correcting
    "correct": ("Correct the reading", "更正判读"),
    "correct_sub": (
        "A correction stands against every later run of the software and is marked as such, with your name.",
        "更正优先于软件之后的任何判读，并注明更正人。",
    ),
    "tone_is": ("Tone", "倾向"),
    "read_as_unscorable": ("Cannot be told", "无法判断"),
    "is_advice": ("It is a suggestion", "这是一条建议"),
    "topic_n": ("Topic {n}", "主题 {n}"),
    "no_topic": ("none", "无"),
    "words_of_topic": ("Words that name it, copied from the remark", "对应原文词语"),
    "no_reading": ("the software's reading again", "恢复软件判读"),
    "reading_is": ("Read as {tone}", "判读为{tone}"),
    "reading_advice": ("a suggestion", "建议"),
    "corrections": ("Corrections so far", "更正记录"),
    "statement_item": ("Statement", "观点"),
    "statements_here": ("What the digest says about it", "摘要中的相关表述"),
    "own_words": ("In the software's words", "软件原表述"),
    "reword": ("Correct the wording", "更正表述"),
    "reword_sub": (
        "Your words take the place of the software's in all forms of the digest, whatever it reads later, "
        "and are marked as corrected with your name. Counts and remarks stay. If you write in one language "
        "only, readers of the other see these words too.",
        "更正后的表述将取代软件表述，用于摘要的各种形式，优先于软件之后的任何判读，并注明更正人。"
        "人数与评语不变。若只填一种语言，另一种语言的读者将看到原文。",
    ),
    "words_en": ("In English", "英文"),
    "words_zh": ("In Chinese", "中文"),
    "undo_words": ("Back to the software's words", "恢复软件表述"),
    "undone_words": ("back to the software's words", "恢复软件表述"),
    "undo": ("Back to the software's reading", "恢复软件判读"),
    # access log
    "openings": ("Who opened this digest", "打开记录"),
    "openings_sub": (
        "By the hour and by link, without anybody's address. A mail program that checks links for its reader "
        "counts too. If a link is in wrong hands, the organiser can end all links at once.",
        "按小时与链接记录，不保存任何人的网络地址。邮件程序代为检查链接也会计入。如链接落入他人之手，"
        "主办方可一次撤销全部链接。",
    ),
    "openings_none": ("Nobody has opened it yet.", "尚无人打开。"),
    "opened_at": ("Hour from", "时间（整点起）"),
    "opened_as": ("As", "形式"),
    "opened_by": ("Through", "链接"),
    "link_of": ("{role} {link}, valid until {date}", "{role} {link}，有效期至 {date}"),
    "link_company": ("company link", "企业链接"),
    "link_organiser": ("organiser's link", "主办方链接"),
    "link_reader": ("reading link", "只读链接"),
    "form_html": ("page", "网页"),
    "form_json": ("JSON", "JSON"),
    "form_pdf": ("PDF", "PDF"),
    "form_xlsx": ("Excel", "Excel"),
    "form_csv": ("CSV", "CSV"),
    # notes
    "privacy_named": (
        "Groups of fewer than {n} visitors are not named, so some quotes say only “an expert”. Names and "
        "contacts appear only where the expert agreed. Answers that an expert keeps from the company are "
        "not in any number here.",
        "少于 {n} 人的群体不予注明，故部分引文仅写“一位专家”。仅在专家同意时显示姓名与联系方式。"
        "专家不愿向企业公开的答案不计入任何数字。",
    ),
    "privacy_discipline": (
        "The organiser chose that quotes tell the discipline at most, and none of fewer than {n} visitors. "
        "Contacts appear only where the expert agreed. Answers that an expert keeps from the company are "
        "not in any number here.",
        "主办方设定：引文至多注明学科，少于 {n} 人的学科不予注明。仅在专家同意时显示联系方式。"
        "专家不愿向企业公开的答案不计入任何数字。",
    ),
    "privacy_pooled": (
        "The organiser chose that no quote tells who said it: all visitors are one pool, and nothing is "
        "quoted where fewer than {n} were there. Contacts appear only where the expert agreed. Answers that "
        "an expert keeps from the company are not in any number here.",
        "主办方设定：引文不注明来源，全体到场专家视为一个整体，不足 {n} 人时不显示引文。"
        "仅在专家同意时显示联系方式。专家不愿向企业公开的答案不计入任何数字。",
    ),
    "compare": ("Comparison", "对比"),
    "compare_text": (
        "With the fair: median and quartiles of the companies' averages, only if at least {companies} "
        "companies have {experts} answers each. With the previous visit: only from {averages} answers each.",
        "与展会：取各企业平均分的中位数与四分位数，须至少 {companies} 家企业各有 {experts} 份作答；"
        "与上次参访：两次均须满 {averages} 份作答。",
    ),
    "accuracy": ("Measured accuracy", "实测准确度"),
    "accuracy_text": (
        "On {n} labelled answers in {language}: tone {sentiment}, topics {topic}, suggestions {suggestion} "
        "(F1, 1 is perfect).",
        "以 {n} 份{language}标注作答实测：倾向 {sentiment}，主题 {topic}，建议 {suggestion}"
        "（F1，1 为满分）。",
    ),
    "lang_en": ("English", "英文"),
    "lang_zh": ("Chinese", "中文"),
    "corrected_n": ("People corrected {n|sentence|sentences}.", "人工更正 {n} 句。"),
    "reworded_n": ("People corrected the wording of {n|statement|statements}.", "人工更正 {n} 条表述。"),
    "spared": (
        "All experts who were there agreed on something. So that nobody's opinion is certain, one expert's "
        "words are left out: read every count as “at least”.",
        "到场专家就某点意见一致。为避免推知个人意见，已略去一位专家的评语，各计数均为“至少”。",
    ),
    "unanimous": (
        "All who were there chose the same; shown, it would tell each one's answer.",
        "全体到场专家选择相同，显示即等于公开每人的答案，故不显示。",
    ),
    "text_rule": (
        "A quote is shown only if at least {n} visitors may have written it, judged by language too.",
        "仅当至少 {n} 位到场者可能写下该引文时（按语言判断）才显示。",
    ),
    "room_note": (
        "Fewer than {n} experts visited, and you met them all. So only signed words and offers are shown.",
        "参访专家不足 {n} 位，且贵方均已会面，故仅显示署名意见与合作线索。",
    ),
    # refusals
    "forbidden_title": ("This cannot be changed here", "此处不可更改"),
    "forbidden_text": (
        "This link is for reading only, or the request came from another page.",
        "此链接仅供阅读，或请求来自其他页面。",
    ),
    "badform_title": ("Something is missing or wrong", "内容有误或缺失"),
    "badform_text": (
        "Please go back: a name is needed, a date looks like 2026-12-31, and words must be copied "
        "from the remark.",
        "请返回修改：须填写姓名，日期格式如 2026-12-31，词语须摘自原文。",
    ),
}
