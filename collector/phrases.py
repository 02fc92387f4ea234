"""Every sentence that the collector's pages say, in both languages.

Data.  {names} are filled in by the page.  Chinese is written, not translated (docs: design, copy rules).
"""

from collector.phrases_phone import PHONE
from collector.phrases_receipt import RECEIPT_PHRASES
from collector.phrases_voice import VOICE_PHRASES
from collector.text import Bilingual

PHRASES: dict[str, Bilingual] = {
    **PHONE,
    **RECEIPT_PHRASES,
    **VOICE_PHRASES,
    "skip": {"en": "Skip to the content", "zh": "跳到正文"},
    "skip_questions": {"en": "Skip to the questions", "zh": "跳到问题"},
    "foot": {
        "en": "Questions about this survey? Ask the person who sent you the link.",
        "zh": "对问卷有疑问？请联系发给您链接的人。",
    },
    "sample": {
        "en": "Sample fair for trying Debrief out. Nobody reads what you send here.",
        "zh": "这是供试用的样例交流会，此处提交的内容不会有人阅读。",
    },
    # The form
    "visit_on": {"en": "Site visit, {day}", "zh": "参访交流 · {day}"},
    "form_title": {"en": "{company}, site visit {day}", "zh": "{company}参访反馈"},
    "problem_title": {"en": "Error: ", "zh": "错误："},
    "terms": {"en": "Who sees them, and until when can I change them?", "zh": "谁会看到，何时前可以修改？"},
    "terms_group": {
        "en": "The company sees results only once at least {minimum} experts have answered.",
        "zh": "至少 {minimum} 位专家作答后，企业才能看到结果。",
    },
    "terms_words": {
        "en": "Comments may be shown word for word, if you agree. Leave out what would give you away.",
        "zh": "经您同意，评语可能按原文展示，请勿写入能识别您身份的内容。",
    },
    "terms_organisers": {
        "en": "Organisers see that you answered, so they do not remind you again.",
        "zh": "组委会能看到您是否作答，以免重复提醒。",
    },
    "terms_until": {
        "en": "You can change your answers until {deadline}.",
        "zh": "{deadline} 前可修改答案。",
    },
    "optional": {"en": "(optional)", "zh": "（选填）"},
    "many": {"en": "Choose as many as you like.", "zh": "可多选。"},
    "if_applies": {"en": "Only if it applies to your answers above.", "zh": "如与您上面的回答相符，请填写。"},
    "other_words": {"en": "{label}, in your own words", "zh": "{label}：请说明"},
    "at_most": {"en": "Up to {count} characters, in any language.", "zh": "最多 {count} 字，语言不限。"},
    "yes": {"en": "Yes", "zh": "同意"},
    "no": {"en": "No", "zh": "不同意"},
    "contact_name": {"en": "Name", "zh": "姓名"},
    "contact_email": {"en": "E-mail", "zh": "邮箱"},
    "contact_phone": {"en": "Phone or WeChat", "zh": "电话或微信"},
    "send": {"en": "Send my answers", "zh": "提交"},
    "send_again": {"en": "Send my changes", "zh": "提交修改"},
    "problem": {"en": "There is a problem", "zh": "有内容需要补充"},
    "stored_before": {
        "en": "Your answers arrived on {when}. You can change them here until {deadline}. Reference",
        "zh": "您的答案已于 {when} 送达，{deadline} 前可在此修改。编号",
    },
    "not_stored": {
        "en": "Your answers could not be stored just now. The fault is ours. They are still on this page: "
        "please send them again in a moment.",
        "zh": "暂时无法保存您的答案，问题出在我们这边。答案仍在本页，请稍后重新提交。",
    },
    # The receipt
    "receipt_title": {"en": "Your answers have arrived", "zh": "您的答案已送达"},
    "thanks": {"en": "Thank you. Your answers have arrived.", "zh": "谢谢！您的答案已送达。"},
    "received": {"en": "Received {when}. Reference", "zh": "{when} 收到，编号"},
    "revision": {
        "en": "Changed {count} times, this is the newest.",
        "zh": "已修改 {count} 次，以下为最新内容。",
    },
    "revision_one": {"en": "Changed once, this is the newest.", "zh": "已修改 1 次，以下为最新内容。"},
    "change_heading": {"en": "Want to change something?", "zh": "想修改答案？"},
    "change_until": {
        "en": "You can edit your answers until {deadline}.",
        "zh": "{deadline} 前可修改。",
    },
    "change_over": {
        "en": "The time for changes ended on {deadline}.",
        "zh": "修改时间已于 {deadline} 截止。",
    },
    "change": {"en": "Edit my answers", "zh": "修改答案"},
    "stored_heading": {"en": "What was stored", "zh": "已保存的内容"},
    "unanswered": {"en": "Not answered", "zh": "未作答"},
    "agreed": {"en": "Yes", "zh": "同意"},
    "declined": {"en": "No", "zh": "不同意"},
    "next_heading": {"en": "What happens next", "zh": "接下来"},
    "next_closes": {"en": "The survey closes on {deadline}.", "zh": "{deadline} 截止。"},
    "next_digest": {
        "en": "{company} reads a digest of all answers once at least {minimum} experts have answered.",
        "zh": "至少 {minimum} 位专家作答后，{company}可阅读反馈摘要。",
    },
    "next_contact": {
        "en": "You allowed contact, so they may write to you.",
        "zh": "您已允许联系，企业可能与您联络。",
    },
    "no_receipt_title": {"en": "No answers yet", "zh": "尚未作答"},
    "no_receipt": {
        "en": "Nothing has been stored for this link so far.",
        "zh": "此链接目前没有保存任何答案。",
    },
    "to_form": {"en": "Open the form", "zh": "打开问卷"},
    # The organiser's overview
    "sample_fair": {
        "en": "Sample fair for trying Debrief out: the experts and their answers are invented.",
        "zh": "这是供试用的样例交流会，专家与答案均为虚构。",
    },
    "programme": {"en": "Programme: {fair}", "zh": "日程总览：{fair}"},
    "skip_programme": {"en": "Skip to the programme", "zh": "跳到日程"},
    "fair_line": {"en": "{days}, {count} visits.", "zh": "{days}，{count} 场参访。"},
    "fair_line_one": {"en": "{days}, 1 visit.", "zh": "{days}，1 场参访。"},
    "closes_all": {"en": "Survey closes {deadline}.", "zh": "问卷 {deadline} 截止。"},
    "all_qr": {"en": "All QR sheets", "zh": "全部二维码"},
    "pipe": {"en": "Answer processing", "zh": "答案处理"},
    "working": {"en": "Working", "zh": "正常"},
    "delayed": {"en": "Delayed", "zh": "延迟"},
    "stopped": {"en": "Stopped", "zh": "停止"},
    "accepted": {"en": "accepted", "zh": "已接收"},
    "published": {"en": "published to the queue", "zh": "已入队"},
    "nothing_waits": {"en": "Nothing is waiting.", "zh": "无待处理。"},
    "waiting": {"en": "{count} waiting, the oldest for {age}.", "zh": "{count} 份待处理，最久 {age}。"},
    "last_answer": {"en": "Last answer {when}.", "zh": "最近一份 {when}。"},
    "delayed_help": {
        "en": "Answers are safe and wait here. They move on by themselves when the queue is back.",
        "zh": "答案已安全保存，队列恢复后会自动继续。",
    },
    "stopped_help": {
        "en": "Answers are safe and wait here, but nothing has moved for a while. Please ask the operator to "
        "look at the message broker and the relay.",
        "zh": "答案已安全保存，但已有一段时间没有进展。请联系运维人员检查消息队列和转发程序。",
    },
    "total": {
        "en": "{answered} of {invited} invitations have been answered",
        "zh": "已发邀请 {invited} 份，已作答 {answered} 份",
    },
    "answered": {"en": "answered", "zh": "已作答"},
    "invited": {"en": "invited", "zh": "受邀"},
    "by_open": {"en": "through the QR on the spot", "zh": "现场扫码"},
    "enough": {
        "en": "{ready} of {count} visits have enough answers for a digest.",
        "zh": "{count} 场参访中，{ready} 场的答案已够生成摘要。",
    },
    "visits": {"en": "Visits", "zh": "参访日程"},
    "company": {"en": "Company", "zh": "企业"},
    "answered_of": {"en": "Answered of invited", "zh": "作答 / 受邀"},
    "open_answers": {"en": "By QR", "zh": "扫码"},
    "state": {"en": "State", "zh": "状态"},
    "actions": {"en": "Actions", "zh": "操作"},
    "today": {"en": "{day}, today", "zh": "{day}，今天"},
    "planned": {"en": "Planned", "zh": "未开始"},
    "under": {"en": "Under {minimum} answers", "zh": "不足 {minimum} 份"},
    "open_until": {"en": "Open until {deadline}", "zh": "{deadline} 截止"},
    "closed": {"en": "Closed", "zh": "已截止"},
    "qr_sheet": {"en": "QR sheet", "zh": "二维码"},
    "digest": {"en": "Digest", "zh": "摘要"},
    "photos_link": {"en": "Photos ({count})", "zh": "照片（{count}）"},
    "voice_link": {"en": "Voice notes ({heard})", "zh": "语音（{heard}）"},
    "both_link": {"en": "Photos ({count}), voice ({heard})", "zh": "照片（{count}）、语音（{heard}）"},
    "attachments_title": {"en": "{company}: photos and voice notes", "zh": "{company}：照片与语音"},
    "voice_heading": {"en": "Voice notes ({count})", "zh": "语音（{count}）"},
    "voice_who": {
        "en": "Only you hear them. What you write down is analysed like the expert's own text.",
        "zh": "语音仅供组委会收听；您记录的文字将与专家的文字一样参与分析。",
    },
    "voice_transcript": {"en": "What was said, word for word", "zh": "逐字记录"},
    "voice_hint": {
        "en": "In the language that was spoken. Leave out names. Empty takes it out of the digest.",
        "zh": "请按所说语言记录，略去姓名；留空则从摘要中移除。",
    },
    "voice_name": {"en": "Your name", "zh": "您的姓名"},
    "voice_save": {"en": "Save the transcript", "zh": "保存记录"},
    "voice_saved": {"en": "Saved. It is on its way to the digest.", "zh": "已保存，正在送往摘要。"},
    "voice_wrong": {
        "en": "Please give your name, and {most} characters at most.",
        "zh": "请填写姓名，记录最多 {most} 字。",
    },
    "voice_by": {"en": "Written down by {name}, {when}", "zh": "{name} 记录于 {when}"},
    "attachments_who": {
        "en": "Seen by you as organiser. The company sees only what is marked so, in its digest.",
        "zh": "此页仅供组委会查看。企业只能在摘要中看到标明可见的照片。",
    },
    "attachments_none": {"en": "No photo or voice note has arrived yet.", "zh": "尚未收到照片或语音。"},
    "digest_soon": {"en": "Digest from {minimum} answers", "zh": "满 {minimum} 份生成摘要"},
    "never_who": {
        "en": "You see how many have answered, never who wrote what.",
        "zh": "您能看到作答人数，看不到谁写了什么。",
    },
    "no_visits": {
        "en": "No visits yet. Load a programme, and they appear here.",
        "zh": "尚无参访安排。导入日程后将显示在此。",
    },
    # QR sheets
    "qr_title": {"en": "QR sheets: {fair}", "zh": "二维码：{fair}"},
    "qr_print": {"en": "Print this page: one sheet per visit, A5.", "zh": "打印本页：每场参访一张，A5。"},
    "qr_back": {"en": "Back to the programme", "zh": "返回日程"},
    "qr_alt": {"en": "QR code of the form", "zh": "问卷二维码"},
}
