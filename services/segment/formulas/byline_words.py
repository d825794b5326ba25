"""The words of bylines and credits: the roles of people, publishers, and the marks before or after names."""

from __future__ import annotations

from services.text.names import HAN_CHARACTER as HAN


def _words(printed: str) -> frozenset[str]:
    return frozenset(printed.split())


CALLED = {
    "记者": "记者",
    "通讯员": "通讯员",
    "报道员": "通讯员",
    "特派员": "特派员",
    "评论员": "评论员",
    "撰稿人": "撰稿",
    "撰稿": "撰稿",
    "实习生": "实习生",
    "作者": "作者",
    "摄影": "摄影",
    "摄像": "摄影",
    "图片": "摄影",
    "供图": "摄影",
    "图": "摄影",
    "文": "作者",
    "撰文": "作者",
    "采写": "作者",
    "执笔": "作者",
    "文字": "作者",
    "责任编辑": "责编",
    "责编": "责编",
    "编辑": "编辑",
    "编审": "审核",
    "审核": "审核",
    "审读": "审核",
    "终审": "审核",
    "校对": "校对",
    "校检": "校对",
    "责任校对": "校对",
    "美编": "美编",
    "美术编辑": "美编",
    "版式": "版式",
    "组版": "版式",
    "制图": "制图",
    "值班主任": "值班",
    "值班编委": "值班",
    "值班总编": "值班",
    "监制": "监制",
    "主编": "主编",
    "编译": "翻译",
    "译": "翻译",
    "指导老师": "指导",
    "指导教师": "指导",
    "辅导老师": "指导",
    "辅导教师": "指导",
    "翻译": "翻译",
    "整理": "整理",
    "策划": "策划",
    "统筹": "统筹",
    "执行": "执行",
    "口述": "口述",
}
"""Words before names in a credit, and the role that each word gives. An editor is not a reporter."""
PUBLISHER = (
    f"(?:新华社|中新社|本[报台网刊社]|(?<!{HAN}){HAN}{{1,8}}?"
    "(?:报社|[报社台网刊]|(?:融?媒体?|新闻|传媒|报道|全媒体|采编)中心|新媒体|融媒|客户端|传媒|工作室))"
)
RANK = (
    "特约|特派|首席|见习|实习|全媒体|融媒体|全媒|融媒|新媒体|高级|资深|主任|专职|前方|摄影|文字|视频|体育|财经|时政|值班|小|校园|学生"
    f"|驻{HAN}{{2,4}}?"
)
TURNS = "/／:：|｜丨│∣"
"""Characters between a role and its names."""
_CALLS = "|".join(
    word if len(word) > 1 else f"{word}(?=[ \u3000]*[{TURNS}])" for word in sorted(CALLED, key=len, reverse=True)
)
ROLE = f"{PUBLISHER}?(?:{RANK}){{0,3}}({_CALLS})[{TURNS}]?"
"""A role with the publisher and the rank before it. Its group is a key of `CALLED`."""

WORDS = _words("文 撰文 采写 采访 采编 报道 报导 综合报道 综合 译 编译 整理 撰 著 口述 文字 编写")
PICTURES = _words("图 摄 摄制 摄影 供图 制图 绘图 绘 插图 漫画 图片 拍摄")
BOTH = _words("文图 图文 文并图 摄影报道 摄影报导 文摄 文摄影 报道摄影 图片报道 采写摄影 采写摄")
MARKS = WORDS | PICTURES | BOTH
"""Words before or after names in a credit, which say that the text or the pictures are by these people."""

OFFICES = _words(
    "本报 评论员 编者 本报讯 新华社 报道 编辑部 综合 整理 本刊 本台 特约 见习 实习 文图 图文 调查 探访 亲历 观察"
    " 手记 札记 述评 采访 专访 体验 来信 报道组 采访组 受访者 受访 资料 资料图 网络 来源 主办方 供稿 署名 央视 新华"
    " 本人 校方 警方 热线 人民 时评 短评 快评 锐评 社论 评论 社评 观点 声音 民生 时政 责任 记者 作者 均为 除署名"
    " 通讯员 全文 读者 网友 市民 佚名 匿名 集体"
)
"""Words that look like names but are not people."""
SOURCE_BEGINNINGS = ("由", "据", "综合", "来源", "摘自", "转自", "转载", "原载", "编自", "均为", "本报")
SOURCE_ENDS = tuple(
    sorted(
        _words(
            "社 报 网 台 刊 中心 编辑部 客户端 新闻 电视 频道 工作室 公司 学院 大学 集团 局 委 部 办 馆 院 厂 中学 小学"
            " 医院 协会 记协 作协 文联 支队 大队 派出所 报道组 微信公众号"
            " 时评 锐评 快评 论坛 单位 社发 供稿 提供 发布 完 教师 教授 会员 研究员"
        )
    )
)
"""Endings of sources and offices. `SOURCE_BEGINNINGS` holds their beginnings.

A name of three characters with a surname may have such an ending too.
"""
