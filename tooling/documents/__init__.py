"""Documents generated from the domain's rules, into `docs/generated/`.

The one part of the tooling that imports `lentigo`, and so numpy and Pillow.
"""
