"""Tables without column rules: found by the white that their lines share, cut into rows, refused where they are none.

Pure geometry and text on spans outside ruled tables; ``finder`` is what the rest of the layout calls.
"""
