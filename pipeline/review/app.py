"""The application: its parts put together, and every error turned into an answer that a person understands."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Scope

from pipeline.review.cases.lookers import Lookers
from pipeline.review.catalogue import catalogue
from pipeline.review.figures.leads import FiguresFailed, LeadFigures, StillCounting
from pipeline.review.pages.ahead import PagesAhead
from pipeline.review.pages.pictures import Pictures
from pipeline.review.pages.views import Views
from pipeline.review.people.sessions import Sessions, secret_of
from pipeline.review.people.single_user import SingleUser
from pipeline.review.results.kept_findings import KeptFindings
from pipeline.review.rounds.running import Runner, Screening
from pipeline.review.routes import (
    acts,
    api,
    case,
    files,
    findings,
    health,
    login,
    manuals,
    people,
    queue,
    rounds,
    talk,
    typing,
    uploads,
)
from pipeline.review.routes.leads import (
    accounts,
    adjudication,
    agreement,
    all_findings,
    board,
    figures,
    results,
)
from pipeline.review.settings import ReviewSettings
from pipeline.review.warm_up import rehearse
from pipeline.review.web.context import Context, context_of
from pipeline.review.web.headers import SafeHeaders
from pipeline.review.web.render import STATIC, VERSIONED, page
from pipeline.review.web.visitors import Forged, LoginNeeded, visitor_of
from pipeline.store.database import Store
from pipeline.uploads.receiving import Receiving
from pipeline.uploads.upload_limits import UploadLimits
from rubric import Rubric, load_rubric
from rubric.exceptions import AccessError, KhetcheckError, MachineError, NotFoundError, StoreUnavailable
from rubric.language import Bilingual, Language

ROUTES = (
    *(login, queue, rounds, uploads, case, acts, files, findings, people, manuals, talk),
    *(accounts, board, adjudication, agreement, results, all_findings, figures, typing, health, api),
)
DEFAULT_RUBRIC = "esa-2560-1.1"


class KeptForever(StaticFiles):
    """Static files: under an address that names their version a browser asks once, under a plain one each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a header that says how long the browser may keep the file."""
        first, _, rest = path.partition(os.sep)
        versioned = first.startswith(VERSIONED)
        answer = await super().get_response(rest if versioned else path, scope)
        answer.headers["cache-control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        return answer


def create_app(
    settings: ReviewSettings,
    store: Store,
    rubric: Rubric | None = None,
    screening: Screening | None = None,
) -> FastAPI:
    """Return the review page as an application.

    Args:
        settings: where the data lies and who may reach it.
        store: the open database.
        rubric: used for drafts that name no bundled rubric.
        screening: how a round is screened that is started on the page; None where none can be.
    """
    files_kept = settings.kept.open()
    views = Views(files_kept, settings.cache)
    pictures = Pictures(views, settings.cache, settings.picture_processes)
    ahead = PagesAhead(views, store)
    lead_figures = LeadFigures(store, settings.home)
    context = Context(
        settings=settings,
        store=store,
        files=files_kept,
        rubric=rubric or load_rubric(DEFAULT_RUBRIC),
        texts=catalogue(),
        sessions=Sessions(secret_of(settings.home), settings.session_hours),
        pictures=pictures,
        views=views,
        ahead=ahead,
        figures=lead_figures,
        findings=KeptFindings(),
        lookers=Lookers(settings.lease_minutes),
        alone=SingleUser(store, local=settings.is_loopback),
        runner=Runner(screening or Screening(), settings.logs),
        receiving=Receiving(settings.uploads, UploadLimits(bytes=settings.upload_bytes)),
        turn=threading.Lock(),
    )

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        if settings.warm_up:
            pictures.start()
            await run_in_threadpool(rehearse, context)
            ahead.start()
        yield
        ahead.close()
        pictures.close()
        views.close()
        await run_in_threadpool(ahead.join)
        lead_figures.close()
        context.runner.let_go()

    app = FastAPI(
        title="khetcheck",
        version=_version(),
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.context = context
    app.add_middleware(SafeHeaders, local_only=settings.is_loopback)
    app.mount("/static", KeptForever(directory=STATIC), name="static")
    for module in ROUTES:
        app.include_router(module.router)
    _answer_errors(app)
    return app


def _answer_errors(app: FastAPI) -> None:
    app.add_exception_handler(LoginNeeded, _login_needed)
    app.add_exception_handler(Forged, _forged)
    app.add_exception_handler(KhetcheckError, _explained)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _defect)


def _login_needed(request: Request, _error: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"detail": "Log in, or send a token."}, 401, {"www-authenticate": "Bearer"})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"hx-redirect": _login_and_back(_page_of(request))})
    return RedirectResponse(_login_and_back(here if request.method == "GET" else _page_of(request)), 303)


def _forged(request: Request, _error: Exception) -> Response:
    """Refuse a request without this session's token; a form whose session has ended leads to log-in and back.

    ``forged`` tells a page's script that the token is of an older session: it asks for the new one and tries again.
    """
    text = context_of(request).texts.told("error.forged", "th")
    if _wants_json(request):
        return JSONResponse({"detail": text, "forged": True}, 403)
    visitor = getattr(request.state, "visitor", None)
    if visitor is not None and visitor.person is None and not request.url.path.startswith("/log"):
        return RedirectResponse(_login_and_back(_page_of(request)), 303)
    return PlainTextResponse(text, 403)


def _page_of(request: Request) -> str:
    """Return the page that a form or htmx sent a request from, the first page where it does not say."""
    told = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    if told.netloc != request.headers.get("host"):
        return "/"
    return login.inside(told.path + (f"?{told.query}" if told.query else ""))


def _login_and_back(address: str) -> str:
    return f"/login?next={quote(address, safe='')}"


def _explained(request: Request, error: Exception) -> Response:
    assert isinstance(error, KhetcheckError)
    if isinstance(error, (StillCounting, FiguresFailed)):
        status = 202 if isinstance(error, StillCounting) else 503
        return _answer(request, status, Bilingual(error.told("th"), error.told("en")), {"retry-after": "5"})
    if isinstance(
        error, (MachineError, StoreUnavailable)
    ):  # passes, or is mended: what was sent may be sent again
        return _answer(request, 503, Bilingual(error.told("th"), error.told("en")), {"retry-after": "5"})
    status = 404 if isinstance(error, NotFoundError) else 403 if isinstance(error, AccessError) else 422
    return _answer(request, status, Bilingual(error.told("th"), error.told("en")))


def _malformed(request: Request, _error: Exception) -> Response:
    return _answer(request, 422, Bilingual("คำขอไม่ถูกต้อง", "The request is malformed."))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {
        404: Bilingual("ไม่พบหน้านี้", "There is no such page."),
        405: Bilingual("ทำเช่นนี้กับหน้านี้ไม่ได้", "This page cannot be used like that."),
    }
    return _answer(
        request,
        error.status_code,
        known.get(error.status_code, Bilingual("ทำไม่สำเร็จ", str(error.detail))),
        error.headers,
    )


def _defect(request: Request, _error: Exception) -> Response:
    """Tell a defect in people's words, with a way back; its trace goes to the log all the same."""
    told = Bilingual(
        "โปรแกรมขัดข้องที่หน้านี้ สิ่งที่ตัดสินและพิมพ์ไว้ยังอยู่ครบ กลับไปคิวงานแล้วลองอีกครั้ง หากยังเป็นอยู่โปรดแจ้งผู้ดูแลระบบ",
        "The program failed on this page. What you decided and typed is kept. Go back to the queue and try again; if it"
        " stays, tell whoever maintains this.",
    )
    try:
        return _answer(request, 500, told)
    except Exception:  # what fails may be what every page needs
        return PlainTextResponse(f"{told.th}\n{told.en}", 500)


def _answer(request: Request, status: int, text: Bilingual, headers: object = None) -> Response:
    extra = dict(headers) if isinstance(headers, dict) else {}
    visitor = getattr(request.state, "visitor", None)
    if _wants_json(request):
        language: Language = visitor.language if visitor else "en"
        return JSONResponse({"detail": text.told(language)}, status, extra)
    visitor = visitor or visitor_of(request, context_of(request))
    answer = page(request, visitor, "error.html", status, text=text, code=status)
    answer.headers.update(extra)
    return answer


def _wants_json(request: Request) -> bool:
    asked = request.headers.get("content-type", "") + request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or "json" in asked


def _version() -> str:
    try:
        return version("khetcheck")
    except PackageNotFoundError:
        return "0"
