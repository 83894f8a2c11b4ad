"""A module of the kernels that has data of its own is refused."""

from tooling import kernels


def test_data_in_a_module_is_seen() -> None:
    head = b"\0asm\1\0\0\0"
    # A custom section of 200 bytes: its size takes two bytes.
    custom = b"\0\xc8\1" + b"\x0b" * 200
    assert not kernels.has_data(head + custom)
    assert kernels.has_data(head + custom + b"\x0b\1\0")
