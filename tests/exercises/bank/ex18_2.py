"""Answers to exercise 18.2."""


# %% right
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    return code in {totp.at(moment), totp.at(moment - 10)}


# %% right
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    if totp.verify(code, for_time=moment):
        return True
    return moment % 30 < 10 and totp.verify(code, for_time=moment - 30)


# %% wrong: empty
# says: Is `return` there?
def is_good(seed, code, moment):
    pass


# %% wrong: the code with the mistake
# says: counts steps of 30 seconds
def is_good(seed, code, moment):
    return wide_window(seed, code, moment)


# %% wrong: a window of one step
# says: and not for ten
def is_good(seed, code, moment):
    return pyotp.TOTP(seed).verify(code, for_time=moment, valid_window=1)


# %% wrong: no seconds more
# says: Fingers are slow
def is_good(seed, code, moment):
    return pyotp.TOTP(seed).verify(code, for_time=moment)


# %% wrong: ten seconds on both sides
# says: Nobody has been shown this code yet
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    return code in {totp.at(moment + drift) for drift in (-10, 0, 10)}


# %% wrong: ten seconds later in place of now
# says: The code is shown at this moment
def is_good(seed, code, moment):
    return pyotp.TOTP(seed).verify(code, for_time=moment - 10)


# %% wrong: the wrong direction
# says: Fingers are slow
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    return totp.verify(code, for_time=moment) or totp.verify(code, for_time=moment + 10)


# %% wrong: ten steps back and none ahead
# says: counts steps of 30 seconds
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    return any(totp.verify(code, for_time=moment - 30 * n) for n in range(11))


# %% wrong: everything is good
# says: counts steps of 30 seconds
def is_good(seed, code, moment):
    return True


# %% wrong: nothing is good
# says: The code is shown at this moment
def is_good(seed, code, moment):
    return False


# %% wrong: the code of the clock on the wall
# says: The code is shown at this moment
def is_good(seed, code, moment):
    return pyotp.TOTP(seed).verify(code)


# %% wrong: a code of another seed is good as well
# says: It is a code of another seed, or none at all
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    return code in totp.at(moment) + totp.at(moment - 10)


# %% wrong: prints the answer and does not return it
# says: Something is printed
def is_good(seed, code, moment):
    totp = pyotp.TOTP(seed)
    print(totp.verify(code, for_time=moment) or totp.verify(code, for_time=moment - 10))
