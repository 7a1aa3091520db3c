"""Exercises to notebooks 18 and 18b: codes of a telephone."""

import math
from collections.abc import Iterator
from typing import Any

import pyotp

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise

#: Seconds for which one code is shown.
_STEP = 30

#: A moment at which a time step begins.
_BEGIN = 59_000_000 * _STEP

# ---- 18.1

#: Guesses a day, days, codes that are good at once, and digits where they are not six.
_GUESSERS: tuple[tuple[int, ...], ...] = (
    (960, 365, 3),
    (20, 365, 2, 6),
    (20, 1, 1, 6),
    (500, 30, 3, 8),
    (10_000, 365, 3, 6),
    (50_000, 1000, 2, 7),
)


@exercise(
    "18.1",
    "follow",
    "Count the odds of a guesser",
    idea="Chances do not add up: what multiplies are the chances that every guess is wrong.",
    answer="odds",
    hints=(
        "The notebook did it for one guesser. What is the chance that one guess is wrong?",
        "Of `10**digits` codes, `good` are good. So one guess is wrong with the chance "
        "`1 - good / 10**digits`.",
        "All of some guesses are wrong with that chance to the power of their number, which is "
        "`guesses_a_day * days`.",
        "return 1 - (1 - good / 10**digits) ** (guesses_a_day * days)",
    ),
    not_checked="how exact the last digits are, and a guesser who picks codes that others like",
)
def _odds(ask: Ask) -> None:
    for given in _GUESSERS:
        a_day, days, good, digits = _all_of(*given)
        found = ask(*given, expected="a number from 0 to 1")
        ask.must(
            isinstance(found, int | float) and not isinstance(found, bool),
            ask.described(*given),
            f"{found!r:.60}",
            "a number from 0 to 1",
            "Is `return` there?" if found is None else "Return the number itself.",
        )
        one, guesses = good / 10**digits, a_day * days
        expected = 1 - (1 - one) ** guesses
        ask.must(
            math.isclose(found, expected, rel_tol=1e-6),
            ask.described(*given),
            f"{found:.6g}",
            f"{expected:.6g}",
            _forgotten(found, _all_of(*given), expected),
        )


def _all_of(a_day: int, days: int, good: int, digits: int = 6) -> tuple[int, int, int, int]:
    return a_day, days, good, digits


def _forgotten(found: float, given: tuple[int, int, int, int], expected: float) -> str:
    """Say what a wrong chance forgets, where that can be told."""
    a_day, days, good, digits = given
    guesses, one = a_day * days, good / 10**digits

    def is_about(value: float) -> bool:
        return math.isclose(found, value, rel_tol=1e-6)

    def odds(chance: float, number: int) -> float:
        return float(1 - (1 - chance) ** number)

    if is_about(one * guesses):
        return "Chances do not add up: twice as many guesses would be sure of more than all."
    if is_about(1 - expected):
        return "This is the chance that she does not get in."
    if is_about(expected * 100):
        return "A chance is from 0 to 1. Per cent are for people."
    if is_about(odds(one, a_day)):
        return "That is one day. How many guesses are all days together?"
    if is_about(odds(1 / 10**digits, guesses)):
        return "Some codes are good at the same time: what is `good` for?"
    if is_about(odds(good / 10**6, guesses)):
        return "A code of eight digits is one of a hundred million: what is `digits` for?"
    return "Begin with one guess: with which chance is it wrong?"


# ---- 18.2


def wide_window(seed, code, moment):
    """Return whether a code is good at a moment, in seconds. Something in it is wrong."""
    return pyotp.TOTP(seed).verify(code, for_time=moment, valid_window=10)


_EARLY = "Nobody has been shown this code yet: whose clock runs ahead, or who has the seed?"
_OTHERS = "It is a code of another seed, or none at all."
_TEN = "Fingers are slow: whoever begins to type at the end of the 30 seconds needs ten more."

