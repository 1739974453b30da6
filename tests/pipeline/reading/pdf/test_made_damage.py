"""Pages with one damaged face, drawn by chance: what was written is read; clean lines beside it come back untouched."""

from benchmarks.reading.damage import measure


def test_damaged_faces_are_read_as_written_and_clean_lines_stay() -> None:
    hurt, clean = measure([11])
    assert clean.right == clean.of
    right, of = sum(count.right for count in hurt.values()), sum(count.of for count in hurt.values())
    assert right >= 0.95 * of
    assert all(count.right >= 0.7 * count.of for count in hurt.values()), {k: str(v) for k, v in hurt.items()}
