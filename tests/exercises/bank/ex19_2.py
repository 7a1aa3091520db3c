"""Answers to exercise 19.2."""


# %% right
def read_by_hand(data):
    import struct

    if len(data) < 37:
        raise ValueError(len(data))
    _, flags, count = struct.unpack(">32sBI", data[:37])
    found = {"touched": flags & 1 == 1, "verified": flags & 4 == 4, "copied": flags & 16 == 16}
    found |= {"count": count, "id": None}
    if flags & 64 == 64:
        if len(data) < 55:
            raise ValueError(len(data))
        length = data[53] * 256 + data[54]
        found["id"] = data[55:][:length]
        if len(found["id"]) != length:
            raise ValueError(length)
    return found


# %% right
def read_by_hand(data):
    def take(length):
        nonlocal data
        if len(data) < length:
            raise ValueError(f"{length} bytes were expected")
        taken, data = data[:length], data[length:]
        return taken

    take(32)
    flags = f"{take(1)[0]:08b}"
    count = int.from_bytes(take(4), "big")
    new = None
    if flags[1] == "1":
        take(16)
        new = take(int.from_bytes(take(2), "big"))
    bits = {"touched": flags[7], "verified": flags[5], "copied": flags[3]}
    return {name: bit == "1" for name, bit in bits.items()} | {"count": count, "id": new}


# %% wrong: empty
# says: Nothing came back. Is `return` there?
def read_by_hand(data):
    pass


# %% wrong: numbers in place of True and False
# says: came back: touched: 1; expected: touched: True
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": flags & 1,
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: the second bit
# says: expected: verified: True
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 2),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: the count backwards
# says: the largest place first: `big`
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "little"),
        "id": new,
    }


# %% wrong: one byte of the count
# says: expected: count: 258
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": data[36],
        "id": new,
    }


# %% wrong: the bytes of the count
# says: expected: count: 7
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": data[33:37],
        "id": new,
    }


# %% wrong: an id where there is none
# says: expected: id: None
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], b""
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: the rest of the bytes for an id
# says: The length of the id has two bytes.
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55:]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: one byte of the length
# says: The length of the id has two bytes.
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[54:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: the model for an id
# says: The length of the id has two bytes.
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[37 : 37 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: no length is looked at
# says: Count the bytes before you read one of them.
def read_by_hand(data):
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: 37 bytes are enough
# says: read_by_hand(a new key, and nothing behind the count)
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: the length of the id is not there
# says: read_by_hand(a new key without the length of its id)
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 54 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: an id that is cut
# says: read_by_hand(an id of 16 bytes, of which one is missing)
def read_by_hand(data):
    if len(data) < 37:
        raise ValueError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: another error
# says: Count the bytes before you read one of them.
def read_by_hand(data):
    if len(data) < 37:
        raise IndexError("too short")
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: None for what is too short
# says: A slice of bytes that are not there is shorter.
def read_by_hand(data):
    if len(data) < 37:
        return None
    flags, new = data[32], None
    if flags & 64:
        length = int.from_bytes(data[53:55], "big")
        new = data[55 : 55 + length]
        if len(data) < 55 or len(new) < length:
            raise ValueError("no whole id")
    return {
        "touched": bool(flags & 1),
        "verified": bool(flags & 4),
        "copied": bool(flags & 16),
        "count": int.from_bytes(data[33:37], "big"),
        "id": new,
    }


# %% wrong: a tuple in place of a dictionary
# says: Return one dictionary.
def read_by_hand(data):
    flags = data[32]
    return bool(flags & 1), bool(flags & 4), bool(flags & 16)
