"""What the form and the receipt say about voice notes.

Data, a part of phrases.py.
"""

from collector.text import Bilingual

VOICE_PHRASES: dict[str, Bilingual] = {
    "voice_n": {"en": "Voice note {number}", "zh": "语音 {number}"},
    "voice_who_hears": {
        "en": "Two minutes at most. Only the organisers hear you; the company reads what they write down.",
        "zh": "每段最长 2 分钟。语音仅供组委会收听，企业只能看到整理后的文字。",
    },
    "voice_later": {
        "en": "You can add a voice note on the next page, after sending.",
        "zh": "提交后可在下一页添加语音。",
    },
    "voice_record": {"en": "Record a voice note", "zh": "开始录音"},
    "voice_stop": {"en": "Stop", "zh": "停止"},
    "voice_running": {"en": "Recording, {time} of 2:00", "zh": "正在录音 {time} / 2:00"},
    "voice_denied": {
        "en": "The microphone could not be used. You can choose a recorded file instead.",
        "zh": "无法使用麦克风，您可以改为选择录音文件。",
    },
    "voice_unkept": {
        "en": "The voice note could not be kept on this phone. It is lost when you close this page.",
        "zh": "语音未能保存在本机，关闭页面后将丢失。",
    },
    "voice_pending_one": {
        "en": "1 voice note pending: it is sent after your answers, by itself.",
        "zh": "1 段语音待传：提交答案后自动上传。",
    },
    "voice_pending": {
        "en": "{n} voice notes pending: they are sent after your answers, by themselves.",
        "zh": "{n} 段语音待传：提交答案后自动上传。",
    },
    "voice_coming": {"en": "Voice note {number} is still on its way.", "zh": "语音 {number} 尚未送达。"},
    "voice_refused": {"en": "Voice note {number} could not be read.", "zh": "语音 {number} 无法读取。"},
    "voice_bad": {
        "en": "This file could not be read as a recording. Your answers are safe.",
        "zh": "无法读取该录音文件，您的答案不受影响。",
    },
    "voice_long": {
        "en": "A voice note may have two minutes and 8 MB at most. Your answers are safe.",
        "zh": "每段语音最长 2 分钟、8 MB，您的答案不受影响。",
    },
    "voice_choose": {"en": "Choose a recording.", "zh": "请选择录音文件。"},
    "voice_too_many": {"en": "{most} voice notes at most.", "zh": "最多 {most} 段语音。"},
    "voice_pick": {"en": "Choose a recorded file", "zh": "选择录音文件"},
    "voice_add": {"en": "Add the voice note", "zh": "添加语音"},
    "voice_remove": {"en": "Remove voice note {number}", "zh": "移除语音 {number}"},
    "voice_only_summary": {
        "en": "Use voice note {number} for summaries only",
        "zh": "语音 {number} 改为仅用于汇总",
    },
    "voice_only_organiser": {
        "en": "Keep voice note {number} to the organisers",
        "zh": "语音 {number} 改为仅组委会可见",
    },
    "voice_written": {"en": "It has been written down.", "zh": "已整理成文字。"},
    "voice_readers": {"en": "Who may read what you said?", "zh": "谁可以阅读您所说的内容？"},
    "voice_quote": {"en": "The company, word for word", "zh": "企业可见原文"},
    "voice_summary": {"en": "The company, in summaries only", "zh": "企业仅见汇总"},
    "voice_organiser": {"en": "Only the organisers", "zh": "仅组委会可见"},
    "voice_sees_quote": {"en": "The company may read the words.", "zh": "企业可见文字。"},
    "voice_sees_summary": {"en": "For summaries only.", "zh": "仅用于汇总。"},
    "voice_sees_organiser": {"en": "Only for the organisers.", "zh": "仅组委会可见。"},
}