#: How many seconds after a code has appeared it is sent, whether it is good, and what to say.
_AFTER = (
    (0, True, "The code is shown at this moment."),
    (15, True, "The code is shown at this moment."),
    (29, True, "The code is shown at this moment."),
    (30, True, _TEN),
    (39, True, _TEN),
    (300, False, "`valid_window` counts steps of 30 seconds, and on both sides: 10 are 21 codes."),
    (-300, False, "`valid_window` counts on both sides: also codes that nobody was shown yet."),
    (50, False, "A window of one step lets a code live for 30 seconds longer, and not for ten."),
    (59, False, "A window of one step lets a code live for 30 seconds longer, and not for ten."),
    (41, False, "Ten seconds longer, and not eleven."),
    (40, False, "In the tenth second after the 30 its time is over."),
    (61, False, "Its time is over."),
    (-1, False, _EARLY),
    (-10, False, _EARLY),
    (-29, False, _EARLY),
)


@exercise(
    "18.2",
    "apply",
    "Find the mistake: a code that lives for ten minutes",
    idea="Each second for which a code is good is one for whoever saw it.",
    answer="is_good",
    begins_with="wide_window",
    hints=(
        "In which unit does `valid_window` count? Look at what was good, and when.",
        "Without `valid_window`, `verify` takes the code of one time step: the one of `for_time`.",
        "Ten seconds longer means: the code was the one of the moment ten seconds ago.",
        "totp.verify(code, for_time=moment) or totp.verify(code, for_time=moment - 10)",
    ),
    not_checked="whether a code works once, and what is good in the app that calls this",
)
def _is_good(ask: Ask) -> None:
    for number, (after, wanted, hint) in enumerate(_rows()):
        seed = f"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[number % 32]}"
        begin = _BEGIN + number * 7 * _STEP
        code = pyotp.TOTP(seed).at(begin)
        called = f"is_good(seed, code, moment), {_when(after)}"
        _must_be_bool(ask, (seed, code, begin + after), called, wanted, hint)
    for wrong in ("000000", "", "12345", "1234567"):
        moment = _BEGIN + 15
        if wrong != pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(moment):
            called = f"is_good(seed, {wrong!r}, moment)"
            _must_be_bool(
                ask, ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", wrong, moment), called, False, _OTHERS
            )


def _rows() -> Iterator[tuple[int, bool, str]]:
    """Yield each row three times: a code may be that of another step by chance."""
    for row in _AFTER:
        yield from (row, row, row)


def _when(after: int) -> str:
    if after == 0:
        return "in the second in which the code appears"
    seconds = "1 second" if abs(after) == 1 else f"{abs(after)} seconds"
    return f"{seconds} {'before the code appears' if after < 0 else 'after the code has appeared'}"


def _must_be_bool(ask: Ask, given: tuple[Any, ...], called: str, wanted: bool, hint: str) -> None:
    ask.must_be(called, ask(*given, expected=f"{wanted}"), wanted, hint)


# ---- 18.3

_SEED = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"

_DRIFT = 10

_FULL = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001, as some keyboards type


@exercise(
    "18.3",
    "stretch",
    "Say which time step a code belongs to",
    idea="A code is worth the number of its time step: that number is what is kept and compared.",
    answer="matched_step",
    hints=(
        "Which time steps are good at this moment? Those of the moment ten seconds ago and of the "
        "moment in ten seconds: often they are one.",
        "The number of the time step of a moment is `moment // 30`. "
        "`pyotp.TOTP(seed).at(step * 30)` is its code.",
        "A step is good if it is greater than `last` and its code is the one that was typed. "
        "`hmac.compare_digest` takes strings of ASCII only, and bytes of any kind: "
        "`code.encode()`.",
        "for step in {(moment - 10) // 30, (moment + 10) // 30}: if step > last and "
        "hmac.compare_digest(totp.at(step * 30).encode(), code.encode()): return step",
    ),
    not_checked="how long the comparison takes, and whether the number is stored in one step",
)
def _matched_step(ask: Ask) -> None:
    totp = pyotp.TOTP(_SEED)
    here = _BEGIN // _STEP
    for after, of, last, expected, hint in _cases(here):
        moment, code = _BEGIN + after, totp.at(of * _STEP)
        found = ask(_SEED, code, moment, last, expected=f"{expected}")
        if found is False and expected is None:
            hint = "Return None where no step is good."
        elif found is True:
            hint = "Return the number of the step: the app has to store it."
        elif found is None and expected is not None and last < of:
            hint = f"{hint} Is `return` there?"
        ask.must(
            found == expected and type(found) is type(expected),
            f"matched_step(seed, code, moment, last), {_told(after, of - here, last - here)}",
            _relative(found, here),
            _relative(expected, here),
            hint,
        )
    _must_take_any_text(ask, totp, here)


