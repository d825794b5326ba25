"""Printed formulas of Chinese newspapers that show what a line is.

All patterns read the `Row.plain` texts joined by newlines. `Row.plain` has no blanks, simplified script, and half-width
digits and letters.
"""

from __future__ import annotations

import re

_NAME = "[\u4e00-\u9fff·]{2,4}"
_PUBLISHER = "(?:本报|本刊|本网|新华社|[\u4e00-\u9fff]{1,4}(?:报|社|网|台))"
_NUMBER = "(?:\\d{1,3}|[一二三四五六七八九十]{1,3})"
_TURN = f"(?:至|到|自)?(?:本报|今日)?(?:第?[A-Z]?{_NUMBER}[版页]|头版|[上下][版页])"
TURN_MARKS = "▶►→>＞》»▷◀◄←<＜《«◁▲△▼▽■□★☆●○◆◇※⇒⇐➡⬅➤➔➜☞☛☜①-⑳（(\\[［【〔〖"
"""Arrows, brackets and other marks before a jump line, for a character class."""
TURN_ENDS = "）)\\]］】〕〗》»▶►→>＞▷◀◄←<＜⇒⇐➡⬅➤➔➜①-⑳"
"""Arrows and brackets after a jump line, for a character class."""
UNFINISHED = "(?:(?:未完|全文|余文|文章)[,，]?)?"
"""Words between the bracket and the verb of a jump line: （未完，转第3版）."""
_BEFORE_TURN = f"[{TURN_MARKS}…·—-]"
_AFTER_TURN = f"[{TURN_ENDS}。…·—-]*"
_HAN = "[\u4e00-\u9fff]"
_DAY = "(?:\\d{4}年\\d{1,2}月\\d{1,2}日|\\d{4}[-./]\\d{1,2}[-./]\\d{1,2})(?:星期.|周.)?"
_EDITOR = "(?:责任编辑|责编|编辑|执行编辑|值班编辑|值班编委|值班主任|主编|组稿)(?!部|们|室|在|说|出|了|和|的)"
_BESIDE_EDITOR = "电话|热线|邮箱|信箱|邮件|[Ee]-?[Mm]ail|@|QQ|微信|美编|美术编辑|版式|校对|组版|审读|视觉|制图"
_PAGE_LINES = (
    f"第[A-Z]?{_NUMBER}[版页](?:[,，/]?共{_NUMBER}[版页])?",
    "[A-Z]?\\d{1,3}版",
    "[—–－·•-]+\\d{1,3}[—–－·•-]+",
    f"[（(]?(?:原载|来源[:：])?[《〈]?{_HAN}{{2,12}}[》〉]?[（(,，]?{_DAY}[,，]?第?[A-Z]?{_NUMBER}版(?:[:：]?{_HAN}{{2,6}})?[）)]?",
    f"(?:本版|本期)?{_EDITOR}[^。！？，]{{0,40}}(?:{_BESIDE_EDITOR})[^。！？，℃]*",
)
_DATELINE = (
    "[\u4e00-\u9fff]{0,12}(?:\\d{1,4}年)?(?:[\\d一二三四五六七八九十]{1,3}月)?(?:[\\d一二三四五六七八九十]{1,3}[日号])?"
)

