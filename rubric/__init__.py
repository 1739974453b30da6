"""What is asked: rubric files, typed and validated, and the score table as a pure function. Knows nobody."""

from rubric.lexicon import Lexicon, Term
from rubric.loading import available_rubrics, load_rubric
from rubric.rubric import Facet, FacetPart, Point, RequiredDocument, Rubric

__all__ = [
    "Facet",
    "FacetPart",
    "Lexicon",
    "Point",
    "RequiredDocument",
    "Rubric",
    "Term",
    "available_rubrics",
    "load_rubric",
]
