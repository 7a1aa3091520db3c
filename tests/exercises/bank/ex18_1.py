"""Answers to exercise 18.1."""


# %% right
def odds(guesses_a_day, days, good, digits=6):
    wrong = 1.0
    miss = (10**digits - good) / 10**digits
    for _ in range(days):
        wrong *= miss**guesses_a_day
    return 1 - wrong


# %% right
def odds(guesses_a_day, days, good, digits=6):
    from math import exp, log1p

    return 1 - exp(guesses_a_day * days * log1p(-good / 10**digits))


# %% wrong: empty
# says: Is `return` there?
def odds(guesses_a_day, days, good, digits=6):
    pass


# %% wrong: adds the chances up
# says: Chances do not add up
def odds(guesses_a_day, days, good, digits=6):
    return guesses_a_day * days * good / 10**digits


# %% wrong: the chance that she does not get in
# says: the chance that she does not get in
def odds(guesses_a_day, days, good, digits=6):
    return (1 - good / 10**digits) ** (guesses_a_day * days)


# %% wrong: per cent
# says: A chance is from 0 to 1
def odds(guesses_a_day, days, good, digits=6):
    return 100 * (1 - (1 - good / 10**digits) ** (guesses_a_day * days))


# %% wrong: one day
# says: That is one day
def odds(guesses_a_day, days, good, digits=6):
    return 1 - (1 - good / 10**digits) ** guesses_a_day


# %% wrong: one good code
# says: what is `good` for?
def odds(guesses_a_day, days, good, digits=6):
    return 1 - (1 - 1 / 10**digits) ** (guesses_a_day * days)


# %% wrong: six digits, whatever was asked
# says: what is `digits` for?
def odds(guesses_a_day, days, good, digits=6):
    return 1 - (1 - good / 10**6) ** (guesses_a_day * days)


# %% wrong: the number of the notebook
# says: Begin with one guess
def odds(guesses_a_day, days, good, digits=6):
    return 0.65


# %% wrong: a sentence in place of the number
# says: Return the number itself
def odds(guesses_a_day, days, good, digits=6):
    return f"{1 - (1 - good / 10**digits) ** (guesses_a_day * days):.0%}"


# %% wrong: prints the answer and does not return it
# says: Something is printed
def odds(guesses_a_day, days, good, digits=6):
    print(1 - (1 - good / 10**digits) ** (guesses_a_day * days))
