"""Correct typing slips: characters that sound or look like another character that makes a word of the dictionary.

Try a correction only where the typed text finds nothing, and accept it only where the correction finds something.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from services.text.normal import normalise
from services.text.words import is_word, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST: Final = 4
"""A word with one wrong character has at most this many characters."""
MOST: Final = 6
"""The most corrections worth trying."""
LONGEST_TEXT: Final = 40
"""The most characters of a text to correct.

Every change finds the words of the entire run again. So 500 characters took 0.6 s; 40 characters take 0.03 s.
"""
HAN_RUN: Final = re.compile("[\u4e00-\u9fff]{2,}")
LOOK_ALIKE: Final = (
    "己已巳 末未 日曰 戊戌戍 人入八 土士 千干于 天夭 贝见 免兔 王玉主 候侯 科料 治冶 "
    "析折拆 往住 拔拨 官宫 准淮 晴睛清情请 辨辩辫 暴爆瀑 蓝篮监 竟竞 荼茶 崇祟 刺剌 "
    "历厉励 徒徙 棵颗 幕墓慕暮幂 蔽弊 藉籍 洁浩 冠寇 采彩 栽载裁 梁粱 燥躁操 踪综 "
    "喝渴竭揭 漂飘票 遣谴遗 型形 圆园 密蜜 副付 做作 象像 坐座 代带 壁璧 搏博 偏编篇遍 "
    "狼狠 鸟乌 今令 间问 大太犬 目且 微徽 抑仰 吊吕 孑子 弋戈 毫豪 哀衰衷 "
    "险俭验检捡剑脸敛 坝埧 渗掺 账帐胀 陪赔倍培 妨防访仿纺坊 抢枪沧仓苍 怀坏 稿搞 挡档 "
    "峡狭侠 决诀抉 粮娘 蓄畜 班斑 钱浅线残 汽气 州洲舟 莓霉 纲钢网岗 煤媒谋 货贷 坡破披 "
    "扰忧优 峰蜂锋逢 驻柱注 烧浇绕饶 堵赌睹 塘糖 讯迅汛 拦栏烂 塔搭 券卷 申甲由田 买卖 "
    "兵乒乓 体休 旱早 午牛 失矢 币巾 史吏 灾灭 沉沈 场扬汤 捕铺补 植值殖 建健键 供洪拱 "
    "评坪苹 桥侨娇骄 案按 港巷 坠堕 购沟构 埋理霾 凋调 赢嬴 概慨溉 粹悴 歉谦 瞻赡 缀辍 "
    "拴栓 赃脏 喧暄渲 戴带载 耗号 署暑 贸留 税锐脱 策荣 营菅 苗描瞄 毒每 疫役 疾疫 "
    "院完 晓浇 铁轶 轨轧 航杭 频颇 预顷 领颂 标际 准难"
)
"""Groups of characters that look so similar that a hurried reader confuses them, with blanks between."""


def corrections(text: str) -> tuple[str, ...]:
    """Return what `text` may have been meant to be, likeliest first, with one character changed in an unknown word.

    A correction makes a word of the dictionary where there was none, so that fewer characters are left over. A text
    whose words are all known has no corrections. Neither has a text longer than `LONGEST_TEXT`.
    """
    plain = normalise(text).text
    if len(plain) > LONGEST_TEXT:
        return ()
    found: dict[str, tuple[int, int, int]] = {}
    for run in HAN_RUN.finditer(plain):
        before = _strangeness(run[0])
        for order, (start, changed) in enumerate(_changed(run[0])):
            after = _strangeness(changed)
            if after < before:
                whole = plain[: run.start()] + changed + plain[run.end() :]
                found.setdefault(whole, (*after, order + start))
    return tuple(sorted(found, key=lambda whole: (*found[whole], whole)))[:MOST]


def _strangeness(run: str) -> tuple[int, int]:
    """Return how many characters of `run` are in no word of two or more characters, and how many words it has."""
    found = words(run)
    return sum(len(word) for word in found if len(word) == 1 or not is_word(word)), len(found)


def _changed(run: str) -> Iterator[tuple[int, str]]:
    """Yield the place and the run with one character changed, so that it has a dictionary word where there was none."""
    for size in range(LONGEST, 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if is_word(part):
                continue
            for at, character in enumerate(part):
                for other in alike(character):
                    word = part[:at] + other + part[at + 1 :]
                    if is_word(word):
                        yield start, run[:start] + word + run[start + size :]


@lru_cache(maxsize=2**12)
def alike(character: str) -> tuple[str, ...]:
    """Return the characters that sound (in any tone) or look like `character`, in the order of their codes."""
    readings, sounding = _readings()
    found = {other for reading in readings.get(character, ()) for other in sounding[reading]}
    found |= {other for group in LOOK_ALIKE.split() if character in group for other in group}
    return tuple(sorted(found - {character}))


@cache
def _readings() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Return the readings of each character of GB 2312 without tones, and the characters of each reading."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  # takes half a second; only needed where nothing was found

    readings: dict[str, tuple[str, ...]] = {}
    sounding: dict[str, list[str]] = {}
    for character in _common():
        readings[character] = tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
        for reading in readings[character]:
            sounding.setdefault(reading, []).append(character)
    return readings, {reading: tuple(characters) for reading, characters in sounding.items()}


def _common() -> Iterator[str]:
    """Yield the 6,763 characters of GB 2312, which an input method offers first."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
