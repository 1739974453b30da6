"""How well each kind of finding is found: a made set of planted cases and near misses, made on the spot from a seed.

``python -m benchmarks.findings [--seed N] [--each N] [--kind KIND]`` prints recall and precision a kind. A planted case must be
told; a near miss (the trap of the same kind) must not, and neither must any case of another kind. What is planted was
written from the descriptions in the facts, not from the detectors' patterns; author and detectors are of one house all
the same, so real documents will do worse.
"""
