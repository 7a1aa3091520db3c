"""The lines that the reader writes in notebooks 00b and 00c: a decorator and a query."""

from collections.abc import Mapping
from typing import Any

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.finding import must_find
from flasklogin_tutorial.exercises.lines.line import line

Names = Mapping[str, Any]


@line(
    "0b",
    "Write what a decorator returns",
    idea="A decorator is handed a function and returns another one, which may call the first.",
    name="loudly",
    solution="""
def loudly(function):
    def louder():
        return function().upper()

    return louder
""",
    hints=(
        "`louder` has to call the function that `loudly` was handed. It is called `function`.",
        "`function()` gives a string. A string in capitals is what its method `upper` gives.",
        "return function().upper()",
    ),
)
def _decorate(ask: Ask, names: Names) -> None:
    for word in ("hello", "good evening"):
        called: list[str] = []

        def speak(word: str = word, called: list[str] = called) -> str:
            called.append(word)
            return word

        made = ask(speak, expected="a function")
        ask.must(
            callable(made),
            f"loudly(a function that returns {word!r})",
            f"{made!r:.60}",
            "a function",
            "Leave the last line of `loudly` as it was: return louder, without brackets.",
        )
        ask.must(
            not called,
            f"loudly(a function that returns {word!r})",
            "the function was called at once",
            "it is called when the new function is",
            "Call the function inside `louder`.",
        )
        try:
            said = made()
        except Exception as error:
            said = error
        hint = "Call the function, and write `.upper()` behind the call."
        if said is None:
            hint = "Nothing came back. Is `return` there?"
        elif callable(said):
            hint = "This is the function. Brackets behind its name call it."
        elif said == word:
            hint = "The words are right, and not in capitals. `.upper()` makes them so."
        ask.must(
            said == word.upper(),
            f"the new function, made of one that returns {word!r}",
            f"{said!r:.60}",
            repr(word.upper()),
            hint,
        )


@line(
    "0c",
    "Find a document by one of its fields",
    idea="`objects(field=value)` stands for all documents with that value, and `first` gives one.",
    name="find_by_email",
    solution="""
def find_by_email(email):
    return User.objects(email=email).first()
""",
    hints=(
        "Ada was found by her name in the cell above. Here there is an address to look for.",
        "In the brackets behind `objects` stands the field, `=`, and the value that you look for.",
        "return User.objects(email=email).first()",
    ),
)
def _find_by_email(ask: Ask, names: Names) -> None:
    look = "Look for the document whose `email` is the one that was handed over."
    must_find(ask, names["User"], "email", look)
