"""Questions asked once in a while, whose answers stand in docs/."""
