"""Answers to exercise 19.1."""


# %% right
def mended_checks():
    def check(said, data, kept):
        if (said["type"], said["challenge"]) != ("webauthn.get", kept.challenge):
            return False
        if said["origin"] != kept.origin:
            return False
        if data[:32] != sha256(kept.site.encode()).digest():
            return False
        if not (data[32] & 1 and data[32] & 4):
            return False
        count = int.from_bytes(data[33:37], "big")
        return count > kept.count or (count == 0 and kept.count == 0)

    return [check, check, check]


# %% right
def mended_checks():
    shop, club, bank = broken_checks()

    def from_here(said, data, kept):
        return said["origin"] == kept.origin and shop(said, data, kept)

    def with_finger(said, data, kept):
        return data[32] & 4 != 0 and club(said, data, kept)

    def counted(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return count >= kept.count and bank(said, data, kept)

    return from_here, with_finger, counted


# %% wrong: empty
# says: Does the function end with `return shop, club, bank`?
def mended_checks():
    pass


# %% wrong: the broken ones
# says: shop, for a page elsewhere; came back: True
def mended_checks():
    return broken_checks()


# %% wrong: only the shop is mended
# says: Which comparison is about the flags, both bits?
def mended_checks():
    shop, club, bank = broken_checks()

    def from_here(said, data, kept):
        return said["origin"] == kept.origin and shop(said, data, kept)

    return from_here, club, bank


# %% wrong: the bank is as it was
# says: bank, for a copy that has signed less; came back: True
def mended_checks():
    bank = broken_checks()[2]

    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, bank


# %% wrong: an origin that begins alike
# says: shop, for a page whose address begins alike
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"].startswith(kept.origin)
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: an origin that ends alike
# says: shop, for a page of a sister
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"].endswith(kept.site)
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: the finger without the touch
# says: shop, for a key that nobody touched
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b100 == 0b100
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: one of the two bits
# says: shop, for a key that asks for no finger
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: the whole byte
# says: shop, for a key that is copied; came back: False
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: no key without a count
# says: This one is right, and has to come in.
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count)
        )

    return check, check, check


# %% wrong: a count of 0 at any time
# says: shop, for a key that counts no more
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == 0)
        )

    return check, check, check


# %% wrong: the same count again
# says: shop, for a copy that has signed as often
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count >= kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: exactly one more
# says: shop, for a key that was used elsewhere too; came back: False
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count == kept.count + 1 or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: not the site
# says: Which comparison is about the first 32 bytes?
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: the site without its hash
# says: shop, for an answer as it has to be; came back: False
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == kept.site.encode()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: one function and not three
# says: expected: three functions: shop, club, bank
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check


# %% wrong: what they return, and not they
# says: expected: three functions: shop, club, bank
def mended_checks():
    return [True, True, True]


# %% wrong: nothing is returned by the checks
# says: shop, for an answer as it has to be; came back: None
def mended_checks():
    def check(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        fine = (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    return check, check, check


# %% wrong: lets all in
# says: shop, for an answer to another question; came back: True
def mended_checks():
    def check(said, data, kept):
        return True

    return check, check, check