PATTERNS: dict[str, str] = {
    "lead": f"^(?:据)?(?:本报|本台|新华社|新华网|中新社|本网|[\u4e00-\u9fff]{{1,3}}报){_DATELINE}(?:讯|电|消息)",
    "lead_short": "^(?:本报讯|本台消息|本报消息|本刊讯)",
    "reporter": "记者|特派员",
    "reporter_start": (
        f"^(?:[■○●◆□▲△★☆◎◇▶►]|文/|文图/|文并图/|采写/|采写)?(?:{_PUBLISHER})?"
        "(?:特约|驻[\u4e00-\u9fff]{2,4}|见习|实习)?(?:记者|通讯员|特派员|编辑)[:：]?"
    ),
    "correspondent": "通讯员",
    "text_by": "^(?:文|图文|文图|文并图|撰文|采写|整理|作者)[/:：]",
    "parenthesised_reporter": "[（(](?:[\u4e00-\u9fff]{0,6}记者|通讯员|作者)",
    "signature_end": f"[（(](?:[\u4e00-\u9fff]{{0,6}}(?:记者|通讯员))?{_NAME}[\u4e00-\u9fff、,，]*[)）]$",
    "photo_end": "(?:摄影报道|/摄|摄影?|供图|制图|发)[)）]?$",
    "photo_by": "^(?:图|摄影|摄|照片|供图)[/:：]|图/[\u4e00-\u9fff]{2,4}$",
    "photo_word": "摄",
    "caption_start": "^(?:[▲▼△▽◀►▶↑↓←→]|图为|图[①-⑩\\d一二三四五六七八九]|[上下左右]图|图片|[①-⑩])",
    "to_page": "下转",
    "from_page": "上接",
    "jump_only": (
        f"^(?:{_BEFORE_TURN}*{UNFINISHED}(?:紧)?(?:下转|上接)[^。]{{0,9}}"
        f"|{_BEFORE_TURN}*{UNFINISHED}(?:紧?转接?|紧?接|下接|续[接自见]?){_TURN}{_AFTER_TURN})$"
    ),
    "page_line": f"(?<![转接至到]\n)^(?:{'|'.join(_PAGE_LINES)})$",
    "editor": "责任编辑|责编|编辑[:：/]|^编辑|版式|校对|组版|美编|美术编辑|值班|主编|电子邮箱|审读|终审|检校",
    "issue_number": "第\\d+期|总第|今日\\d+版|国内统一|刊号|邮发代号|零售",
    "contact": "网址|www\\.|热线|@|邮箱|电话[:：]|微信|http|订阅|广告部|投稿|传真",
    "publisher": "主管|主办|出版|承办",
    "weekday": "星期[一二三四五六日天]|农历",
    "date": "\\d{4}年\\d{1,2}月\\d{1,2}日",
    "date_only": "^\\d{4}年\\d{1,2}月\\d{1,2}日(?:星期.)?$",
    "paper_name": "(?:日报|晚报|时报|商报|都市报|晨报|早报|周报|快报|导报|新报)$",
    "teaser": "^(?:导读|今日导读|要闻导读|今日看点)$|[（(>→·…]*[A-Z]?\\d{1,2}版[)）]?$",
    "weather": "℃|天气|气温|[东南西北]风|阵风|微风|晴|雷阵雨|多云|小雨",
    "temperature": "\\d(?:℃|度)",
    "folio": "^[A-Z]?0?\\d{1,2}(?:版)?$",
    "bracketed": "^[\\[［【●■◆★▲][^\\]］】。，]{2,12}[\\]］】●■◆★▲]?$",
    "bracket_label": "^[\\[［【●■◆][\u4e00-\u9fff0-9]{2,10}[\\]］】●◆■]$",
    "round_label": (
        "^(?:简讯|短讯|短新闻|要闻速递|一句话新闻|新闻速览|快讯"
        "|[\u4e00-\u9fff]{0,4}(?:快递|短波|简讯|要闻|速递|速览|集锦|动态|点击))$"
    ),
    "picture_label": (
        "^(?:影像|镜头|光影|图片新闻|新闻图片|图片报道|图片故事|摄影报道|图说|图闻|聚焦|科普|深度"
        "|[\u4e00-\u9fff]{0,4}图片)$"
    ),
    "bullet": "^[●■◆★▲○◇□△☆▶►•·※]",
    "dash_start": "^[—─－-]{1,2}",
    "dash_any": "[—─]{2}",
    "colon": "[：:]",
    "book": "《",
    "quote": "“",
    "said": "说[，：。:]|表示|指出|强调|认为",
    "pronoun": "[我他她它你您](?:们)?|这些?|那些?",
    "function": "的|了|在|是|和|也|就|都|而|但",
    "numbered": "^[（(]?[一二三四五六七八九十]{1,2}[)）、．.]|^其[一二三四五六]|^之[一二三四五六]",
    "ad": "公告|通知|启事|拍卖|招标|承接|广告|挂失|声明|征稿|敬请",
    "today_date": "[今昨]天|[今昨]日|\\d日|\\d号",
    "unit": "\\d(?:[.\\d]*)(?:%|亿|万|元|吨|米|年|月|日|人|个|公里|美元)",
}
JUMP_ENDS = ("版", "页", *")）]］】〕〗》»>＞▶►→▷⇒➡➤")
"""What a row with a jump line glued to its end ends in."""
GLUED_JUMP = re.compile(
    f"(?:下转第?[A-Z]{{0,2}}{_NUMBER}版|{_BEFORE_TURN}{UNFINISHED}(?:紧?转接?|下[转接]|续见?){_TURN}){_AFTER_TURN}$"
)
COMPILED = {name: re.compile(pattern, re.MULTILINE) for name, pattern in PATTERNS.items()}
NAMES = tuple(COMPILED)
