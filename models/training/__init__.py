"""From labelled text to a model: heads, calibration, thresholds and states, each judged on authors it did not see.

Learning from reviewed cases, champion against challenger, is in ``retraining``.
"""
