"""A typist with real keys on two layouts, and a network that is late and sometimes fails: one round, from a seed.

Each round decides what it means to decide, types into one field of the page while answers are under way, and tells what
went wrong: letters that are not there, decisions that nobody made, texts that the server does not have.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.store.database import Store
from pipeline.store.tables import Decision, ReviewPoint, Submission, TypedText, User
from tests.pipeline.review.conftest import PASSWORD, Running
from tests.pipeline.review.samples import RUBRIC, store_case

Kind = Literal["note", "skip", "second_opinion", "reason", "search"]
KINDS: tuple[Kind, ...] = ("note", "skip", "second_opinion", "reason", "search")
LATE_SECONDS = (0.0, 0.3, 2.0)
SETTLED_SECONDS = 30.0
"""Longest wait for what was under way, with failures in between; no round needs it unless something is lost."""

_ROWS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_DIGITS, _TOP, _HOME, _LOW = ([f"{'Digit' if row[0] == '1' else 'Key'}{key}" for key in row] for row in _ROWS)
CODES = [
    *("Backquote", *_DIGITS, "Minus", "Equal"),
    *(*_TOP, "BracketLeft", "BracketRight", "Backslash"),
    *(*_HOME, "Semicolon", "Quote"),
    *(*_LOW, "Comma", "Period", "Slash"),
]
LATIN = (
    "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
    '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?',
)
KEDMANEE = ("_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ", '%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ')
WORDS = {
    "latin": "we keep quest queue undo next zoom skip = - [ ] / 1 6 Report? (page 3) Marks JKL",
    "kedmanee": "แผนไม่มีผลการดำเนินงาน ยังไม่พบรายงาน ๖ ผู้อำนวยการ พี่ ๆ ทำ ไป ฎีกา ประชุม (ก.ค.) ๑๒๓ น้ำ",
}


def keys_of(layout: str) -> dict[str, tuple[str, bool]]:
    """Character -> code of its key, and whether Shift is held."""
    plain, shifted = LATIN if layout == "latin" else KEDMANEE
    assert len(plain) == len(shifted) == len(CODES)
    keys = {letter: (code, True) for letter, code in zip(shifted, CODES, strict=True)}
    return (
        keys
        | {letter: (code, False) for letter, code in zip(plain, CODES, strict=True)}
        | {" ": ("Space", False)}
    )


@dataclass
class Weather:
    """A network whose answers come late, or not at all: from a seed, released as time goes by."""

    page: Page
    chance: random.Random
    fair: bool = False
    held: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def begin(self) -> None:
        self.page.route("**/*", self._meet)

    def clear(self) -> None:
        """From here on everything arrives at once."""
        self.fair = True
        self.pass_by(everything=True)

    def pass_by(self, *, everything: bool = False) -> None:
        """Let go what is due."""
        due = [one for one in self.held if everything or one[0] <= time.monotonic()]
        self.held = [one for one in self.held if one not in due]
        for _, deed in due:
            try:
                deed()
            except PlaywrightError:  # the page that asked has gone
                continue

    def _meet(self, route: Route, request: Request) -> None:
        if self.fair or request.resource_type not in ("fetch", "xhr"):
            route.continue_()
            return
        late = time.monotonic() + self.chance.choice(LATE_SECONDS)
        fate = self.chance.choices(("arrives", "never left", "answer lost", "broken"), (7, 1, 1, 1))[0]
        if fate == "never left":
            self.held.append((late, route.abort))
        elif fate == "broken":
            self.held.append((late, lambda: route.fulfill(status=502, body="")))
        else:
            try:
                answer = route.fetch(max_redirects=0)
            except PlaywrightError:
                return
            self.held.append(
                (late, route.abort if fate == "answer lost" else lambda: route.fulfill(response=answer))
            )


@dataclass
class Typist:
    """Types on a page by the keys of a layout, letting late answers arrive in between."""

    page: Page
    layout: str
    chance: random.Random
    weather: Weather

    def __post_init__(self) -> None:
        self.keys = keys_of(self.layout)
        self.hands = self.page.context.new_cdp_session(self.page)

    def press(self, code: str, letter: str | None = None, *, shift: bool = False) -> None:
        """Press the key at a place; without ``letter`` it gives what the layout has there."""
        if letter is None:
            letter = next(one for one, (place, upper) in self.keys.items() if (place, upper) == (code, shift))
        told = {
            "code": code,
            "key": letter,
            "modifiers": 8 if shift else 0,
            "windowsVirtualKeyCode": ord(code[-1]) if code.startswith(("Key", "Digit")) else 0,
        }
        self.hands.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, **told})
        self.hands.send("Input.dispatchKeyEvent", {"type": "keyUp", **told})

    def text(self) -> str:
        """A text of a line or so, full of letters that are shortcuts elsewhere."""
        return " ".join(self.chance.choices(WORDS[self.layout].split(), k=self.chance.randint(4, 9)))

    def type(self, text: str) -> None:
        """Type at an uneven pace, sometimes with a pause in which late answers arrive."""
        for letter in text:
            code, shift = self.keys[letter]
            self.press(code, letter, shift=shift)
            pause = self.chance.choice((0, 0, 20, 60)) if self.chance.random() > 0.06 else 700
            self.page.wait_for_timeout(pause)
            self.weather.pass_by()


@dataclass
class Round:
    """One round, told by its seed: which field, which layout, what weather.

    Attributes:
        case: of the reader of ``page``, fresh; for a reason, one that two readers have finished.
        faults: what went wrong; empty where nothing was lost and nothing decided.
    """

    seed: int
    kind: Kind
    page: Page
    url: str
    store: Store
    case: int
    faults: list[str] = field(default_factory=list)

    def play(self) -> list[str]:
        """Play it and return the faults."""
        chance = random.Random(self.seed)
        self.weather = Weather(self.page, chance)
        self.typist = Typist(self.page, chance.choice(("latin", "kedmanee")), chance, self.weather)
        before = self._log()
        self.page.goto(self.url + self._path())
        if self.kind in ("note", "skip", "second_opinion"):
            self.page.wait_for_selector("html[data-ready=yes]")
        self.weather.begin()
        meant = self._decide(chance) if self.kind in ("note", "skip", "second_opinion") else []
        box = self._enter(chance)
        begun, text = box.input_value(), self.typist.text()
        self.typist.type(text)
        wanted = begun + text
        if box.count() != 1:
            return [f"the page went away while somebody typed [{self.kind}, seed {self.seed}]"]
        self._same("typed", box.input_value(), wanted)
        if chance.random() < 0.5:
            self._come_back(box, wanted)
        self.weather.clear()
        self._settle(wanted)
        decided = [one for one in self._log()[len(before) :] if one[0] != "note"]
        if decided != meant:
            self.faults.append(f"decided {decided}, meant {meant}")
        notes = [one for one in self._log()[len(before) :] if one[0] == "note"]
        if len(notes) > 1:
            self.faults.append(f"{len(notes)} entries in the log for one note")
        self.page.unroute_all(behavior="ignoreErrors")
        return [f"{fault} [{self.kind}, {self.typist.layout}, seed {self.seed}]" for fault in self.faults]

    def _path(self) -> str:
        return {"reason": f"/adjudication/{self.case}", "search": "/"}.get(self.kind, f"/cases/{self.case}")

    def _decide(self, chance: random.Random) -> list[tuple[str, str, object]]:
        """Decide the open point once or twice, so that answers are under way."""
        states = {"KeyQ": "not_done", "KeyW": "done", "KeyE": "clear"}
        chosen = chance.sample(sorted(states), chance.randint(1, 2))
        for code in chosen:
            self.typist.press(code)
        return [("point", "point:1", states[code]) for code in chosen]

    def _enter(self, chance: random.Random) -> Locator:
        """Go into the field, by key where there is one; the caret is at its end."""
        if self.kind == "note":
            self.typist.press("KeyM")
            return self.page.locator("#note-1")
        if self.kind in ("skip", "second_opinion"):
            self.typist.press("KeyS" if self.kind == "skip" else "KeyF")
            return self.page.locator(f"#reason-{self.kind}")
        box = self.page.locator("#search" if self.kind == "search" else f"#reason-{chance.randint(1, 6)}")
        if self.kind == "reason":
            box.evaluate("field => field.closest('details').open = true")
        box.click()
        self.page.keyboard.press("Control+End")
        return box

    def _come_back(self, box: Locator, wanted: str) -> None:
        """Load the page anew without leaving the field; what was typed stands there again."""
        self.page.once("dialog", lambda dialog: dialog.accept())
        self.page.reload()
        end = time.monotonic() + SETTLED_SECONDS
        while box.input_value() != wanted and time.monotonic() < end:
            self.page.wait_for_timeout(100)
            self.weather.pass_by()
        self._same("after a reload", box.input_value(), wanted)

    def _settle(self, wanted: str) -> None:
        """Leave the field, wait for calm, and look what the server has."""
        self.page.keyboard.press("Escape")
        if self.kind == "search":
            return
        end = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < end:
            self.page.wait_for_timeout(200)
            if self._kept(wanted) and self._calm():
                return
        self.faults.append(f"the server does not have {wanted!r}")

    def _calm(self) -> bool:
        mark = self.page.locator("#saved")
        return self.kind == "reason" or mark.get_attribute("data-state") in ("saved", "kept", "idle")

    def _kept(self, wanted: str) -> bool:
        with self.store.reading() as session:
            if self.kind == "note":
                rows = select(ReviewPoint.note).where(ReviewPoint.note == wanted.strip())
                return session.scalar(rows.limit(1)) is not None
            return session.scalar(select(TypedText).where(TypedText.text == wanted).limit(1)) is not None

    def _log(self) -> list[tuple[str, str, object]]:
        with self.store.reading() as session:
            rows = session.scalars(
                select(Decision).where(Decision.submission_id == self.case).order_by(Decision.id)
            )
            return [(row.kind, row.target, (row.after or {}).get("state")) for row in rows]

    def _same(self, what: str, found: str, wanted: str) -> None:
        if found == wanted:
            return
        at = next((n for n, (one, other) in enumerate(zip(found, wanted, strict=False)) if one != other), 0)
        self.faults.append(f"{what}: {found!r} instead of {wanted!r} (from letter {at})")


def entered(profile: BrowserContext, served: Running, name: str) -> Page:
    """A page of a fresh browser profile on which somebody has logged in."""
    page = profile.new_page()
    page.goto(served.url)
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def disagreed(served: Running, name: str = "split") -> int:
    """A case that two readers have finished and disagree on, for a lead to decide."""
    case = store_case(served.store, served.home, name)
    with served.store.transaction() as session:
        submission = session.get_one(Submission, case)
        for reader, kind in (("malee", "first"), ("somchai", "second")):
            user = session.scalars(select(User).where(User.name == reader)).one()
            assign(session, submission, user.id, kind, None)  # type: ignore[arg-type]
    for tab, reader in enumerate(("malee", "somchai"), 1):
        client = served.client(reader)
        for point in RUBRIC.numbers:
            value = {"state": "done" if reader == "malee" else "clear"}
            act = {"kind": "point", "point": point, "value": value, "act_id": f"{tab:08x}{case:04x}.{point}"}
            assert client.post(f"/cases/{case}/acts", json=act).status_code == 200
        act = {"kind": "finish", "value": {}, "seen": 99, "act_id": f"{tab:08x}{case:04x}.99"}
        assert client.post(f"/cases/{case}/acts", json=act).status_code == 200
    return case
