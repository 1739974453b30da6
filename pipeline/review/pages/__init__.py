"""Pages of documents on the screen: sheets, pictures and the process that makes them, boxes of words on them."""
