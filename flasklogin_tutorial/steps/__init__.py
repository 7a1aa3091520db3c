"""The article's app as it stands after each notebook, one whole file a step.

The steps repeat one another on purpose: the difference between two neighbours is the lesson.
"""
