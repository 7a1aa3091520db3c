"""Each attack as a test of your own suite, for pytest:

    # tests/test_attacks.py
    from flasklogin_tutorial.attacks.testing import flasklogin_attacks
    from mypackage import create_app

    TestAttacks = flasklogin_attacks(create_app)

An attack that gets in fails, with what was sent and what came back. One that cannot be tried is
skipped, with the cause. One that does not get in passes.
"""

import warnings
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from flasklogin_tutorial.attacks import MightBeReal, run_attacks
from flasklogin_tutorial.attacks.baseline import read_baseline
from flasklogin_tutorial.attacks.findings import Findings, find, visible
from flasklogin_tutorial.attacks.formats.terminal import told_in_full
from flasklogin_tutorial.attacks.loading import load_names
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.run import enter, find_attacks
from flasklogin_tutorial.visit import require_app

#: How many requests and answers a test that fails shows.
_SHOWN = 5

#: An attack that can be tried on every app, once somebody is logged in.
_NEEDS_A_LOGIN = "id-in-cookie"

App = Flask | str | Callable[[], Flask]


class NoLongerGetsIn(pytest.PytestWarning):
    """The baseline accepts an attack that does not get in any more."""


def flasklogin_attacks(
    app: App,
    *,
    config: Path | str | None = None,
    only: Sequence[str] = (),
    baseline: Path | str | None = None,
    may_write: bool = False,
) -> type:
    """Make a class of tests, one for each attack.

    **The attacks make, change and delete users in whatever database the app is configured with.**

    Args:
        app: a function that makes the app; each attack is given an app of its own. An app that was
            made already, or the address of one on this machine, will do too: then all share it.
        config: the TOML file with the names of the app, as for `--config`.
        only: the names of the attacks to try; all if left out.
        baseline: the file that says which attacks may get in, as for `--baseline`. They are
            expected to fail.
        may_write: that the app's database may be ruined. Needed unless it is mongomock, or SQLite
            in memory.

    Returns:
        The class. Give it a name that pytest collects, such as `TestAttacks`.

    Raises:
        BadBaseline: the baseline cannot be read.
        UsageProblem: the TOML file cannot be read.
        ValueError: there is no attack of a name in `only`.
    """
    names = load_names(None if config is None else Path(config))
    accepted = {} if baseline is None else read_baseline(Path(baseline))
    chosen = [one.name for one in find_attacks(only)]

    def _made() -> Flask | str:
        return app if isinstance(app, Flask | str) else require_app(app())

    @cache
    def _found() -> Names:
        """Search for the way in once, on an app that no attack has changed."""
        target, _ = enter(_made(), names, may_write=may_write)
        target.people.clean_up()
        return target.names

    def _tried(name: str) -> Findings:
        made = _made()
        try:
            report = run_attacks(made, _found(), only=[name], may_write=may_write)
        except MightBeReal as problem:
            pytest.fail(f"{problem} Say so with may_write=True.", pytrace=False)
        return find(report, made, _written(app))

    class Attacks:
        """What no app may let happen, tried on this one."""

        def test_somebody_can_log_in(self) -> None:
            """Without a login most attacks are skipped, and a suite that skips all looks green."""
            trouble = _tried(_NEEDS_A_LOGIN).trouble
            if trouble:
                pytest.fail(visible(trouble), pytrace=False)

        @pytest.mark.parametrize("name", chosen)
        def test_attack(self, name: str) -> None:
            """Try one attack."""
            findings = _tried(name)
            [finding] = findings.all
            if finding.row.got_in and name in accepted:
                pytest.xfail(accepted[name] or "the baseline accepts it")
            if finding.row.got_in:
                told = told_in_full(finding, findings.root, exchanges=_SHOWN)
                pytest.fail("\n".join(told), pytrace=False)
            if not finding.row.held:
                pytest.skip(visible(finding.row.outcome.says))
            if name in accepted:
                said = f"{name} no longer gets in. Take it out of {baseline}."
                warnings.warn(NoLongerGetsIn(said), stacklevel=1)

    return Attacks


def _written(app: App) -> str:
    """Return the app as a command line has it, as far as that is known."""
    if isinstance(app, Flask | str):
        return app if isinstance(app, str) else ""
    return f"{getattr(app, '__module__', '')}:{getattr(app, '__qualname__', '')}"
