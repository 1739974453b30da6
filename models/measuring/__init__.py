"""How good: measures, evaluation against labelled offices, gold folders, the model card.

It looks at models and drafts from outside and changes neither; the choice between two models is made in ``retraining``.
"""
