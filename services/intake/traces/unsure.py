"""The one refusal of those who strip files."""


class Unsure(Exception):
    """The file is not built as expected: nobody can say what is left in it."""
