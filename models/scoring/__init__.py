"""One passage to its scores: features, linear heads, the encoder's answers, calibration, and the model that joins them.

What a set of scores means for a point is said in ``judging``; how heads are learnt, in ``training``.
"""
