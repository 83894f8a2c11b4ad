"""What is said of an error: what went wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.words.catalogue import keys
from lentigo.errors import Fault, NextStep
from lentigo.picture import filename
from lentigo.picture.file_type import FileType

if TYPE_CHECKING:
    from app.words.catalogue import Words
    from lentigo.errors import LentigoError

_FAULT = keys(Fault, "error.{}")
_NEXT_STEP = keys(NextStep, "error.next.{}")
# Text, and what nobody knows, have sentences of their own.
_FILE_TYPES: list[FileType] = [
    kind for kind in FileType if kind not in {FileType.TEXT, FileType.UNKNOWN}
]
_FILE_TYPE = keys(_FILE_TYPES, "file-type.{}")


@dataclass(frozen=True)
class ErrorText:
    """An error in words."""

    message: str
    next_step: str


def error_text(error: LentigoError, words: Words) -> ErrorText:
    """Put an error into words."""
    values = dict(error.values)
    if "name" in values:
        values["name"] = shown_name(str(values["name"]), words)
    if "file_type" in values:
        values["file_type"] = words(_FILE_TYPE[FileType(str(values["file_type"]))])
    return ErrorText(words(_FAULT[error.fault], **values), next_step_text(error.next_step, words))


def next_step_text(step: NextStep, words: Words) -> str:
    """Say what to do next."""
    return words(_NEXT_STEP[step])


def shown_name(name: str, words: Words) -> str:
    """Write a visitor's file name in a sentence."""
    return filename.shown(name) or words("file.nameless")
