"""Answers to exercise 18.3."""


# %% right
def matched_step(seed, code, moment, last):
    totp = pyotp.TOTP(seed)
    early, late = (moment - 10) // 30, (moment + 10) // 30
    good = [step for step in (early, late) if step > last and totp.at(step * 30) == code]
    return good[0] if good else None


# %% right
def matched_step(seed, code, moment, last):
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    numbers = pyotp.HOTP(seed)
    steps = {(moment + drift) // 30 for drift in range(-10, 11)}
    found = [step for step in steps if hmac.compare_digest(numbers.at(step), code)]
    return max([step for step in found if step > last], default=None)


# %% wrong: empty
# says: The code is the one that is shown. Is `return` there?
def matched_step(seed, code, moment, last):
    pass


# %% wrong: says whether, and not which
# says: Return the number of the step
def matched_step(seed, code, moment, last):
    return pyotp.TOTP(seed).verify(code, for_time=moment)


# %% wrong: this step only
# says: fingers are slow
def matched_step(seed, code, moment, last):
    step = moment // 30
    return step if step > last and pyotp.TOTP(seed).at(moment) == code else None


# %% wrong: a whole step on both sides
# says: Ten seconds after it was shown, its time is over
def matched_step(seed, code, moment, last):
    for step in (moment // 30, moment // 30 - 1, moment // 30 + 1):
        if step > last and pyotp.TOTP(seed).at(step * 30) == code:
            return step


# %% wrong: the present step, whichever it was
# says: fingers are slow
def matched_step(seed, code, moment, last):
    totp = pyotp.TOTP(seed)
    if code in (totp.at(moment - 10), totp.at(moment + 10)) and moment // 30 > last:
        return moment // 30


# %% wrong: no early code
# says: a clock may be ahead
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, moment // 30):
        if step > last and pyotp.TOTP(seed).at(step * 30) == code:
            return step


# %% wrong: the last one once more
# says: This step was used
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step >= last and pyotp.TOTP(seed).at(step * 30) == code:
            return step


# %% wrong: remembers nothing
# says: This step was used
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if pyotp.TOTP(seed).at(step * 30) == code:
            return step


# %% wrong: another than the last one
# says: A step before the last one that was used is over
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step != last and pyotp.TOTP(seed).at(step * 30) == code:
            return step


# %% wrong: compares strings with compare_digest
# says: Compare bytes
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and hmac.compare_digest(pyotp.TOTP(seed).at(step * 30), code):
            return step


# %% wrong: bytes of ASCII
# says: Compare bytes
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        made = pyotp.TOTP(seed).at(step * 30).encode()
        if step > last and hmac.compare_digest(made, code.encode("ascii")):
            return step


# %% wrong: bytes, and no word on half a character
# says: Compare bytes
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        made = pyotp.TOTP(seed).at(step * 30).encode()
        if step > last and hmac.compare_digest(made, code.encode()):
            return step


# %% wrong: compares numbers
# says: Compare bytes
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and int(pyotp.TOTP(seed).at(step * 30)) == int(code):
            return step


# %% wrong: compares numbers, and catches the errors
# says: Only the six digits of a step that is good are its code
def matched_step(seed, code, moment, last):
    try:
        typed = int(code)
    except ValueError:
        return None
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and int(pyotp.TOTP(seed).at(step * 30)) == typed:
            return step


# %% wrong: makes wide digits narrow, as PyOTP does
# says: Only the six digits of a step that is good are its code
def matched_step(seed, code, moment, last):
    totp = pyotp.TOTP(seed)
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and totp.verify(code, for_time=step * 30):
            return step


# %% wrong: drops zeros in front
# says: a number loses the 0 in front
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        made = str(int(pyotp.TOTP(seed).at(step * 30)))
        if step > last and made == code:
            return step


# %% wrong: False in place of None
# says: Return None where no step is good
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and pyotp.TOTP(seed).at(step * 30) == code:
            return step
    return False


# %% wrong: prints the answer and does not return it
# says: Something is printed
def matched_step(seed, code, moment, last):
    for step in ((moment - 10) // 30, (moment + 10) // 30):
        if step > last and pyotp.TOTP(seed).at(step * 30) == code:
            print(step)
