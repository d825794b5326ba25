"""The people an article is about: names told by surname and by the company they keep; who signs it is no one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from schemas.tagged import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.tag.document import Document

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦方白邹孟熊秦邱江尹薛段雷侯龙史陶黎贺顾毛郝龚邵万"
    "钱严覃武戴莫孔汤温康施牛樊葛邢齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝尚舒阮柯纪梅童凌毕季裴霍"
    "尤蔡丘巩屈涂成盛曲翁辛靳管柴鲍祁房滕解艾农司古车项芦麦褚娄窦戚景费卜席卫柏瞿佟臧苟邬卞姬栾刁荣巫甄丛仲虞敖查麻迟邝匡郁储栗燕楚谌冼蔺楼阙薄邸雍宿鹿苗谷单宁包汪"
)
DOUBLE_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 司徒 端木 皇甫 尉迟 公孙 慕容 令狐 夏侯 东方 南宫 独孤 闻人 澹台 长孙".split()
)
NO_NAME_ENDS = frozenset("区镇岛性风速平里路山河湖江海港湾站水度力县市村省层级率量线院局厅部会社馆店")
"""What a dictionary's three-character name does not end in where it is a person's."""
TITLES = (
    "书记 副书记 市长 副市长 县长 副县长 区长 副区长 省长 副省长 局长 副局长 厅长 副厅长 部长 副部长 主任 副主任 主席 副主席 会长 副会长 理事长 董事长 总经理 副总经理 经理 "
    "厂长 副厂长 院长 副院长 校长 副校长 所长 副所长 科长 副科长 处长 副处长 队长 镇长 副镇长 乡长 村主任 村支书 支书 社长 行长 站长 台长 馆长 教授 副教授 研究员 副研究员 专家 "
    "工程师 总工程师 医生 医师 老师 教师 同志 村民 农民 工人 职工 居民 市民 负责人 代表 委员 常委 演员 导演 作家 诗人 画家 总统 总理 副总理 首相 外长 国王 发言人 教练 主教练 队员 "
    "球员 选手 律师 法官 检察官 民警 战士 烈士 关员 员工 创始人 党员 院士 秘书长 副秘书长 司令员 司令 团长 师长 参谋长 政委 大使 总领事 秘书 馆员 社员 组长 班长 车间主任 技术员 "
    "大学生 研究生 学生 学者 歌手 艺术家 企业家 首席预报员 预报员 儿子 女儿 丈夫 妻子 父亲 母亲 先生 女士 小姐 总书记 委员长 副委员长 主持人 店主 老板 驾驶员 司机 护士 民兵 班主任"
).split()
AFTER = (
    "说 表示 介绍 告诉 指出 认为 强调 坦言 称 同志 先生 女士 小姐 教授 一行 主持 出席 会见 回忆 笑着说 解释 透露 摄 补充 感慨 谈到 致辞 讲话 宣布 分析 主任 局长 书记 市长 部长 主席 总理 "
    "委员 代表 夫妇 烈士 老师 医生"
).split()
REPORTER = re.compile(
    r"(?:特约记者|记者|通讯员|特约通讯员|报道员|实习生|摄影|图|文|作者|编辑|责编|编译|整理)[:: ]{0,2}((?:[\u4e00-\u9fff]{2,4}[、 ,]{1,2}){0,5}[\u4e00-\u9fff]{2,4})"
)
SOUNDS = (
    "阿艾安奥巴白班保鲍贝本比彼宾波伯博布查达戴丹德登邓迪蒂丁杜多恩尔法菲费芬弗福夫盖甘戈格哥古圭哈海汉豪赫亨胡华怀惠霍基吉加贾简杰金卡凯坎康考科可克肯库奎拉莱兰朗劳勒雷里利莉理丽连列林琳卢鲁伦"
    "罗洛马玛迈麦曼梅门蒙米密明莫默姆穆内纳娜南尼涅宁纽农诺欧帕潘佩彭皮平珀普奇恰钱乔切琴琼让日荣瑞萨塞赛桑森沙莎舍申圣施史斯丝思苏索塔泰坦汤特腾提廷图托陀瓦万旺威韦维温文翁沃乌伍西希锡夏先肖谢辛"
    "雅亚扬耶叶伊因英尤于约扎泽詹张兹佐祖朱茱柯翰逊顿敦姬蕾妮薇娅黛茜蓓堡尧岑不都买江提赛孜力肉木热依古丽"
)
"""Characters that foreign names are written with by their sound."""
DOTTED = re.compile(rf"[{SOUNDS}]{{1,7}}(?:[·•・][{SOUNDS}]{{1,7}}){{1,3}}")
NOT_GIVEN = frozenset(
    "说在等和同的为是对与向到出就从率表介告认指主会讲于以将把被让给使也都还又或但而则及并不了着过这那其他她它我你们上下中内外前后里间时年月日号个名位家所以之者已曾正再只才却如若因由至称摄便可能要想去来做"
)
HAN = re.compile(r"[\u4e00-\u9fff]+")
FULL_NAME = 3


class Person(NamedTuple):
    """A name at `start` to `end` of the normalised text."""

    start: int
    end: int


def people_of(document: Document, signers: Iterable[str]) -> tuple[Name, ...]:
    """Return the people named in the story, in order of first mention, without `signers` and those it calls reporters."""
    text = document.text
    away = set(signers) | set(_reporters(text))
    found = {person for person in _named(document) if text[person.start : person.end] not in away}
    names = sorted({text[person.start : person.end] for person in found}, key=lambda name: (text.index(name), name))
    people = []
    for name in names:
        first = min(person for person in found if text[person.start : person.end] == name)
        span = document.span(*first)
        if span is not None and not any(name != other and name in other for other in names):
            people.append(Name(name=span.text, mentions=text.count(name)))
    return tuple(people)


def _reporters(text: str) -> Iterator[str]:
    for match in REPORTER.finditer(text):
        for part in re.split(r"[、 ,]+", match[1]):
            yield from (part[:length] for length in (2, 3, 4) if len(part) >= length)


def _named(document: Document) -> Iterator[Person]:
    """Yield names known to the dictionary, names beside a title or a verb of speech, lists of them, and dotted names."""
    text, words = document.text, document.words
    for match in DOTTED.finditer(text):
        yield Person(match.start(), match.end())
    certain: list[Person] = []
    for number, (word, kind) in enumerate(zip(words.texts, words.kinds, strict=True)):
        start = words.bounds[number]
        if word[0] not in SURNAMES and word[:2] not in DOUBLE_SURNAMES:
            continue
        if (
            kind.startswith("nr")
            and len(word) == FULL_NAME
            and word[-1] not in NO_NAME_ENDS
            and _listed(document, start)
        ):
            certain.append(Person(start, start + len(word)))
            continue
        end = _name_end(document, number)
        if end is not None and _in_company(document, start, end, number):
            certain.append(Person(start, end))
    yield from certain
    for person in certain:
        yield from _list_after(document, person.end)


def _name_end(document: Document, number: int) -> int | None:
    """Return where the name ends that begins with word `number`: one to two characters of given name, whole words."""
    words = document.words
    first = words.texts[number]
    surname = 2 if first[:2] in DOUBLE_SURNAMES else 1
    end = words.bounds[number + 1]
    given = len(first) - surname
    if given == 1 and words.kinds[number].startswith("nr"):
        return end
    while given < 2 and number + 1 < len(words.texts):
        number += 1
        word = words.texts[number]
        if not HAN.fullmatch(word) or given + len(word) > 2 or (len(word) == 1 and word in NOT_GIVEN):
            break
        if word in TITLES or word in AFTER:
            break
        given += len(word)
        end = words.bounds[number + 1]
    if not 1 <= given <= 2:
        return None
    return end


def _in_company(document: Document, start: int, end: int, number: int) -> bool:
    """Return whether a title stands before the name, or a title or verb of speech after it."""
    text, words = document.text, document.words
    before = words.texts[number - 1] if number else ""
    if before in TITLES or (len(before) > 2 and before.endswith(tuple(t for t in TITLES if len(t) > 1))):
        return end - start >= FULL_NAME or not text[end : end + 1].isalpha() or text.startswith(tuple(AFTER), end)
    opened = not before or not HAN.fullmatch(before)
    return text.startswith(tuple(AFTER), end) and (opened and text[start] in SURNAMES)


def _listed(document: Document, start: int) -> bool:
    """Return whether the three-character name at `start` stands in a list of such names."""
    text, end = document.text, start + FULL_NAME
    return any(
        text[mark : mark + 1] == "、"
        and text[surname : surname + 1] in SURNAMES
        and HAN.fullmatch(text[surname : surname + 2])
        for mark, surname in ((end, end + 1), (start - 1, start - 1 - FULL_NAME))
    )


def _list_after(document: Document, end: int) -> Iterator[Person]:
    """Yield the names that go on after a name, parted by 、: each two or three characters from a surname on."""
    text = document.text
    while text[end : end + 1] == "、":
        match = re.compile(r"([\u4e00-\u9fff]{2,3})(?=[、,。;)等出参 ]|$)").match(text, end + 1)
        if match is None or match[1][0] not in SURNAMES or set(match[1][1:]) & NOT_GIVEN:
            return
        yield Person(match.start(1), match.end(1))
        end = match.end(1)
