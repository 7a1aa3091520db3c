"""Where a reader stands in the course: the attacks that were met, and those that come.

Everything here is read from the list of the attacks, and what an app does about them is tried when
it is shown.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import ATTACKS, Attack, Verdict, run_attacks
from flasklogin_tutorial.show import BAD, BLANK, GOOD, NEITHER, Cell, html_table, text_table
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

_COLOURS = {Verdict.GOT_IN: BAD, Verdict.HELD: GOOD, Verdict.NOT_TRIED: NEITHER}


@dataclass(frozen=True)
class Met:
    """The attacks that were met, and what came of each on both apps; shows itself as a table."""

    rows: tuple[tuple[Attack, Verdict, Verdict], ...]

    def __repr__(self) -> str:
        cells = [
            (one.lesson, one.name, str(article), str(finished))
            for one, article, finished in self.rows
        ]
        return "\n".join(text_table([("", "attack", "article's app", "finished app"), *cells]))

    def _repr_html_(self) -> str:
        head = ["", "attack", "the article's app", "the finished app"]
        rows = [
            (
                one.lesson,
                Cell(one.name, code=True),
                Cell(article, colour=_COLOURS[article]),
                Cell(finished, colour=_COLOURS[finished]),
            )
            for one, article, finished in self.rows
        ]
        return BLANK + html_table(rows, head=[Cell(text, tag="th", scope="col") for text in head])


@dataclass(frozen=True)
class Open:
    """The attacks that come, by the lesson that closes them; shows itself as a table."""

    attacks: tuple[Attack, ...]

    def _lessons(self) -> list[tuple[str, list[str]]]:
        grouped = groupby(self.attacks, attrgetter("lesson"))
        return [(number, [one.name for one in attacks]) for number, attacks in grouped]

    def __repr__(self) -> str:
        lines = []
        for number, names in self._lessons():
            lines += [f"{number:<5}{names[0]}", *(f"     {name}" for name in names[1:])]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [(number, ", ".join(names)) for number, names in self._lessons()]
        head = [Cell(text, tag="th", scope="col") for text in ("lesson", "attacks")]
        return html_table(rows, head=head)


class Standing:
    """What was met so far and what is open, on the article's app and on the finished one.

    Args:
        after: the number of the notebook that was read last, such as "10c".

    Raises:
        LookupError: no attack is met up to there.
    """

    def __init__(self, after: str) -> None:
        self._met = [one for one in ATTACKS if one.lesson <= after]
        if not self._met:
            raise LookupError(f"No attack is met up to notebook {after!r}.")
        #: The attacks that come.
        self.open = Open(tuple(one for one in ATTACKS if one.lesson > after))

    @cached_property
    def met(self) -> Met:
        """Each attack that was met, carried out on both apps."""
        article = self._on_the_article()
        settings = {"SECRET_KEY": secrets.token_hex(), "HTTPS": True, "TESTING": True}
        names = [one.name for one in self._met]
        rows = run_attacks(new_app(create_app, settings), only=names).rows
        finished = {row.attack.name: row.outcome.verdict for row in rows}
        return Met(tuple((one, article[one.name], finished[one.name]) for one in self._met))

    def _on_the_article(self) -> dict[str, Verdict]:
        """Carry each attack out on the article's app, with the feature that it is on."""
        found = {}
        for feature in dict.fromkeys(one.needs for one in self._met):
            names = [one.name for one in self._met if one.needs == feature]
            make = VARIANTS[feature].create_app if feature else step06.create_app
            for row in run_attacks(new_app(make), only=names).rows:
                found[row.attack.name] = row.outcome.verdict
        return found
