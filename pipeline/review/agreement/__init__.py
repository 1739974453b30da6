"""Two readers of one case: where they differ, how a lead settles it, and how well readers agree.

Who reads a case, and blind or not, is in ``cases``; measures of models against labels are in ``models/measuring``.
"""
