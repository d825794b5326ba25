"""The people an article is about: names recognised by surname and context; the article's signers are left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from schemas.tagged import Name
from services.tag.vocabulary import words
from services.text.names import HAN_CHARACTER
from services.text.patterns import when_used
from services.text.words import PERSON_TAGS, is_word
from services.text.words import tag as word_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.topics.document import Document

SURNAMES = frozenset(words("surnames"))
DOUBLE_SURNAMES = frozenset(words("double_surnames"))
SURNAME_BEGINNINGS = SURNAMES | {surname[0] for surname in DOUBLE_SURNAMES}
TITLES = frozenset(words("titles"))
LONG_TITLES = tuple(title for title in words("titles") if len(title) > 1)
AFTER = words("after_names")
NOT_GIVEN = frozenset(words("not_given"))
NOT_NAME_ENDS = frozenset(words("not_name_ends"))
PHOTOGRAPHER = re.compile(rf"({HAN_CHARACTER}{{2,3}}) ?摄(?!{HAN_CHARACTER})")
"""A credit at the end of a body: 李芳摄."""
NOT_PEOPLE = frozenset(words("not_people"))
SOUNDS = "".join(words("sounds"))
REPORTER = re.compile(
    r"(?:记者|通讯员|报道员|实习生|摄影|图|文|作者|编辑|责编|编译|整理)[:: ]{0,2}"
    rf"((?:{HAN_CHARACTER}{{2,4}}[、 ,]{{1,2}}){{0,5}}{HAN_CHARACTER}{{2,4}})"
)
SOUND = rf"(?:[{SOUNDS}]|(?<=彼)得)"
DOTTED = re.compile(rf"{SOUND}{{1,7}}(?:[·•・]{SOUND}{{1,7}}){{1,3}}")
DOTTED_NAME = when_used(rf"{HAN_CHARACTER}{{2,8}}[·•・]({HAN_CHARACTER}{{1,8}})")
"""A dotted name in any characters, which counts only beside a title or a verb of speech: 村民古丽娜尔·买买提说."""
HAN = re.compile(f"{HAN_CHARACTER}+")
TRADES = frozenset("长相员师户工匠手者生领民警医兵")
"""The endings of words for trades and offices."""
FULL_NAME = 3
LONGEST_GIVEN = 2


class Person(NamedTuple):
    """A name at `start` to `end` of the normalised text."""

    start: int
    end: int


def named_in(document: Document, signers: Iterable[str]) -> tuple[Person, ...]:
    """Return where the story names people, in order, except `signers` and people whom the text calls reporters."""
    away = set(signers) | set(_reporters(document.text))
    found = {person for person in _named(document) if document.text[person.start : person.end] not in away}
    return tuple(sorted(found))


def people_of(document: Document, found: Iterable[Person]) -> tuple[Name, ...]:
    """Return the facet: each person of `found` once, in order of first mention."""
    text = document.text
    found = tuple(found)
    names = sorted({text[person.start : person.end] for person in found}, key=lambda name: (text.index(name), name))
    people = []
    for name in names:
        first = min(person for person in found if text[person.start : person.end] == name)
        printed = document.quote(*first)
        if printed and not any(name != other and name in other for other in names):
            people.append(Name(name=printed, mentions=text.count(name)))
    return tuple(people)


def _reporters(text: str) -> Iterator[str]:
    for match in PHOTOGRAPHER.finditer(text):
        yield match[1][-FULL_NAME:]
        yield match[1][-2:]
    for match in REPORTER.finditer(text):
        for part in re.split(r"[、 ,]+", match[1]):
            yield from (part[:length] for length in (2, 3, 4) if len(part) >= length)


def _named(document: Document) -> Iterator[Person]:
    """Yield names beside a title or a verb of speech, names in the dictionary, names in lists, and dotted names."""
    tokens = document.words
    yield from _dotted(document)
    certain: list[Person] = []
    candidates = [
        number
        for number, word in enumerate(tokens.texts)
        if word[0] in SURNAME_BEGINNINGS and (word[0] in SURNAMES or word[:2] in DOUBLE_SURNAMES)
    ]
    for number in candidates:
        word, start = tokens.texts[number], tokens.bounds[number]
        known = (
            tokens.kinds[number].startswith("nr")
            and len(word) == FULL_NAME
            and word[:2] not in DOUBLE_SURNAMES
            and word[-1] not in NOT_NAME_ENDS
        )
        if known and word not in NOT_PEOPLE and (_listed(document, start) or _is_name(document, number)):
            certain.append(Person(start, start + len(word)))
            continue
        end = _name_end(document, number)
        if end is not None and _in_company(document, start, end, number) and _may_name(document, start, end):
            certain.append(Person(start, end))
    yield from certain
    for person in certain:
        yield from _list_after(document, person.end)


def _dotted(document: Document) -> Iterator[Person]:
    """Yield dotted names: foreign names by the characters for their sounds, others after a title and before a verb."""
    text = document.text
    sounding = [Person(_next_edge(document, match.start()), match.end()) for match in DOTTED.finditer(text)]
    for person in sounding:
        cut = HAN.match(text, person.end) and not text.startswith(AFTER, person.end)
        yield Person(person.start, person.end + 1) if cut and text.startswith(AFTER, person.end + 1) else person
    for match in DOTTED_NAME().finditer(text):
        start = next((at for at in range(match.start(), match.start(1)) if text.endswith(LONG_TITLES, 0, at)), None)
        end = next((at for at in range(match.start(1) + 1, match.end() + 1) if text.startswith(AFTER, at)), None)
        if start is not None and end is not None and not any(start < person.end <= end for person in sounding):
            yield Person(start, end)


def _next_edge(document: Document, position: int) -> int:
    """Return `position`, or the end of the word that it cuts: 朱塞佩 begins after 总理, though 理 might be a sound."""
    bounds = document.words.bounds
    return bounds[bisect_left(bounds, position)]


def _name_end(document: Document, number: int) -> int | None:
    """Return the end of the name that begins with word `number`; a given name is complete words, 1-2 characters."""
    tokens = document.words
    first = tokens.texts[number]
    surname = 2 if first[:2] in DOUBLE_SURNAMES else 1
    end = tokens.bounds[number + 1]
    given = len(first) - surname
    if given == 1 and surname == 1 and tokens.kinds[number].startswith("nr") and not _goes_on(document, number):
        return end
    while given < LONGEST_GIVEN and number + 1 < len(tokens.texts):
        number += 1
        word = tokens.texts[number]
        if given + 1 <= LONGEST_GIVEN < given + len(word) and document.text.startswith(AFTER, end + 1):
            if word[0] not in NOT_GIVEN:
                end += 1  # a word that continues past the name's end: 欧阳修|文说
                given += 1
            break
        if not HAN.fullmatch(word) or given + len(word) > LONGEST_GIVEN or (len(word) == 1 and word in NOT_GIVEN):
            break
        if word in TITLES or word in AFTER:
            break
        given += len(word)
        end = tokens.bounds[number + 1]
    if not 1 <= given <= LONGEST_GIVEN:
        return None
    return end


def _goes_on(document: Document, number: int) -> bool:
    """Return whether the word after a known two-character name is its third character: 黎明|辉 before a verb of speech.

    After a title any verb is enough, if the word itself is not a verb: 诗人|柳青|禾|朗诵.
    """
    text, tokens = document.text, document.words
    following = tokens.texts[number + 1] if number + 1 < len(tokens.texts) else ""
    if len(following) != 1 or not HAN.fullmatch(following) or following in NOT_GIVEN:
        return False
    start, end = tokens.bounds[number + 1 : number + 3]
    if text.startswith(AFTER, start):
        return False
    if text.startswith(AFTER, end):
        return True
    titled = text.endswith(LONG_TITLES, 0, tokens.bounds[number])
    nominal = tokens.kinds[number + 1][:1] in {"n", "g", "x", "j", "z"}
    goes_on = number + 2 < len(tokens.kinds) and (tokens.kinds[number + 2][:1] in {"v", "u"})
    return titled and nominal and goes_on


def _in_company(document: Document, start: int, end: int, number: int) -> bool:
    """Return whether a title comes before the name, or a title or verb of speech comes after it."""
    text, tokens = document.text, document.words
    before = tokens.texts[number - 1] if number else ""
    if before in TITLES or text.endswith(LONG_TITLES, 0, start):
        return end - start >= FULL_NAME or not text[end : end + 1].isalpha() or _does(document, end)
    if tokens.kinds[number - 1][:1] == "n" and len(before) > 1 and before[-1] in TRADES:
        return end - start >= FULL_NAME or text.startswith(AFTER, end)
    opened = not before or not HAN.fullmatch(before)
    surnamed = text[start] in SURNAMES or text[start : start + 2] in DOUBLE_SURNAMES
    return text.startswith(AFTER, end) and opened and surnamed


def _may_name(document: Document, start: int, end: int) -> bool:
    """Return whether the words allow a name: 查验 and 高兴地 are what somebody does, and 任期 is a thing.

    Such a word (高峰) is a name only as a noun between a title and a word that follows names. A noun may begin a name
    of three characters (温家|宝, 王国|龙).
    """
    text, name = document.text, document.text[start:end]
    if name in NOT_PEOPLE:
        return False
    if name[:2] in DOUBLE_SURNAMES:
        return True
    whole, beginning = _ordinary(name), _ordinary(name[:2]) if len(name) == FULL_NAME else ""
    if not whole and (not beginning or (beginning[0] in "njtsg" and name[-1] not in NOT_NAME_ENDS)):
        return True
    between = text.startswith(AFTER, end) and text.endswith(LONG_TITLES, 0, start)
    return between and (not whole or whole[0] == "n")


def _ordinary(word: str) -> str:
    """Return the part of speech of a word that is not a name in the dictionary; otherwise nothing."""
    found = word_tag(word) if is_word(word) else None
    return found if found is not None and found not in PERSON_TAGS else ""


def _does(document: Document, end: int) -> bool:
    """Return whether a verb or preposition follows a name that ends at `end`."""
    tokens = document.words
    number = bisect_left(tokens.bounds, end)
    return document.text.startswith(AFTER, end) or tokens.kinds[number][:1] in {"v", "p", "d"}


def _is_name(document: Document, number: int) -> bool:
    """Return whether a word tagged as a name is a name: no word after the surname (高素质), no noun next (龙井茶园)."""
    tokens = document.words
    following = slice(number + 1, number + 2)
    for word, kind in zip(tokens.texts[following], tokens.kinds[following], strict=True):
        if kind[:1] == "n" and word not in TITLES:
            return False
    return not is_word(tokens.texts[number][1:])


def _listed(document: Document, start: int) -> bool:
    """Return whether the three-character name at `start` is in a list of such names."""
    text, end = document.text, start + FULL_NAME
    return any(
        text[mark : mark + 1] == "、"
        and text[surname : surname + 1] in SURNAMES
        and HAN.fullmatch(text[surname : surname + 2])
        for mark, surname in ((end, end + 1), (start - 1, start - 1 - FULL_NAME))
    )


def _list_after(document: Document, end: int) -> Iterator[Person]:
    """Yield the names that follow a name in a list with 、; each has a surname and two or three characters in all."""
    text = document.text
    while text[end : end + 1] == "、":
        match = re.compile(rf"({HAN_CHARACTER}{{2,3}})(?=[、,。;)等出参 ]|$)").match(text, end + 1)
        if match is None or match[1][0] not in SURNAMES or set(match[1][1:]) & NOT_GIVEN:
            return
        yield Person(match.start(1), match.end(1))
        end = match.end(1)
