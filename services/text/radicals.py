"""Unicode's EquivalentUnifiedIdeograph: the ideograph for each radical or stroke (⼈ U+2F08 -> 人 U+4EBA).

Some fonts map the glyph of an ideograph to its radical too. PDF extractors then return the radical. Compatibility
normalisation (NFKC) folds the 214 Kangxi radicals, but only two of the 115 radicals in the CJK Radicals Supplement.

Generated from EquivalentUnifiedIdeograph.txt of Unicode 17.0.0: all 214 Kangxi radicals, 114 of the supplement (U+2E80
has no equivalent) and 20 strokes. Each entry gives a code point, and the ideographs for it and for the code points
after it.
"""

from __future__ import annotations

_RUNS: tuple[tuple[int, str], ...] = (
    (0x2E81, "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵"),
    (0x2E9B, "旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶"),
    (0x2ECD, "辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"),
    (0x2F00, "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾"),
    (0x2F32, "干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生"),
    (0x2F64, "用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷"),
    (0x2F96, "豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻"),
    (0x2FC8, "黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"),
    (0x31C6, "𠃌"),
    (0x31CF, "乀一丨丿丿丶𠃍乛𠃊𠃎𠄌亅𡿨𠃋乀𠃑乚乙𠄎"),
)

EQUIVALENTS: dict[str, str] = {
    chr(first + offset): ideograph for first, run in _RUNS for offset, ideograph in enumerate(run)
}
"""Radical or stroke -> the equivalent ideograph."""
