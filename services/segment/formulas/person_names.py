"""Names of people, and how to split a run of names printed together."""

from __future__ import annotations

import re
from functools import lru_cache

from services.text.names import DOTS

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉"
    "宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳"
    "沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚"
    "闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖仝萨揭付覃植甯区岩苟但代战户仓覃税撒初官展兰原母亓由鹿迟栗矫刑咎"
)
# The hundred or so most common surnames. If a run of names divides in two ways, the way with these names is likelier.
COMMON = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "端木",
        "轩辕",
        "宇文",
        "长孙",
        "南宫",
        "西门",
        "澹台",
        "独孤",
        "闻人",
        "呼延",
        "万俟",
        "申屠",
        "淳于",
        "钟离",
        "赫连",
        "纳兰",
        "完颜",
        "拓跋",
    )
)
PLACES = frozenset(
    re.findall(
        "[^|]+",
        "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|"
        "湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|"
        "石家庄|太原|沈阳|大连|长春|哈尔滨|南京|杭州|合肥|福州|厦门|南昌|济南|青岛|郑州|武汉|"
        "长沙|广州|深圳|海口|成都|贵阳|昆明|西安|兰州|西宁|银川|拉萨|呼和浩特|南宁|乌鲁木齐|"
        "华盛顿|纽约|伦敦|巴黎|莫斯科|东京|首尔|柏林|",
    )
)


@lru_cache(maxsize=4096)
def split_names(run: str) -> tuple[str, ...]:
    """Split names printed without a space between them (许敏婷丁臻 → 许敏婷, 丁臻) by the likeliest surnames."""
    if len(run) <= 3 or run[0].isascii() or any(c in run for c in DOTS):  # noqa: PLR2004
        return (run,)
    if len(run) > 40:  # noqa: PLR2004
        return ()
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(run) + 1):
        options = []
        for size in (2, 3, 4):
            if size <= end:
                cost, names = best[end - size]
                options.append((cost + _name_cost(run[end - size : end]), (*names, run[end - size : end])))
        best.append(min(options) if options else (9.0, (run[:end],)))
    return best[-1][1]


def _name_cost(name: str) -> float:
    compound = name[:2] in COMPOUND
    known = compound or name[0] in SURNAMES
    usual = len(name) in {3, 4} if compound else len(name) in {2, 3}
    if len(name) == 4 and not known:  # noqa: PLR2004
        return 3.5  # 才旦卓玛: four characters without a surname are a single name
    surname = 0.0 if compound or name[0] in COMMON else 0.3 if known else 3.0
    return surname + (0.0 if usual else 2.5) + (0.2 if len(name) == 2 else 0.0)  # noqa: PLR2004


def is_surnamed(name: str) -> bool:
    """Return whether a name starts with a known surname, or dots separate its parts as in 阿依努尔·买买提."""
    return name[0] in SURNAMES or name[:2] in COMPOUND or any(c in name for c in DOTS)
