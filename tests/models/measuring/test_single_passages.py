"""The measure on single passages counts every label of a passage, as the contract says."""

from benchmarks.passages import silent_of, wanted_of

ROWS = [
    {"text": "ก", "point": 1, "role": "practice", "also": [{"point": 6, "role": "practice"}]},
    {"text": "ข", "point": 2, "role": "intent", "also": [{"point": 4, "role": "practice"}]},
    {"text": "ค", "point": 3, "role": "practice", "also": [{"point": 5, "role": "restate"}]},
    {"text": "ง", "point": None, "role": None},
]


def test_a_flag_is_right_where_any_label_is_practice_of_that_point() -> None:
    points = [1, 2, 3, 4, 5, 6]
    wanted = wanted_of(ROWS, points)
    assert [[p for p, own in zip(points, row, strict=True) if own] for row in wanted] == [
        [1, 6],
        [4],
        [3],
        [],
    ]


def test_only_a_passage_without_any_label_is_silent() -> None:
    assert silent_of(ROWS).tolist() == [False, False, False, True]
