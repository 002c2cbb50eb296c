"""Python's: FastAPI, called by httpx, requests and gRPC."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
import httpx
import requests
import uvicorn
from fastapi import FastAPI, Request
from opentelemetry import trace
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

app = FastAPI()
_METHOD = "/shop.Prices/Get"
_GRPC_CODES = {404: grpc.StatusCode.NOT_FOUND, 500: grpc.StatusCode.INTERNAL}
_CAME: Counter[str] = Counter()
_ENDED: Counter[str] = Counter()


@app.get("/seen")
async def seen(request: Request) -> dict[str, int]:
    call_id = request.query_params["id"]
    return {"came": _CAME[call_id], "ended": _ENDED[call_id]}


@app.get("/price")
async def price(request: Request) -> Response:
    asked = request.query_params
    status, answer = await run_in_threadpool(_work, asked)
    after = int(asked.get("after", 0)) / 1_000
    task = BackgroundTask(time.sleep, after) if after else None
    return PlainTextResponse(answer, status_code=status, background=task)


@app.get("/call")
async def call(request: Request) -> Response:
    asked = dict(request.query_params)
    trace_id = format(trace.get_current_span().get_span_context().trace_id, "032x")
    saw = ""
    for _ in range(int(asked.get("tries", 1))):
        saw = await run_in_threadpool(_call, asked)
        if saw == "OK":
            break
    status = 200 if saw == "OK" else 502
    return JSONResponse({"traceId": trace_id, "saw": saw}, status_code=status)


def _work(asked: Mapping[str, str]) -> tuple[int, str]:
    """Work for a while, and return a status and an answer."""
    _CAME[asked["id"]] += 1
    time.sleep(int(asked.get("work", 0)) / 1_000)
    _ENDED[asked["id"]] += 1
    return int(asked.get("status", 200)), "x" * int(asked.get("size", 10))


def _call(asked: Mapping[str, str]) -> str:
    """Call the other side; return ``OK``, or how it failed as the caller saw it."""
    place, timeout = f"127.0.0.1:{asked['port']}", int(asked["timeout"]) / 1_000
    try:
        if asked["by"] == "grpc":
            _by_grpc(place, dict(asked), timeout)
            return "OK"
        url = f"http://{place}/price"
        get: Any = httpx.get if asked["by"] == "httpx" else requests.get
        answer = get(url, params=asked, timeout=timeout)
    except grpc.RpcError as error:
        return str(error.code().name)
    except (httpx.HTTPError, requests.RequestException) as error:
        return type(error).__name__
    return "OK" if answer.status_code == requests.codes.ok else str(answer.status_code)


def _by_grpc(place: str, asked: dict[str, str], timeout: float) -> None:
    with grpc.insecure_channel(place) as channel:
        get: Any = channel.unary_unary(_METHOD)
        get(json.dumps(asked).encode(), timeout=timeout)


class _Prices(grpc.GenericRpcHandler):
    """Answers by gRPC, without generated code."""

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        if handler_call_details.method != _METHOD:
            return None
        return grpc.unary_unary_rpc_method_handler(_price_by_grpc)


def _price_by_grpc(body: bytes, context: grpc.ServicerContext) -> bytes:
    status, answer = _work(json.loads(body))
    if status in _GRPC_CODES:
        context.abort(_GRPC_CODES[status], "as it was asked to")
    return answer.encode()


def main() -> None:
    """Serve HTTP and gRPC."""
    server = grpc.server(ThreadPoolExecutor(16), handlers=[_Prices()])
    server.add_insecure_port(f"127.0.0.1:{os.environ['GRPC_PORT']}")
    server.start()
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
