"""The organisations an article names: well-known ones by their names, others by how such names are built."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from schemas.tagged import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.tag.document import Document
    from services.tag.places import Mention

KNOWN = tuple(
    "国务院 中共中央 中央军委 全国人大 全国人大常委会 全国政协 中央纪委 中央统战部 中央宣传部 中央组织部 最高人民法院 最高人民检察院 外交部 国防部 发展改革委 国家发展改革委 国家发改委 "
    "教育部 科技部 工业和信息化部 工信部 国家民委 公安部 国家安全部 民政部 司法部 财政部 人力资源和社会保障部 自然资源部 生态环境部 住房和城乡建设部 交通运输部 水利部 "
    "农业农村部 农业部 商务部 文化和旅游部 国家卫生健康委 退役军人事务部 应急管理部 中国人民银行 审计署 国务院国资委 国资委 海关总署 国家税务总局 市场监管总局 国家统计局 "
    "国家林草局 国家能源局 国家移民管理局 国家外汇管理局 国家防总 国家森防指 中央气象台 中国气象局 中国证监会 国务院港澳办 国务院台办 国台办 国务院侨办 香港特区政府 澳门特区政府 "
    "全国工商联 中国侨联 全国总工会 共青团中央 全国妇联 中国科协 中国文联 中国残联 中国红十字会 民革中央 民盟中央 民建中央 民进中央 农工党中央 致公党中央 九三学社中央 台盟中央 "
    "致公党 农工党 九三学社 民革 民盟 民建 台盟 中华全国工商业联合会 中国和平统一促进会 中国海警局 中国科学院 中国工程院 中国社会科学院 中国红十字总会 新华社 人民日报社 中央电视台 "
    "联合国 世界贸易组织 世贸组织 世界卫生组织 世卫组织 国际货币基金组织 世界银行 欧盟 欧盟委员会 北约 东盟 国际奥委会 国际足联 世界气象组织 亚投行 上海合作组织".split()
)
HEADS = re.compile(
    r"有限责任公司|股份有限公司|有限公司|总公司|分公司|公司|集团|委员会|管委会|人大常委会|总工会|工商联|工商业联合会|联合会|促进会|统战部|宣传部|组织部"
    r"|总署|总局|管理局|监督局|应急局|商务局|教育局|公安局|财政局|统计局|气象局|水务局|交通局|税务局|工信局|卫健局|农业农村局|民政局|司法局|市场监管局|自然资源局"
    r"|人民政府|市政府|省政府|县政府|区政府|镇政府|人民法院|法院|检察院|海关|边检站|派出所|支队|救援队"
    r"|大学|学院|中学|小学|研究院|研究所|科学院|设计院|医院|银行|分行|协会|学会|商会|基金会|出版社|电视台|气象台|博物馆|图书馆|合作社"
    r"|[造制炼钢铁纸纺织机电化肥糖酒药水泥玻璃车船床具服装品器材革]厂"
)
MODIFIERS = frozenset({"n", "nz", "nt", "ns", "nr", "nrt", "j", "vn", "b", "l", "an", "ng", "nrfg"})
"""Parts of speech that a name is built of, in jieba's tags."""
VERBS_IN_NAMES = frozenset(
    "管理 建设 服务 投资 发展 开发 建筑 设计 生产 贸易 保险 广播 教育 研究 进出口 控股 运输 勘探 制造 检验 检疫 监督 工业 化工 救援 促进 建工 供销 印染".split()
)
NEVER = frozenset(
    "的 和 与 及 在 对 向 从 到 由 为 是 了 等 于 以 将 把 被 让 给 使 各 该 本 此 这 那 每 某 全 多 几 两 有 无 其 他 她 它 我 你 们 并 也 都 就 还 又 或 但 而 则 因 所 之 "
    "记者 同志 通讯员 企业 单位 部门 机构 一家 一些 许多 有关 相关 当地 各级 各地 全国各地 今年 去年 近日 日前 昨日 今日 昨天 今天 目前 家 个 名 位 所 号 月 日 年 时".split()
)
VAGUE = frozenset(
    "省 市 县 区 镇 国家 人民 地方 中央 上市 大型 外国 外资 私营 国营 民营 高等 重点 普通 民办 全市 全省 全国 全县 基层 母 子 总 分 跨国 科技 保险 商业 贸易 投资 房地产 石油 电力 汽车 集团 合资 所属 私人 生产 橡胶工业 出入境 常务 执行 专门 咨询 定点 公立 民营 社会 综合 专科 中医 妇幼 行业 龙头 相关 重点大学 名牌 工商 商业银行 外国 本国 著名 知名 专业 优秀 示范 骨干 子公司 母公司 下属 参股 控股 独资 股份制 房产 开发 建筑 物业 保安 运输 旅游 航空 航空公司 电信 影视 唱片 互联网 科研 技术 农业".split()
)
"""Words that alone before a head make no name: 上市公司, 国营造纸厂."""
PRIVATE = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "公司",
    "集团",
    "大学",
    "医院",
    "银行",
    "基金会",
    "出版社",
    "研究院",
    "研究所",
    "协会",
    "学会",
    "促进会",
)
"""Heads that need no place or proper name before them: what stands there is the name."""
LONGEST = 26
SHORTEST = 4