def _cases(here: int) -> Iterator[tuple[int, int, int, int | None, str]]:
    """Yield: seconds into the time step, whose code is sent, the last one used, and what to say."""
    old = here - 100
    yield 15, here, old, here, "The code is the one that is shown."
    yield 0, here, old, here, "The time step begins at this second."
    yield 29, here, old, here, "The code is shown for one second more."
    yield 5, here - 1, old, here - 1, "It was shown five seconds ago, and fingers are slow."
    yield 9, here - 1, old, here - 1, "It was shown nine seconds ago, and fingers are slow."
    yield 10, here - 1, old, None, "Ten seconds after it was shown, its time is over."
    yield 15, here - 1, old, None, "Ten seconds after it was shown, its time is over."
    yield 25, here + 1, old, here + 1, "In five seconds it is shown: a clock may be ahead."
    yield 20, here + 1, old, here + 1, "In ten seconds it is shown: a clock may be ahead."
    yield 19, here + 1, old, None, "It is shown in eleven seconds, which is too early."
    yield 15, here + 1, old, None, "It is shown in fifteen seconds, which is too early."
    yield 15, here - 10, old, None, "This code is five minutes old."
    yield 15, here, here, None, "This step was used: `last` is its number."
    yield 5, here - 1, here, None, "A step before the last one that was used is over."
    yield 5, here, here - 1, here, "The step after the last one that was used is good."
    yield 25, here + 1, here, here + 1, "The step after the last one that was used is good."
    yield 15, here, here + 1, None, "A later step was used already."


def _told(after: int, of: int, last: int) -> str:
    steps = {0: "the step that is shown", 1: "the next step", -1: "the step before"}
    code = steps.get(of, f"{-of} steps ago")
    used = steps.get(last, "a step long ago")
    return f"{after} seconds into a step, with the code of {code}, where {used} was used last"


def _relative(step: Any, here: int) -> str:
    if type(step) is not int:
        return f"{step!r:.60}"
    if abs(step - here) > 200:
        return f"{step}, which is no number of a step here"
    return {0: "this step", 1: "the next step", -1: "the step before"}.get(
        step - here, f"{step - here:+} steps"
    )


def _must_take_any_text(ask: Ask, totp: pyotp.TOTP, here: int) -> None:
    moment, right = _BEGIN + 15, totp.at(_BEGIN)
    for sent, said in (
        ("", "an empty string"),
        ("ada", "letters"),
        (right[:5], "five of the six digits"),
        (right + "0", "seven digits"),
        ("äöüäöü", "letters with dots"),
        (right.translate(_FULL), "the right digits as wide characters"),
        ("\ud800" * 6, "half a character"),
    ):
        called = f"matched_step(seed, code, moment, last), where {said} was typed"
        try:
            found = ask.answer(_SEED, sent, moment, here - 100)
        except Exception as error:
            ask.errors.append(error)
            ask.must(
                False,
                called,
                f"{type(error).__name__}: {error!s:.60}",
                "None",
                "Visitors type anything. Compare bytes, and let `errors=` say what becomes of what "
                'has none: `code.encode(errors="replace")`.',
            )
        hint = "Only the six digits of a step that is good are its code."
        ask.must(found is None, called, _relative(found, here), "None", hint)
    # A code that begins with 0, which no number keeps.
    step = next(one for one in range(here, here + 10_000) if totp.at(one * _STEP)[0] == "0")
    found = ask(_SEED, totp.at(step * _STEP), step * _STEP + 15, here - 100)
    ask.must(
        found == step,
        f"matched_step(seed, {totp.at(step * _STEP)!r}, moment, last)",
        _relative(found, step),
        "this step",
        "Compare the codes as text: a number loses the 0 in front.",
    )
