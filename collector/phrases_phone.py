"""What the form says while its script runs: steps, keeping, sending, two versions.  Data, like phrases.py."""

from collector.text import Bilingual

PHONE: dict[str, Bilingual] = {
    "progress": {"en": "Progress", "zh": "进度"},
    "notices": {"en": "Notices", "zh": "提示"},
    "start": {"en": "Start", "zh": "开始填写"},
    "back": {"en": "Back", "zh": "上一步"},
    "continue": {"en": "Continue", "zh": "下一步"},
    "to_check": {"en": "Check answers", "zh": "核对答案"},
    "check_title": {"en": "Check and send", "zh": "核对并提交"},
    "steps_lead": {"en": "{count} short steps.", "zh": "共 {count} 小步。"},
    "all_on_one": {"en": "Show all questions on one page", "zh": "在一页显示全部问题"},
    "in_steps": {"en": "Show one step at a time", "zh": "分步显示"},
    "offline_head": {"en": "No connection.", "zh": "暂无网络。"},
    "offline": {
        "en": "Keep going. Your answers are saved on this phone and are sent when you are back online.",
        "zh": "请继续填写，答案已存在本机，联网后自动发送。",
    },
    "restored_head": {"en": "Welcome back.", "zh": "欢迎回来。"},
    "unsent_head": {"en": "Your answers have not been sent.", "zh": "您的答案尚未提交。"},
    "unsent_here": {
        "en": "They are only on this phone, and some browsers delete what a page has kept after a week "
        "without a visit.",
        "zh": "内容只存在本机，有些浏览器会在一周未打开后自动清除。",
    },
    "deadline_is": {"en": "The deadline is {deadline}.", "zh": "截止时间为{deadline}。"},
    "start_again": {"en": "Start again", "zh": "重新填写"},
    "unsafe": {
        "en": "This browser cannot keep your answers: they are gone when the page is closed. "
        "Send them before you close it, or save them as a file.",
        "zh": "此浏览器无法保存您的答案，关闭页面后会丢失。请在关闭前提交，或另存为文件。",
    },
    "wechat": {
        "en": "Expecting a place without reception? Tap ⋯ and open this page in your browser: "
        "WeChat may not open it again offline.",
        "zh": "参访地点信号不好？请点右上角“⋯”，选择在浏览器中打开；微信内离线时可能打不开本页。",
    },
    "no_language": {
        "en": "No connection: the other language could not be loaded. Your answers are still here.",
        "zh": "暂无网络，无法切换语言。您的答案仍在本页。",
    },
    "no_copy": {
        "en": "This browser cannot open this page again without reception: keep it open until your answers "
        "have arrived.",
        "zh": "此浏览器在没有网络时无法再次打开本页，请保持本页打开，直到答案送达。",
    },
    "pending_head": {"en": "Not all sent yet.", "zh": "尚未全部送达。"},
    "pending": {
        "en": "Photos or voice notes that wait on this phone: {n}. They are sent by themselves while a page "
        "of this link is open.",
        "zh": "本机还有 {n} 份照片或语音待上传，本页打开期间会自动重试。",
    },
    "pending_until": {"en": "Next try at about {time}.", "zh": "约 {time} 再次尝试。"},
    "earlier_head": {"en": "Not all sent yet.", "zh": "尚有未发送的答案。"},
    "no_page": {"en": "No connection", "zh": "暂无网络"},
    "no_page_help": {
        "en": "This page needs a connection. What has arrived is safe; what was not sent is on this phone.",
        "zh": "查看本页需要网络。已送达的内容已妥善保存，尚未发送的内容仍在本机。",
    },
    "two_versions": {"en": "There are two versions of your answers", "zh": "您的答案有两个版本"},
    "two_versions_help": {
        "en": "They were changed in two places. Choose the one you want to go on with.",
        "zh": "答案在两处被修改过。请选择要继续使用的版本。",
    },
    "sending": {"en": "Sending your answers", "zh": "正在发送"},
    "sending_help": {
        "en": "One moment. They are saved on this phone.",
        "zh": "请稍候，答案已存在本机。",
    },
    "queued": {"en": "Saved on this phone. Not sent yet.", "zh": "已存在本机，尚未发送。"},
    "queued_unsafe": {"en": "Not sent yet.", "zh": "尚未发送。"},
    "queued_help": {
        "en": "There is no connection now. Your answers are sent by themselves once you have reception. "
        "If you close this page, open it again later to make sure.",
        "zh": "目前没有网络，有信号后会自动发送。若关闭本页，请稍后再打开确认。",
    },
    "queued_busy": {
        "en": "The server has no time just now. Your answers are sent by themselves while this page is open. "
        "If you close it, open it again later to make sure.",
        "zh": "服务器繁忙。本页打开期间答案会自动重发。若关闭本页，请稍后再打开确认。",
    },
    "send_now": {"en": "Send now", "zh": "立即发送"},
    "save_file": {"en": "Save my answers as a file", "zh": "将答案另存为文件"},
    "refused": {
        "en": "Your answers were not accepted. They are still on this phone.",
        "zh": "答案未被接收，仍保存在本机。",
    },
    "refused_help": {
        "en": "Save them as a file and give the file to the organisers. They can still add it.",
        "zh": "请另存为文件并交给组委会，组委会仍可补录。",
    },
    "arrived_help": {
        "en": "To see or change them, you need a connection.",
        "zh": "如需查看或修改，请先连接网络。",
    },
    "to_receipt": {"en": "See my receipt and what was stored", "zh": "查看回执和已保存的内容"},
    "another": {"en": "Answer for another person", "zh": "为另一位专家填写"},
}

# The script's own words, in the language of the page; {…} is filled in on the phone.
SCRIPT: dict[str, Bilingual] = {
    "step": {"en": "Step {n} of {total}", "zh": "第 {n} 步，共 {total} 步"},
    "saved": {"en": "Saved on this phone {time}", "zh": "已存本机 {time}"},
    "not_saved": {"en": "Not saved", "zh": "未保存"},
    "restored": {"en": "We kept your answers from {time}.", "zh": "已恢复 {time} 保存的答案。"},
    "unsent": {
        "en": "You wrote them on {time}. They count only once you send them.",
        "zh": "填写于 {time}，提交后才会计入反馈。",
    },
    "waited": {
        "en": "They have waited since {time}. Save them as a file too, to be safe.",
        "zh": "自 {time} 起未能发送，建议同时另存为文件。",
    },
    "change": {"en": "Change", "zh": "修改"},
    "comma": {"en": ", ", "zh": "、"},
    "count": {"en": "{n} of {most} characters", "zh": "{n} / {most} 字"},
    "use_here": {"en": "Use the version on this phone ({time})", "zh": "使用本机的版本（{time}）"},
    "use_other": {
        "en": "Use the version from the other device ({time})",
        "zh": "使用另一设备的版本（{time}）",
    },
    "use_sent": {"en": "Use what has arrived ({time})", "zh": "使用已送达的版本（{time}）"},
    "differ": {"en": "Different answers: {list}", "zh": "答案不同的问题：{list}"},
    "until": {"en": "Next try at about {time}.", "zh": "约 {time} 再次尝试。"},
    "received": {"en": "Received {time}. Reference", "zh": "{time} 收到，编号"},
    "earlier": {
        "en": "Answers of others that still wait on this phone: {n}.",
        "zh": "本机还有 {n} 份他人的答案待发送。",
    },
}
