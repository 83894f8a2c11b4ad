"""How repetitions are shared out, so that a busy moment does not hit one runtime alone."""


def share_out(runs: int, rounds: int) -> list[int]:
    """Share runs out over at most ``rounds`` rounds: 10 over 3 is 4, 3, 3."""
    rounds = min(rounds, runs)
    return [runs // rounds + (index < runs % rounds) for index in range(rounds)]
