"""The administrative divisions of China with their codes, from provinces to towns, and the countries of the world."""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

PROVINCE, CITY, COUNTY, TOWN = 2, 4, 6, 9
"""Digits that matter in the code of each level: GB/T 2260 to the county, GB/T 10114 for towns."""
GB_DIGITS = 6
PEOPLES = (
    "蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 "
    "景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 塔吉克族 怒族 裕固族 鄂温克族 保安族 独龙族 鄂伦春族 普米族 各族 "
    "蒙古 哈萨克 柯尔克孜 塔吉克 锡伯 达斡尔"
).split()
ENDING = re.compile(
    rf"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|(?:{'|'.join(PEOPLES)})+自治[州县旗]|自治[州县旗]|地区|新区|林区|[省市盟区县旗])$"
)
AMBIGUOUS = frozenset(
    "白银 来宾 日照 中山 大同 阿里 林芝 普洱 安康 朝阳 东方 和平 海东 海西 海北 黄南 红河 怒江 文山 大理 吴忠 三明 保定 长治 山南 和田 "
    "兴安 黄山 开封 安顺 通化 德宏 大庆 南通 平凉 商洛 广安 武威 安庆 定西 河池 北海 金华 丽水 吉安 泰安 白山 白城 庆阳 辽阳 "
    "东营 松原 通辽 伊春 四平 南平 龙岩 宣城 天水 昌吉 临夏".split()
)
"""Short names of cities that are words, rivers, hills or other places too; they count only with 市, 地区 or 州."""

COUNTRIES = tuple(
    "日本 韩国 朝鲜 蒙古国 越南 老挝 柬埔寨 泰国 缅甸 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 文莱 东帝汶 印度 巴基斯坦 孟加拉国 尼泊尔 不丹 斯里兰卡 锡兰 "
    "马尔代夫 阿富汗 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 伊朗 伊拉克 叙利亚 黎巴嫩 以色列 巴勒斯坦 约旦 沙特阿拉伯 沙特 科威特 卡塔尔 巴林 "
    "阿联酋 阿曼 也门 土耳其 塞浦路斯 格鲁吉亚 亚美尼亚 阿塞拜疆 俄罗斯 苏联 乌克兰 白俄罗斯 波兰 捷克 斯洛伐克 捷克斯洛伐克 匈牙利 罗马尼亚 保加利亚 南斯拉夫 塞尔维亚 "
    "克罗地亚 斯洛文尼亚 波黑 黑山 北马其顿 阿尔巴尼亚 希腊 意大利 梵蒂冈 西班牙 葡萄牙 法国 德国 民主德国 联邦德国 西德 东德 英国 爱尔兰 荷兰 比利时 卢森堡 瑞士 奥地利 "
    "丹麦 瑞典 挪威 芬兰 冰岛 爱沙尼亚 拉脱维亚 立陶宛 摩尔多瓦 马耳他 埃及 利比亚 突尼斯 阿尔及利亚 摩洛哥 苏丹 南苏丹 埃塞俄比亚 索马里 肯尼亚 坦桑尼亚 乌干达 卢旺达 "
    "布隆迪 刚果 刚果（金） 加蓬 喀麦隆 尼日利亚 尼日尔 加纳 科特迪瓦 塞内加尔 马里 几内亚 塞拉利昂 利比里亚 毛里塔尼亚 乍得 中非共和国 安哥拉 赞比亚 津巴布韦 莫桑比克 "
    "马拉维 纳米比亚 博茨瓦纳 南非 马达加斯加 毛里求斯 塞舌尔 美国 加拿大 墨西哥 古巴 海地 多米尼加 牙买加 巴哈马 巴巴多斯 危地马拉 洪都拉斯 萨尔瓦多 尼加拉瓜 哥斯达黎加 "
    "巴拿马 哥伦比亚 委内瑞拉 圭亚那 苏里南 厄瓜多尔 秘鲁 玻利维亚 巴西 巴拉圭 乌拉圭 阿根廷 智利 澳大利亚 新西兰 巴布亚新几内亚 斐济 所罗门群岛 瓦努阿图 萨摩亚 汤加 基里巴斯".split()
)


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division; `code` has the digits of its level, `full_name` the divisions above it."""

    code: str
    name: str
    full_name: str

    @property
    def gb_code(self) -> str:
        """The code as it is printed: six digits to the county, nine for a town."""
        return self.code.ljust(GB_DIGITS, "0")

    def within(self, other: Division) -> bool:
        """Return whether this lies in `other` (or is it)."""
        return self.code.startswith(other.code)


Codes = tuple[str, ...]
Index = dict[str, Codes]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Codes by the names that divisions go by: the whole name, and the short one of provinces, cities and counties.

    Strings only, so that the garbage collector need not look at forty thousand divisions again and again.
    """

    names: dict[str, str]
    whole: Index
    short: Index
    towns: Index


@cache
def gazetteer() -> Gazetteer:
    """Return the divisions of seeds/divisions.tsv.xz."""
    raw = lzma.decompress(files("seeds").joinpath("divisions.tsv.xz").read_bytes()).decode()
    names = dict(line.split("\t") for line in raw.splitlines())
    whole: Index = {}
    short: Index = {}
    towns: Index = {}
    for code, name in names.items():
        if len(code) == TOWN:
            towns[name] = (*towns.get(name, ()), code)
            continue
        whole[name] = (*whole.get(name, ()), code)
        brief = ENDING.sub("", name)
        if len(brief) > 1 and brief != name:
            short[brief] = (*short.get(brief, ()), code)
    return Gazetteer(names, whole, short, towns)


@lru_cache(maxsize=2**16)
def division(code: str) -> Division:
    """Return the division with `code`, which must be one of the gazetteer's."""
    names = gazetteer().names
    above = [
        names[code[:digits]] for digits in (PROVINCE, CITY, COUNTY) if digits < len(code) and code[:digits] in names
    ]
    return Division(code, names[code], "".join([*above, names[code]]))
