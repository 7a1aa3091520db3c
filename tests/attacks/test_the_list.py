"""The list of the attacks: who, where it is fixed, and by which rule."""

import re

from flasklogin_tutorial.attacks import ATTACKS, NOTEBOOKS, sources
from flasklogin_tutorial.steps import sources as patterns
from flasklogin_tutorial.steps.variants import VARIANTS

from .attacked import BY_NAME, each_attack


def test_there_are_enough_attacks():
    assert len(ATTACKS) >= 30


def test_names_are_unique_and_short():
    assert len(BY_NAME) == len(ATTACKS)
    assert all(re.fullmatch(r"[a-z0-9-]{5,32}", one.name) for one in ATTACKS)


def test_titles_are_unique():
    assert len({one.title for one in ATTACKS}) == len(ATTACKS)


@each_attack
def test_an_attack_says_who_and_where_it_is_fixed(one):
    assert one.title[0].isupper() and not one.title.endswith(".")
    assert one.who[0].isupper() and one.who.endswith(".")
    assert one.fixed_in in NOTEBOOKS
    assert one.needs in {"", *VARIANTS}


def test_every_notebook_fixes_something():
    assert {one.fixed_in for one in ATTACKS} == set(NOTEBOOKS)


def test_attacks_stand_in_the_order_of_the_notebooks():
    places = [NOTEBOOKS.index(one.fixed_in) for one in ATTACKS]
    assert places == sorted(places)


def test_every_variant_is_attacked():
    assert {one.needs for one in ATTACKS} == {"", *VARIANTS}


def test_sources_are_well_formed_and_used():
    known = [*vars(sources).values(), *vars(patterns).values()]
    listed = {one for one in known if isinstance(one, patterns.Source)}
    for source in listed:
        assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", source.url), source
        assert source.title.strip() == source.title != ""
    used = [one.source for one in ATTACKS] + [one.source for one in VARIANTS.values()]
    assert listed == set(used), "a source that nobody cites"
