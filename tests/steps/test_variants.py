"""The variants: each is step 06 with one feature."""

import pytest

from flasklogin_tutorial.attacks import Target
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda variant: variant.name)
def test_a_variant_is_step06_with_one_feature(variant):
    app = new_app(variant.create_app)
    target = Target(app)
    person = target.people.member()
    assert target.senses.is_in(person.browser, person)
    assert {rule.rule for rule in app.url_map.iter_rules()} >= {"/login", "/logout", "/user_info"}
    assert variant.feature and variant.source.url.startswith("https://")
