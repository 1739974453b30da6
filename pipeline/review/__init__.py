"""The review page: from draft to decision.

A reviewer opens a case, sees for each point what was found and where, confirms or corrects with one key, and the
score forms as the rubric's table says. ``create_app`` gives the web application, ``serve`` runs it.
"""
