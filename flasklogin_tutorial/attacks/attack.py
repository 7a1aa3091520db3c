"""What an attack is, and the list that all attacks stand in."""

from collections.abc import Callable
from dataclasses import dataclass

from flasklogin_tutorial.attacks.outcome import Outcome
from flasklogin_tutorial.attacks.sources import Source
from flasklogin_tutorial.attacks.target import Target

#: The notebooks that fix what the attacks find.
NOTEBOOKS = (
    "08_injection",
    "08b_hashed_passwords",
    "08c_work_that_visitors_cause",
    "09_bad_input_and_honest_errors",
    "09b_what_comes_in_and_goes_out",
    "10_sessions_and_cookies",
    "10b_remembered_logins",
    "10c_where_cookies_go",
    "11_cross_site_requests",
    "11c_next_and_headers",
    "12_who_may_do_what",
    "12b_two_who_ask_at_once",
    "12c_stop_the_guesser",
    "12d_close_an_account",
    "13_keys_and_settings",
    "14_apis_and_tokens",
    "14b_the_life_of_a_token",
    "17_send_a_link",
    "17b_whose_address_it_is",
    "18_a_second_thing_to_have",
    "18b_a_code_that_is_seen_or_guessed",
    "18c_ways_around_a_code",
    "19_keys_that_cannot_be_phished",
    "19b_what_a_key_says",
    "19c_send_it_twice_lose_all_keys",
)

#: Carries an attack out, over HTTP; raises `NotTried` where that is impossible.
Run = Callable[[Target], Outcome]


@dataclass(frozen=True)
class Attack:
    """One thing that an app must not allow.

    Attributes:
        name: a short name, unique in the list.
        title: what the attacker achieves, as a sentence.
        who: who could do it.
        source: the rule that an app breaks where the attack gets in.
        fixed_in: the notebook that closes the hole.
        needs: the feature that is attacked, where the article's app lacks it: a name in
            `flasklogin_tutorial.steps.variants.VARIANTS`. Empty if step 06 itself is open.
        run: carries the attack out.
        on: the routes of a feature that many an app lacks, such as a second factor. An app without
            one of them has not been looked at less.
    """

    name: str
    title: str
    who: str
    source: Source
    fixed_in: str
    needs: str
    run: Run
    on: tuple[str, ...] = ()

    @property
    def lesson(self) -> str:
        """The number of the notebook that closes the hole, such as "10b"."""
        return self.fixed_in.partition("_")[0]


#: Every attack, in the order of the notebooks that fix what it finds.
ATTACKS: list[Attack] = []


def attack(
    name: str,
    title: str,
    *,
    who: str,
    source: Source,
    fixed_in: str,
    needs: str = "",
    on: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Put a function into the list of attacks; for the arguments see `Attack`."""

    def register(run: Run) -> Run:
        ATTACKS.append(Attack(name, title, who, source, fixed_in, needs, run, on))
        return run

    return register
