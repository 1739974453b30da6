"""Real servers on 127.0.0.1 that fail as told: resets, short answers, refusals, files replaced in the middle.

Used by the tests of sources and by ``benchmarks.sources``, each in a process of its own (``python -m tests.faulty_servers.web``).
"""
