"""Make ``inbox/`` and ``gold/`` from ``source/``: ``python -m data_samples.make [ID ...] [--out DIR] [--word-only]``.

The inbox is kept in the repository, so that the demo needs neither LibreOffice nor this program; it is here so that
anybody can see how each file came to be, and make others.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from data_samples.render.damage import broken_off, scan, with_private_letters
from data_samples.render.filler import Filler
from data_samples.render.gold import write_gold
from data_samples.render.ooxml import zip_files
from data_samples.render.pages import to_pdf
from data_samples.render.source import SourceBlock, SourceDocument, Submission, load_submission, read_blocks
from data_samples.render.word import write_word

HERE = Path(__file__).parent
SOURCE = HERE / "source"


def submission_ids() -> list[str]:
    """The ids of all submissions, sorted."""
    return sorted(path.parent.name for path in SOURCE.glob("*/meta.yaml"))


def rendered_blocks(submission: Submission) -> dict[str, list[SourceBlock]]:
    """The documents' blocks with the fillers drawn, by the name that drafts give the document."""
    ids = submission_ids()
    filler = Filler(ids.index(submission.id), len(ids))
    drawn: dict[str, list[SourceBlock]] = {}
    for document in submission.documents:
        name = f"{document.archive}/{document.name}" if document.archive else document.name
        drawn[name] = []
        for block in read_blocks(document.path):
            drawn[name] += filler.draw(int(block.text)) if block.kind == "filler" else [block]
    return drawn


def word_files(submission: Submission) -> dict[str, bytes]:
    """Every document of the submission as a Word file, by its name in the sources without ending."""
    files = {}
    for document, blocks in zip(submission.documents, rendered_blocks(submission).values(), strict=True):
        boxes = document.render == "docx-textbox"
        office = str(submission.meta["office"])
        files[document.path.stem] = write_word(blocks, document.title, office, document.contents, boxes)
    return files


def make(submission: Submission, inbox: Path, gold: Path, word_only: bool = False) -> None:
    """Write one submission's files and its truth.

    Args:
        word_only: leave out what needs LibreOffice.
    """
    words = word_files(submission)
    paged = {d.path.stem: words[d.path.stem] for d in submission.documents if not d.render.startswith("docx")}
    pdfs = {} if word_only else to_pdf(paged)
    folder = inbox / submission.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    archives: dict[str, list[tuple[str, bytes]]] = {}
    for number, document in enumerate(submission.documents):
        content = _as_sent(document, words, pdfs, seed=number)
        if content is None:
            continue
        if document.archive:
            archives.setdefault(document.archive, []).append((document.name, content))
        else:
            (folder / document.name).write_bytes(content)
    for name, members in archives.items():
        zip_files(folder / name, members)
    (folder / "submission.yaml").write_text(_cover_letter(submission), "utf-8")
    write_gold(gold / submission.id, submission, rendered_blocks(submission))


def _as_sent(
    document: SourceDocument, words: dict[str, bytes], pdfs: dict[str, bytes], seed: int
) -> bytes | None:
    stem = document.path.stem
    if document.render.startswith("docx"):
        return words[stem]
    if stem not in pdfs:
        return None
    if document.render == "scan":
        return scan(pdfs[stem], seed)
    if document.render == "pdf-pua":
        return with_private_letters(pdfs[stem])
    return broken_off(pdfs[stem]) if document.render == "broken" else pdfs[stem]


def _cover_letter(submission: Submission) -> str:
    """submission.yaml; where ``declares_documents`` is false the office named no documents, as many do not."""
    said: dict[str, object] = {key: submission.meta[key] for key in ("office", "province", "fiscal_year")}
    if submission.meta.get("declares_documents", True):
        named = {document.archive or document.name: document.kind for document in submission.documents}
        said["documents"] = [{"file": name, "kind": kind} for name, kind in named.items()]
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="submissions to make; all where none is named")
    parser.add_argument("--out", type=Path, default=HERE, help="folder that receives inbox/ and gold/")
    parser.add_argument("--word-only", action="store_true", help="make only what needs no LibreOffice")
    said = parser.parse_args(arguments)
    for name in said.ids or submission_ids():
        make(load_submission(SOURCE / name), said.out / "inbox", said.out / "gold", said.word_only)
        print(f"made {name}")


if __name__ == "__main__":
    main()
