"""Findings: what a reviewer should know beside the score, and what becomes of it.

Here belong the detectors (``detectors/``, one a kind, of one submission alone), what takes several submissions to see
(``likeness/``), the key by which a finding is known again, and the rules of its life: open, dismissed, fixed, not seen
again. Nothing here knows the store: what the rules ask for comes as plain values. A finding changes no score.
"""
