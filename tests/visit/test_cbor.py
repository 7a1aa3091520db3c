"""The small CBOR writes and reads what the standard has, and says of all else that it cannot."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklogin_tutorial.visit import cbor
from flasklogin_tutorial.visit.encoded import Malformed, from_text, to_text

#: RFC 8949, appendix A.
EXAMPLES = {
    "00": 0,
    "17": 23,
    "1818": 24,
    "1903e8": 1000,
    "1a000f4240": 1000000,
    "1b000000e8d4a51000": 1000000000000,
    "1bffffffffffffffff": 18446744073709551615,
    "20": -1,
    "3863": -100,
    "3903e7": -1000,
    "f4": False,
    "f5": True,
    "f6": None,
    "40": b"",
    "4401020304": b"\x01\x02\x03\x04",
    "60": "",
    "62c3bc": "ü",
    "80": [],
    "8301820203820405": [1, [2, 3], [4, 5]],
    "a0": {},
    "a201020304": {1: 2, 3: 4},
    "a26161016162820203": {"a": 1, "b": [2, 3]},
}


@pytest.mark.parametrize("written", EXAMPLES)
def test_the_examples_of_the_standard(written):
    value = EXAMPLES[written]
    assert cbor.encode(value).hex() == written
    read = cbor.decode(bytes.fromhex(written))
    assert (read, type(read)) == (value, type(value))


VALUES = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary() | st.text() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.integers(-9, 99) | st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_cbor2_writes_and_reads_the_same(value):
    assert cbor.encode(value) == cbor2.dumps(value)
    assert cbor2.loads(cbor.encode(value)) == value


def test_what_stands_behind_a_value_is_given_back():
    assert cbor.decode_first(b"\x01\x02\x03") == (1, b"\x02\x03")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "too early"),
        ("18", "too early"),
        ("4401", "too early"),
        ("82 01", "too early"),
        ("a1 01", "too early"),
        ("5b ffffffffffffffff", "too early"),
        ("9b ffffffffffffffff", "too early"),
        ("bb ffffffffffffffff", "too early"),
        ("01 02", "stand behind"),
        ("61 ff", "not UTF-8"),
        ("a2 01 01 01 02", "twice"),
        ("a1 a0 01", "with the key"),
        ("a1 80 01", "with the key"),
        ("1c", "0x1c"),
        ("5f", "0x5f"),
        ("c1 00", "0xc1"),
        ("fb 3ff199999999999a", "0xfb"),
        ("f7", "0xf7"),
        ("81" * 5000 + "00", "in one another"),
        ("a1 01" * 5000 + "00", "in one another"),
    ],
)
def test_what_cannot_be_read_is_malformed(data, said):
    with pytest.raises(Malformed, match=said):
        cbor.decode(bytes.fromhex(data))


@given(st.binary(max_size=60))
def test_no_bytes_are_anything_but_a_value_or_malformed(data):
    try:
        value = cbor.decode(data)
    except Malformed:
        return
    assert cbor.decode(cbor.encode(value)) == value


@pytest.mark.parametrize("value", [1.5, (1, 2), {1: {2: object()}}, 2**64, -(2**64) - 1])
def test_what_cannot_be_written_is_said(value):
    with pytest.raises(TypeError, match="cannot write"):
        cbor.encode(value)


# ---- text


@given(st.binary())
def test_bytes_come_back_from_their_text(raw):
    assert from_text(to_text(raw)) == raw


@pytest.mark.parametrize("text", [None, 5, b"YQ", "YQ==", "Y Q", "a", "a+b/", "é", {"$ne": ""}])
def test_what_is_no_text_of_bytes_is_malformed(text):
    with pytest.raises(Malformed, match="Base64"):
        from_text(text)
