"""The one error of the tooling: what is wrong, and what to do about it."""


class ToolingError(Exception):
    """A step of `serve.py` that cannot go on.

    `fault` says what is wrong and names the datum; `remedy` says what the reader can do.
    """

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.fault}\n  What to do: {self.remedy}"
