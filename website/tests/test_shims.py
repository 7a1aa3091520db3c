"""What is added to the standard library does what CPython's own does."""

import hashlib
import json

import pytest
from tab import Tab

TRIED = """
import hashlib, json
print(json.dumps([
    hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=64).hex(),
    hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1).hex(),
    hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1000).hex(),
    hashlib.pbkdf2_hmac("sha512", b"password", b"salt", 10, 20).hex(),
]))
"""


@pytest.fixture(scope="module")
def tab(visited, served):
    return Tab(visited, f"{served.url}live/", "notebooks/00_start_here.ipynb")


def test_keys_are_derived_as_by_openssl(tab):
    assert json.loads(tab.run(TRIED)) == [
        hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=64).hex(),
        hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1).hex(),
        hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1000).hex(),
        hashlib.pbkdf2_hmac("sha512", b"password", b"salt", 10, 20).hex(),
    ]


@pytest.mark.parametrize(
    "call",
    [
        "hashlib.scrypt(b'x', salt=b'x', n=3, r=8, p=1)",
        "hashlib.scrypt(b'x', salt=b'x', n=2**20, r=8, p=1)",
        "hashlib.pbkdf2_hmac('no such', b'x', b'x', 1)",
        "hashlib.pbkdf2_hmac('sha256', b'x', b'x', 0)",
    ],
)
def test_what_openssl_refuses_is_refused(tab, call):
    with pytest.raises(ValueError):
        eval(call, {"hashlib": hashlib})
    tried = f"import hashlib\ntry:\n    {call}\nexcept ValueError:\n    print('refused')"
    assert tab.run(tried) == "refused\n"


def test_the_debugger_of_werkzeug_can_be_imported(tab):
    assert tab.run("import werkzeug.debug; print('there')") == "there\n"
