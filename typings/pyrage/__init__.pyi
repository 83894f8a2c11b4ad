"""What the tests use of pyrage, which carries no types."""

from . import passphrase as passphrase
