"""A small CBOR (RFC 8949): as much of it as a key's answer is made of.

Numbers, bytes, texts, lists, dictionaries, and the three words false, true and null, each of a
length that is said beforehand. For reading, for tests, and for the browser tab; the finished app
uses `webauthn`.
"""

from flasklogin_tutorial.visit.encoded import Malformed

Value = int | bytes | str | list["Value"] | dict["Value", "Value"] | bool | None

#: How deep lists and dictionaries may stand in one another. An answer of a key goes to three.
_DEEPEST = 8

_NUMBER, _NEGATIVE, _BYTES, _TEXT, _LIST, _DICT, _WORD = 0, 1, 2, 3, 4, 5, 7
_WORDS: dict[int, bool | None] = {20: False, 21: True, 22: None}

#: In how many bytes a number stands that is too large for the first byte, by what that byte says.
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


def encode(value: Value) -> bytes:
    """Write a value as CBOR; dictionaries in the order that they have.

    Args:
        value: the value.

    Returns:
        The bytes.

    Raises:
        TypeError: a value, or a part of it, of another kind.
    """
    match value:
        case bool() | None:
            said = next(number for number, word in _WORDS.items() if word is value)
            return _head(_WORD, said)
        case int():
            return _head(_NUMBER, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            return _head(_TEXT, len(value.encode())) + value.encode()
        case list():
            return _head(_LIST, len(value)) + b"".join(map(encode, value))
        case dict():
            pairs = (encode(key) + encode(item) for key, item in value.items())
            return _head(_DICT, len(value)) + b"".join(pairs)
    raise TypeError(f"this small CBOR cannot write a {type(value).__name__}")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for said, width in _WIDTHS.items():
        if number < 256**width:
            return bytes([kind << 5 | said]) + number.to_bytes(width)
    raise TypeError(f"this small CBOR cannot write a number as large as {number}")


def decode(data: bytes) -> Value:
    """Read one value, which takes all of the bytes.

    Args:
        data: the bytes.

    Returns:
        The value.

    Raises:
        Malformed: they are no CBOR, or one that is not in this module, or something stands behind.
    """
    value, rest = decode_first(data)
    if rest:
        raise Malformed(f"CBOR: {len(rest)} bytes stand behind the value")
    return value


def decode_first(data: bytes) -> tuple[Value, bytes]:
    """Read the value that the bytes begin with.

    Args:
        data: the bytes.

    Returns:
        The value, and the bytes behind it.

    Raises:
        Malformed: they do not begin with CBOR, or with one that is not in this module.
    """
    reader = _Reader(data)
    return reader.value(), data[reader.place :]


class _Reader:
    """Reads one value after the other, and knows where it is."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, length: int) -> bytes:
        taken = self.data[self.place : self.place + length]
        if len(taken) < length:
            raise Malformed(f"CBOR: it ends {length - len(taken)} bytes too early")
        self.place += length
        return taken

    def value(self, depth: int = 0) -> Value:
        if depth > _DEEPEST:
            raise Malformed(f"CBOR: more than {_DEEPEST} lists and dictionaries in one another")
        first = self.take(1)[0]
        kind, said = first >> 5, first & 31
        if kind == _WORD and said in _WORDS:
            return _WORDS[said]
        if kind not in range(_DICT + 1) or (said >= 24 and said not in _WIDTHS):
            raise Malformed(f"CBOR: the byte {first:#04x} begins nothing that this module reads")
        number = said if said < 24 else int.from_bytes(self.take(_WIDTHS[said]))
        match kind:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self.take(number)
            case 3:
                return _text(self.take(number))
            case 4:
                return [self.value(depth + 1) for _ in range(number)]
        return self._dictionary(number, depth + 1)

    def _dictionary(self, length: int, depth: int) -> Value:
        found: dict[Value, Value] = {}
        for _ in range(length):
            key = self.value(depth)
            if not isinstance(key, int | str | bytes) or key in found:
                raise Malformed(f"CBOR: a dictionary with the key {key!r:.40}, or with it twice")
            found[key] = self.value(depth)
        return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"CBOR: a text that is not UTF-8: {error.reason}") from None
