"""What reviews teach: reviewed cases as training text, retraining that must prove itself, and what to do next.

Knows models/ for how one trains and judges, the store for what people said. Nothing here starts by itself: flows/ calls.
Which model is better is judged in ``models/retraining``; in what order people work, in ``ordering``.
"""
