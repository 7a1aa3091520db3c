"""Names: how one is written, by what it is compared, and what it looks like.

Two users must not have names that people take for one. So a name is kept in three forms: as it was
written; its key, which is the same for every spelling of it (`ADA` and `ada`); and its looks, which
another name has if a reader could take one for the other (`ada`, and the same in Cyrillic). As the
case of letters tells no names apart, one of the looks is that of the name in capitals.

Sources: RFC 8265 for the first two, Unicode Technical Standard 39 for the third.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from precis_i18n import get_profile

from .refusals import BadName

_WRITTEN = get_profile("UsernameCasePreserved")
_COMPARED = get_profile("UsernameCaseMapped")

#: Scripts of what stands in texts of any script: digits, signs, accents.
_NEUTRAL = {"COMMON", "INHERITED"}

#: Scripts that one word may mix, because its language does.
#: Source: UTS 39, section 5.2, "Highly Restrictive".
_MIXES = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)

#: Letters that lose their own dot below another accent, so that one more dot changes nothing.
#: Source: The Unicode Standard, section 7.1, and its property Soft_Dotted.
_DOTTED_TWICE = re.compile("(?<=[ij\u0268\u029d\u0456\u0458])\u0307")

#: What the library's data has around letters that are written from right to left.
_LEFT_TO_RIGHT = "\u200e"

#: Allowed in some scripts, and not to be seen. All others of the kind are in no name.
_JOINERS = re.compile("[\u200c\u200d]")

#: Letters of the size of small ones in the form of capitals. Few of them have capitals in Unicode.
_SMALL_CAPITAL = re.compile("LATIN LETTER SMALL CAPITAL ([A-Z])")

#: More marks than this on one letter are in no word.
#: Source: UTS 39, section 5.4, "Optional Detection".
_MOST_MARKS = 4

#: Reasons for which PRECIS refuses a character that a reader would not see.
_UNSEEN = {"controls", "precis_ignorable_properties", "join_control", "zero_width_joiner"}
_UNSEEN |= {"zero_width_nonjoiner"}


@dataclass(frozen=True)
class Name:
    """A name in the forms that are stored.

    Attributes:
        written: as it was written, in one way to write each character.
        key: what it is compared by; the same for each spelling.
        looks: what it may be taken for. Names that have one in common look alike.
    """

    written: str
    key: str
    looks: tuple[str, ...]


def read_name(text: str) -> Name:
    """Make a name of what somebody typed.

    Source: RFC 8265, section 3.1: a username is one or more parts with one space between them, and
    each part is enforced by itself; sections 3.3 and 3.4 for the profiles. The profile that keeps
    the case gives the name as written, and the one that maps it gives the key.

    Args:
        text: what was typed.

    Returns:
        The name.

    Raises:
        BadName: it holds what no name may hold, mixes scripts, or has marks that cannot be told.
    """
    try:
        parts = text.split(" ")
        written = " ".join(_WRITTEN.enforce(part) for part in parts)
        key = " ".join(_COMPARED.enforce(part) for part in parts)
    except UnicodeEncodeError as error:
        raise BadName(_why(error)) from None
    _require_one_script(written)
    _require_plain_marks(written)
    # A capital I looks like a small l, and its small letter does not: both spellings count. So do
    # the capitals, because a word of Cyrillic ones looks like a word of ours only there.
    looks = {_skeleton(key), _skeleton(written), _skeleton("".join(map(_capital, key)))}
    return Name(written, key, tuple(sorted(looks)))


def _why(error: UnicodeEncodeError) -> str:
    """Say for people why PRECIS refuses a text."""
    kind = error.reason.partition("/")[2]
    if kind == "empty":
        return "This is empty, or has a space at an end, or two in a row."
    if kind == "bidi_rule":
        return "This mixes letters that are written from the left and from the right."
    if kind == "not_idempotent":
        return "This holds a character that has no single small letter. Use another."
    found = error.object[error.start]
    if kind in _UNSEEN or unicodedata.category(found)[0] == "C":
        return "This holds a character that cannot be seen."
    return (
        f"This holds the character U+{ord(found):04X}, which no name may have. Use letters, "
        "digits, and the signs of a plain keyboard."
    )


def _require_one_script(written: str) -> None:
    """Refuse a name in letters of several scripts, most of which look like those of another.

    Raises:
        BadName: it is one.
    """
    if written.isascii():  # Latin, and signs that all scripts share
        return
    from confusable_homoglyphs.categories import unique_aliases  # reads its table when imported

    scripts = unique_aliases(written.replace(" ", "")) - _NEUTRAL
    if len(scripts) > 1 and not any(scripts <= mix for mix in _MIXES):
        shown = " and ".join(sorted(script.replace("_", " ").title() for script in scripts))
        raise BadName(f"This mixes letters of several scripts: {shown}. Use those of one.")
    if "UNKNOWN" in {script.upper() for script in scripts}:
        raise BadName("This holds a character that is too new to be compared. Use another.")


def _require_plain_marks(written: str) -> None:
    """Refuse accents that lie on one another: nobody sees how many there are.

    Source: UTS 39, section 5.4, "Optional Detection", on sequences of nonspacing marks.

    Raises:
        BadName: there are such.
    """
    number, before = 0, ""
    for character in unicodedata.normalize("NFD", written):
        number = number + 1 if unicodedata.category(character) == "Mn" else 0
        if number > _MOST_MARKS or (number > 1 and character == before):
            raise BadName("This has the same accent twice on one letter, or too many. Use fewer.")
        before = character


def _capital(character: str) -> str:
    """Return what a letter looks like as a capital, or the letter if it has none of its own."""
    small = _SMALL_CAPITAL.fullmatch(unicodedata.name(character, ""))
    upper = small[1] if small else character.upper()
    return upper if len(upper) == 1 else character


def looks_plain(text: str) -> bool:
    """Tell whether a text in other letters may be taken for one in plain ones.

    Args:
        text: the text.

    Returns:
        Whether it has a look in common with some text in ASCII.
    """
    return not text.isascii() and _skeleton(text).isascii()


def _skeleton(text: str) -> str:
    """Return what a text has in common with all that look like it.

    Source: UTS 39, section 4, "Confusable Detection". The characters of the result mean nothing by
    themselves: any that stands for all of its class will do.
    """
    classes = _look_alikes()
    plain = _DOTTED_TWICE.sub("", _JOINERS.sub("", unicodedata.normalize("NFD", text)))
    looks = "".join(classes.get(character, character) for character in plain)
    return unicodedata.normalize("NFD", looks)


@lru_cache
def _look_alikes() -> dict[str, str]:
    """Return for each character what stands for it and all that look like it.

    The library tells which texts look alike, in both directions, and not which of them stands for
    the others. Here that is the one with the lowest number.
    """
    from confusable_homoglyphs.confusables import confusables_data  # a megabyte, for who needs it

    alike: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}  # one character that looks like several, such as m like rn
    for one, others in confusables_data.items():
        first = one.replace(_LEFT_TO_RIGHT, "")
        for other in others:
            second = other["c"].replace(_LEFT_TO_RIGHT, "")
            if len(first) == len(second) == 1:
                alike.setdefault(first, set()).add(second)
            elif len(first) == 1 < len(second):
                spelled[first] = second
    stands_for = {one: min(group) for group in _groups(alike) for one in group}
    for one, several in spelled.items():
        looks = "".join(stands_for.get(each, each) for each in several)
        stands_for |= dict.fromkeys(_group_of(one, alike), looks)
    return stands_for


def _groups(alike: dict[str, set[str]]) -> Iterator[set[str]]:
    """Yield each set of characters that look alike, over however many others."""
    left = set(alike)
    while left:
        group = _group_of(next(iter(left)), alike)
        left -= group
        yield group


def _group_of(one: str, alike: dict[str, set[str]]) -> set[str]:
    group, ahead = {one}, [one]
    while ahead:
        more = alike.get(ahead.pop(), set()) - group
        group |= more
        ahead += more
    return group
