"""What the receipt, the photos, readership, the consent notice and the lost-link page say.

Data, in both languages, like phrases.py, which takes it in.
"""

from collector.text import Bilingual

RECEIPT_PHRASES: dict[str, Bilingual] = {
    # Readership, beside each text
    "readers": {"en": "Who may read this?", "zh": "谁可以阅读？"},
    "readers_narrow": {
        "en": "You have sent this: you can choose fewer readers, not more.",
        "zh": "已提交的内容只能缩小阅读范围，不能扩大。",
    },
    "reader_quote": {"en": "The company, word for word", "zh": "企业可见原文"},
    "reader_summary": {"en": "Only counted in a summary", "zh": "仅计入汇总"},
    "reader_organiser": {"en": "Only the organisers", "zh": "仅组委会可见"},
    "reads_quote": {"en": "The company may read these words.", "zh": "企业可阅读原文。"},
    "reads_summary": {
        "en": "Counted in a summary; the company does not read these words.",
        "zh": "仅计入汇总，企业看不到原文。",
    },
    "reads_organiser": {"en": "Only the organisers read this.", "zh": "仅组委会可见。"},
    # The consent notice
    "notice_version": {"en": "Version {version}", "zh": "版本 {version}"},
    # Photos
    "photos_count": {"en": "{stored} of {count} have arrived.", "zh": "已送达 {stored} / {count} 张。"},
    "photos_later": {
        "en": "You can add photos on the next page, after sending.",
        "zh": "提交后，可在下一页添加照片。",
    },
    "photo_alt": {"en": "Photo {number}", "zh": "照片 {number}"},
    "photo_pending": {"en": "Photo {number} is still on its way.", "zh": "照片 {number} 尚未送达。"},
    "photo_refused": {"en": "Photo {number} could not be read.", "zh": "照片 {number} 无法读取。"},
    "photo_pick": {"en": "Choose photos", "zh": "选择照片"},
    "photo_pending_one": {
        "en": "1 photo pending: it is sent after your answers, by itself.",
        "zh": "1 张照片待上传，将在答案送达后自动发送。",
    },
    "photos_pending": {
        "en": "{n} photos pending: they are sent after your answers, by themselves.",
        "zh": "{n} 张照片待上传，将在答案送达后自动发送。",
    },
    "photo_unkept": {
        "en": "A photo could not be kept on this phone. It is lost when you close this page.",
        "zh": "有照片无法存入本机，关闭页面后将丢失。",
    },
    "photo_bad": {"en": "A photo could not be read.", "zh": "有照片无法读取。"},
    "photo_readers": {"en": "Who may see the photos?", "zh": "谁可以查看照片？"},
    "photo_quote": {"en": "The company too", "zh": "企业也可见"},
    "photo_organiser": {"en": "Only the organisers", "zh": "仅组委会可见"},
    "photo_sees_quote": {"en": "The company may see it.", "zh": "企业可见。"},
    "photo_sees_organiser": {"en": "Only the organisers see it.", "zh": "仅组委会可见。"},
    "photo_add": {"en": "Add photos", "zh": "添加照片"},
    "photo_choose": {"en": "Choose photos (JPEG, PNG, WebP)", "zh": "选择照片（JPEG、PNG、WebP）"},
    "photo_remove": {"en": "Remove photo {number}", "zh": "移除照片 {number}"},
    "photo_only_organiser": {
        "en": "Show photo {number} only to the organisers",
        "zh": "照片 {number} 改为仅组委会可见",
    },
    "only_fewer": {
        "en": "Fewer people can be chosen later, not more.",
        "zh": "之后只能缩小可见范围，不能扩大。",
    },
    "photo_none": {
        "en": "None of these files could be read as a photo. Your answers are safe.",
        "zh": "所选文件均无法作为照片读取。您的答案不受影响。",
    },
    "photo_some": {
        "en": "{count} of the files could not be taken. The others have arrived.",
        "zh": "{count} 个文件无法接收，其余已送达。",
    },
    "photo_choose_one": {"en": "Choose at least one photo.", "zh": "请至少选择一张照片。"},
    "photo_too_many": {"en": "{most} photos at most.", "zh": "最多 {most} 张照片。"},
    # Stages
    "stages": {"en": "How far your answers have come", "zh": "您的答案到了哪一步"},
    "stage_stored": {"en": "Stored", "zh": "已保存"},
    "stage_published": {"en": "On the way to the analysis", "zh": "已送往分析"},
    "stage_analysed": {"en": "Analysed", "zh": "已分析"},
    "stage_digest": {"en": "In digest no. {number}", "zh": "已收入第 {number} 期摘要"},
    "stage_current": {"en": "In the current digest", "zh": "已收入当前摘要"},
    "stage_not_used": {
        "en": "Not for the digest: only the organisers read it",
        "zh": "不收入摘要：仅组委会可见",
    },
    "stage_in_digest": {"en": "In the digest", "zh": "收入摘要"},
    "stage_waits": {"en": "not yet", "zh": "尚未"},
    "stage_unknown": {"en": "cannot be seen just now", "zh": "暂时无法查询"},
    "stage_done": {"en": "done", "zh": "已完成"},
    "stage_replied": {"en": "The company replied", "zh": "企业已回复"},
    # What the company lets the expert read
    "replies": {"en": "The company's reply to you", "zh": "企业对您的回复"},
    "reply_to_contact": {"en": "Your offer to be contacted", "zh": "您愿意接受联系"},
    "reply_new": {"en": "Not decided yet", "zh": "尚未决定"},
    "reply_accepted": {"en": "Accepted", "zh": "已采纳"},
    "reply_started": {"en": "In progress", "zh": "进行中"},
    "reply_done": {"en": "Done", "zh": "已完成"},
    "reply_declined": {"en": "Not taken up", "zh": "暂不采纳"},
    "stage_again": {"en": "Look again", "zh": "刷新"},
    # Revisions
    "revisions": {"en": "Earlier versions", "zh": "历次版本"},
    "revision_line": {"en": "Version {number}: {when}", "zh": "第 {number} 版：{when}"},
    "revisions_kept": {
        "en": "Every version is kept. Only the newest counts.",
        "zh": "各版本均会保留，仅以最新版本为准。",
    },
    "left_out": {
        "en": "Left out, because your other answers made these questions disappear:",
        "zh": "以下问题因您的其他回答而不再适用，未予保存：",
    },
    # Withdrawing
    "withdraw": {"en": "Withdraw my answers", "zh": "撤回我的答案"},
    "withdraw_title": {"en": "Withdraw your answers?", "zh": "确定撤回答案？"},
    "withdraw_means": {
        "en": "They disappear from the digest, and your photos are not shown any more. A digest that was "
        "printed before cannot be called back.",
        "zh": "您的答案将从摘要中移除，照片不再显示。此前已打印的摘要无法收回。",
    },
    "withdraw_again": {
        "en": "You can answer again with the same link until {deadline}.",
        "zh": "{deadline} 前，您仍可使用同一链接重新作答。",
    },
    "withdraw_yes": {"en": "Yes, withdraw them", "zh": "确认撤回"},
    "withdraw_no": {"en": "No, keep them", "zh": "不，保留"},
    "withdrawn_title": {"en": "Your answers are withdrawn", "zh": "您的答案已撤回"},
    "withdrawn_on": {"en": "You withdrew your answers on {when}.", "zh": "您已于 {when} 撤回答案。"},
    "withdrawn_form": {
        "en": "You withdrew your answers on {when}. If you like, answer again until {deadline}.",
        "zh": "您已于 {when} 撤回答案。如愿意，{deadline} 前可重新作答。",
    },
    "answer_again": {"en": "Answer again", "zh": "重新作答"},
    # A copy by e-mail
    "copy": {"en": "A copy by e-mail", "zh": "通过邮件接收副本"},
    "copy_to": {"en": "Your e-mail address", "zh": "您的邮箱"},
    "copy_send": {"en": "Send me a copy", "zh": "发送副本"},
    "copy_sent": {"en": "The copy is on its way.", "zh": "副本正在发送。"},
    "copy_wrong": {
        "en": "Enter an e-mail address, like name@institute.org",
        "zh": "请输入邮箱地址，例如 name@institute.org",
    },
    "copy_limit": {
        "en": "No more copies can be sent today. You can print this page instead.",
        "zh": "今日发送次数已用完，您可打印本页。",
    },
    # A lost link
    "lost_title": {"en": "Lost your link?", "zh": "链接找不到了？"},
    "lost_lead": {
        "en": "Enter the e-mail address to which you were invited. We send all your open links there.",
        "zh": "请输入您受邀时使用的邮箱，我们会将您所有未截止的链接发送至该邮箱。",
    },
    "lost_send": {"en": "Send me my links", "zh": "发送链接"},
    "lost_sent_title": {"en": "Look into your mailbox", "zh": "请查收邮件"},
    "lost_sent": {
        "en": "If this address was invited and has open links, a mail with them arrives within a few "
        "minutes. Look into the spam folder too. Nothing arrives? Ask the organisers.",
        "zh": "如该邮箱曾受邀且有未截止的链接，几分钟内将收到邮件，请同时查看垃圾邮件箱。"
        "如未收到，请联系组委会。",
    },
    "lost_link": {"en": "Lost your link?", "zh": "链接找不到了？"},
    "lost_home": {"en": "Ask again with another address", "zh": "换一个邮箱再试"},
}
