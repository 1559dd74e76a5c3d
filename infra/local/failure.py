"""What went wrong, in words for the user: printed without a stack trace."""


class Failure(Exception):
    pass