@cache
def _known() -> AhoCorasick:
    return AhoCorasick(list(KNOWN), matchkind=MatchKind.LeftmostLongest)


def organisations_of(document: Document, places: Sequence[Mention]) -> tuple[Name, ...]:
    """Return the organisations named in `document`, in order of first mention; `places` are those it names.

    Built for precision: a name must be well known, or end in what only organisations end in (有限公司, 统战部, 大学 …)
    and begin with a place or with words that name.
    """
    text, edges = document.text, document.edges
    spans = [
        (start, end) for _, start, end in _known().find_matches_as_indexes(text) if start in edges and end in edges
    ]
    spans.extend(_built(document, places))
    spans.sort(key=lambda span: (span[0], -span[1]))
    grouped: dict[str, list[tuple[int, int]]] = {}
    last_end = -1
    for start, end in spans:
        if start < last_end:
            continue
        last_end = end
        grouped.setdefault(text[start:end], []).append((start, end))
    names = []
    for group in grouped.values():
        span = document.span(*group[0])
        if span is not None:
            names.append(Name(name=span.text, mentions=len(group)))
    return tuple(names)


def _built(document: Document, places: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Yield the spans of names that are told by their last word."""
    text, edges = document.text, document.edges
    starts = [place.start for place in places]
    for match in HEADS.finditer(text):
        end = match.end()
        if end not in edges:
            continue
        begin = _begin(document, match.start(), starts, places)
        if begin is not None and SHORTEST <= end - begin <= LONGEST:
            yield begin, end


def _begin(document: Document, head: int, starts: Sequence[int], places: Sequence[Mention]) -> int | None:
    """Return where the name begins whose last word begins at `head`; None where it is no name."""
    words, text = document.words, document.text
    number = bisect_left(words.bounds, head)
    if words.bounds[number] != head:
        number -= 1
    earliest = max(head - LONGEST, 0)
    begin = words.bounds[number]
    modifiers: list[str] = [text[begin:head]] if begin < head else []
    while number > 0 and words.bounds[number - 1] >= earliest:
        word, kind = words.texts[number - 1], words.kinds[number - 1]
        if word == ")":
            opening = text.rfind("(", earliest, begin)
            if not any(place.start == opening + 1 and place.end == begin - 1 for place in places):
                break
            number = bisect_left(words.bounds, opening)
            begin = opening
            continue
        if not _builds(word, kind):
            break
        modifiers.insert(0, word)
        number -= 1
        begin = words.bounds[number]
    first = bisect_left(starts, begin)
    if first < len(starts) and starts[first] < head:
        return starts[first]
    while modifiers and (modifiers[0] in VAGUE or len(modifiers[0]) == 1):
        begin += len(modifiers.pop(0))
        number += 1
    if not modifiers or not text.startswith(PRIVATE, head):
        named = number < len(words.kinds) and words.kinds[number] in {"ns", "nz", "nt"}
        return begin if modifiers and named else None
    return begin


def _builds(word: str, kind: str) -> bool:
    """Return whether `word` may stand within a name."""
    if word in NEVER or not word.isalnum():
        return False
    return (
        kind in MODIFIERS
        or word in VERBS_IN_NAMES
        or (len(word) == 1 and kind not in {"p", "c", "u", "d", "r", "v", "m", "q", "y"})
    )
