"""Questions asked once in a while, whose answers are in docs/generated/."""
