"""The lexicon of weather items: a pattern for each kind of word, with the more specific patterns first.

The patterns read normalised text: half-width, lower case, simplified script, `°c` for ℃.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "day", "title", "warning", "humidity", "uv", "aqi", "pm25", "air", "other", "vague",
    "high", "low", "temperature", "sign", "number", "degree", "about", "open", "dash", "join",
    "slash", "direction", "level", "loose", "turn", "sky", "mild", "text", "blank", "pause", "stop",
]  # fmt: skip


def _any(words: str) -> str:
    """Return a pattern for any of `words`, the longest first."""
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


_DIGIT = "零〇一二两三四五六七八九"
NUMBER = rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?|[{_DIGIT}十]{{1,3}}(?:点[{_DIGIT}]+)?)"
_TO = r"\s*(?:[-~〜∼–—−/、]{1,2}|至|到)\s*"
_SPAN = rf"{NUMBER}(?:{_TO}{NUMBER})?"
_DEGREE = r"(?:°\s*c|摄氏度|度|°|o\s?c(?![a-z])|c(?![a-z]))"
_SIGNED = rf"(?:零下|[-−])?{NUMBER}"
_SIGNED_SPAN = rf"{_SIGNED}\s*{_DEGREE}?(?:{_TO}{_SIGNED})?\s*{_DEGREE}"
_BEGINS_NUMBER = rf"[-−–—零负\d{_DIGIT}十]"

_COMES_TO = r"(?:再度|缓慢)?(?:回升|上升|升高|下降|降低|回落|爬升|攀升|升|降|跌|下探)(?:至|到)"
_BEING = _any("为 是 在 约 大约 可 可达 达 达到 将 会 仅 仍 有 仍有 只有 可能 介乎 介于 摄氏 预计 预测 维持 保持")
_SPREAD = _any("普遍 大部 大致 分别 都 均 徘徊 处于 左右 录得")
SAYS = rf"(?:[\s:]|{_COMES_TO}|{_BEING}|{_SPREAD})*"
"""Words between the name of a value and the value, such as 可达 in 最高气温 可达 35℃."""

_DATE = (
    r"(?:\d{4}年)?(?:\d{1,2}|十?[一二三四五六七八九十])月[二三]?(?:\d{1,2}|十?[一二三四五六七八九十])[日号]"
    rf"|{NUMBER}[日号](?!照|间|均)"
)
_RELATIVE = (
    "大后[天日]|[今明后昨前][天日晚晨夜早]|今明后?(?:[两三]?[天日](?!气(?!温)))?|明后(?:两?天)?|[翌次][日晨]|当[日天晚]"
)
_STRETCH = (
    rf"(?:周|星期|礼拜)[一二三四五六日天末]|本周末?|周末|未来(?:{NUMBER}|几)[天日]|{NUMBER}天后|今起{NUMBER}[天日]"
)
PARTS = "白天 夜间 夜里 晚上 晚间 日间 上午 下午 傍晚 早晨 早上 清晨 凌晨 中午 午后 午间 前半夜 后半夜 入夜"
_HOUR = rf"(?:\s*{NUMBER}[时点](?!\d))?"
_DAY = rf"(?:{_DATE}|{_RELATIVE}|{_STRETCH}|{_any(PARTS)}){_HOUR}"
_DAYS = rf"{_DAY}(?:\s*(?:到|至|和|、|-|~|—|–)?\s*{_DAY})*起?(?:\s*\({_DAY}\))?"

_THREATS = _any(
    "台风 暴雨 暴雪 寒潮 大风 沙尘暴 沙尘 高温 干旱 雷电 冰雹 霜冻 大雾 霾 道路结冰 雷雨大风 雷暴 森林火险"
    " 强对流 地质灾害 山洪"
    " 重污染天气 持续低温 低温 海浪 风暴潮"
)
_WARNING = rf"{_THREATS}*(?:气象风险|气象灾害|天气)?[蓝黄橙红](?:色)?预警(?:信号)?"
_WARNING_HK = (
    r"[黄红黑]色暴雨警告(?:信号)?|(?:酷热|寒冷|雷暴|霜冻|山泥倾泻)(?:天气)?警告(?:信号)?"
    rf"|{NUMBER}号(?:(?:戒备|强风|烈风|飓风)[^\s,。;]{{0,10}}?信号|风球)"
)

_GRADE = rf"(?:{_any('优良 优 良好 良 轻度至中度污染 严重污染')}|[轻中重]度(?:污染)?|[一二三四五六]级)"
_AIR = rf"空气质量(?:等级|状况|级别)*{SAYS}以?(?P<air_value>{_GRADE}(?:[到至或~、/-]?{_GRADE})*)"
_AQI = rf"(?:空气质量指数|空气污染指数|aqi)\s*(?:\(aqi\)|aqi)?(?:指数)?{SAYS}(?P<aqi_value>{_SPAN})"
_PM25 = rf"pm\s*2\.?5(?:指数|[平日]?均?浓度)*{SAYS}(?P<pm25_value>{_SPAN})(?:\s*微克(?:/|每)立方米)?"
_HUMIDITY = rf"(?:相对|空气)?湿度{SAYS}(?P<humidity_value>{NUMBER}\s*%?(?:{_TO}{NUMBER})?)\s*(?:%|(?=[\s,。;]|$))"
_STRENGTH = _any("中等偏强 中等偏弱 很强 较强 极强 极高 甚高 中等 较弱 最弱 很弱 强 弱 高 低")
_UV = rf"紫外线(?:指数|强度|辐射|等级|级别)*{SAYS}属?(?P<uv_value>{_STRENGTH}|{_SPAN}\s*级?)"

_OTHER_DEGREES = (
    "体感温度 体感 水温 海温 海水温度 海表温度 地温 地表温度 路面温度 室内温度 露点 露点温度 湿球温度"
    " 平均气温 平均温度 日平均气温 平均最高气温 平均最低气温"
    " 年平均气温 实时气温 当前气温 现在气温 目前气温 当前温度 现在温度 历史极值 历史同期 常年同期"
)
_CHANGES = _any(
    "下降 上升 回升 降温 升温 升高 降低 回落 下跌 温差 偏高 偏低 降幅 升幅 幅度 骤降 骤升 下滑 高出 低出 较差 升 降 跌"
)
_CHANGE = (
    rf"(?:比|较|偏)[^,。;\d]{{1,10}}?[高低升降][了出约]?{_SPAN}\s*{_DEGREE}"
    rf"|{_CHANGES}(?:幅度)?(?:[\s:]|{_any('为 是 在 约 达 可达 达到 了 将 会 普遍 一般 有 超过')})*{_SPAN}\s*{_DEGREE}"
    rf"|{_SPAN}\s*{_DEGREE}(?:左右)?的?(?:降温|升温|温差|降幅)"
)
_PRECIPITATION = rf"(?:日|过程|累计|小时)?(?:降?雨量|降水量?|降雪量|积雪(?:深度)?){SAYS}{_SPAN}\s*(?:毫米|厘米|mm|cm)?"
_UNITS = (
    r"毫米/?(?:每?小?时)?|厘米|(?:公里|km)/?(?:每?小?时|h)?|千米|海里|米每秒|米/秒|米|m/s|mm|cm|小时|分钟"
    r"|微克(?:每|/)立方米|ug/m3|百帕|hpa|毫克"
    r"|个月|[时点](?!\d)|[年月天次期版号成倍分秒人万亿元名条处个轮场周区]"
)
_MEASURE = rf"{_SPAN}(?:至|到)?\s*(?:{_UNITS})(?:左右|以上|以下)?"

_LEVEL = (
    r"(?:小于|大于|低于|不足|不超过|[<>≤≥])?\s*"
    rf"(?:[一二三四五六七八九十]{{2}}|{NUMBER}(?:级?{_TO}{NUMBER})?)\s*级(?:左右|以下|以上)?"
)
_QUARTER = "[偏东南西北]{1,3}"
_DIRECTION = (
    rf"无持续风向(?:微风)?|风向[:\s]*[偏东南西北转到至]{{1,6}}风?|{_QUARTER}(?:[到至~-]{_QUARTER})?(?:季候|[阵微烈强])?风力?"
    rf"|(?:最大)?阵风|风力[达约为:]*"
    rf"|{_any('微风 和风 和缓 静风 软风 轻风 清风 清劲 强风 烈风 最大风力 海面风 旋转风')}"
)

_PAIRED = "[/、和与及到至~-]"


def _bound(extreme: str, other: str, times: str) -> str:
    """Return the pattern of 最高 or 最低, either before a number or next to the other word of this pair."""
    name = f"{extreme}(?:气温|温度|温)?"
    return (
        rf"(?:日|{times})?(?:(?:最{name}|{extreme}温)(?={SAYS}{_BEGINS_NUMBER})|最{name}(?=\s*{_PAIRED}?\s*最?{other})"
        rf"|(?:(?<=最{other}{_PAIRED})|(?<=最{other}气温{_PAIRED})|(?<=最{other})|(?<=最{other}气温))最{name}){SAYS}"
    )


_TEMPERATURE = rf"(?:全天|日夜|昼夜)?(?:气温|温度)(?={SAYS}(?:{_BEGINS_NUMBER}|最高|最低)){SAYS}|摄氏(?={NUMBER}|零|负)"
_TITLE = r"天气预报|天气实况|天气提示|天气趋势|天气(?=\s|:|$)|气象信息|气象预报|生活指数"
_PHENOMENA = _any(
    "晴朗 晴好 晴天 晴 多云 少云 密云 阴天 阴沉 阴雨 阴 雨夹雪 雷暴 雷电 强对流 冰雹 冻雨 骤雨 狂风 大风"
    " 雾霾 大雾 浓雾 轻雾 薄雾 烟霞 雾 霾 浮尘 扬沙 沙尘暴 沙尘 热带风暴 台风 霜冻 霜"
    " 冰冻 道路结冰 结冰 回南天 闷热 炎热 酷热 潮湿 干燥 寒冷 清凉 清爽 暴雪 雪 雨"
)
_MILD = _any(
    "局部 局地 部分 地区 有时 间中 间有 间或 间 短暂 零星 伴有 伴 并有 并 有 时有 时 大部 大致 阵 小 中 大"
    " 特大 雷 或 渐 短时 天色 天气 天空 分散"
)

LEXEMES: tuple[tuple[Kind, str], ...] = (
    ("stop", r"\s*[。;!?\n:]+\s*"),
    ("pause", r"\s*[,、()\[\]|【】“”\"《》·•●■◆▲★☆]+\s*"),
    ("blank", r"\s+"),
    ("warning", rf"{_WARNING}|{_WARNING_HK}"),
    ("other", r"(?:北纬|南纬|东经|西经)\s*[\d.]+\s*(?:度|°)?|\d{1,2}\s*:\s*\d{2}(?!\d)|\d{3,4}-\d{6,8}|\d{5,}"),
    ("day", _DAYS),
    ("title", _TITLE),
    ("aqi", _AQI),
    ("pm25", _PM25),
    ("other", r"pm\s*(?:2\.?5|10)|(?:o3|so2|no2|co2?)(?![a-z])"),
    ("air", _AIR),
    ("humidity", _HUMIDITY),
    ("uv", _UV),
    ("other", rf"(?:[㐀-鿿]{{1,4}}(?:指数|等级)|等级){SAYS}{_SPAN}\s*级?"),
    ("other", _PRECIPITATION),
    ("other", rf"{NUMBER}\s*%?(?:{_TO}{NUMBER})?\s*%"),
    ("other", rf"{_any(_OTHER_DEGREES)}{SAYS}{_SIGNED_SPAN}"),
    ("other", _CHANGE),
    ("other", rf"{_SPAN}\s*(?:°\s*f|华氏度)"),
    ("level", _LEVEL),
    ("vague", rf"(?:零下|-|−)?(?:{NUMBER}\s*[多来几余]|几十?|十几)\s*{_DEGREE}"),
    ("high", _bound("高", "低", "白天|日间|午后")),
    ("low", _bound("低", "高", "夜间|早晨|清晨")),
    ("loose", "(?:最高|最低)(?:气温|温度|温)?"),
    ("temperature", _TEMPERATURE),
    ("direction", _DIRECTION),
    ("other", _MEASURE),
    ("sign", rf"零下|零上|负(?=\s*{NUMBER})"),
    ("number", NUMBER),
    ("degree", rf"(?!度){_DEGREE}|(?:(?<=[\d{_DIGIT}十])|(?<=[\d{_DIGIT}十]\s))度|摄氏"),
    ("about", "左右|上下|之间|附近"),
    ("open", "以上|以下|以内|出头|或以[上下]"),
    ("dash", r"[-–—−]{1,2}"),
    ("slash", "/"),
    ("join", r"[~〜∼]{1,2}|至|到|和|与"),
    ("turn", "(?:逐渐|渐|后|并)?转(?:为|成|吹)?"),
    ("sky", _PHENOMENA),
    ("mild", _MILD),
    ("text", r"[^\s]"),
)
