"""Questions to colleagues and their answers: who may ask whom, who sees what. Decisions and notes are not kept here."""
