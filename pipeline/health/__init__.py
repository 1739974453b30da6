"""Whether an installation is well, found out by doing: programs, fonts, database, disk, memory, orchestrator, model.

Here belongs what only looks, and leaves all as it found it. Not what mends, moves or deletes (``pipeline/upkeep``), and no
reading or judging of submissions.
"""
