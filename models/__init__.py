"""How a passage is judged: models, their training, their evaluation, and from predictions to a draft score. Knows rubric/."""
