"""Load the service: status while resource bombs run, posts at a rate, and a class that watches.

    python -m benchmarks.service [status] [generate] [soak --minutes 10]

A bounded asyncio client on loopback; models answer from records. Exit code 1 where one user saw
another's secret. Times are wall-clock, with the load average beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from shaperotator_magic.testing import ChatRequest, RecordedModelServer
from tests.running_service import RunningService, add_tokens

USERS = [f"user{number:02d}" for number in range(30)]
LIBRARY = ("show how a matrix moves the plane", "bubble sort", "the derivative as a slope")
SMALL = {"resolution": "144p", "fps": 5}
BOMBS = (
    "while True:\n            pass",
    "x = []\n        while True:\n            x.append('x' * 10_000_000)",
    "while True:\n            self.add(Square())",
    "self.play(Create(Square()), run_time=100_000)",
)
SCENE = """from manim import *

class {name}(Scene):
    def construct(self):
        {body}
"""


def answer(request: ChatRequest) -> str:
    """Play the model: a bomb for a prompt that asks for one, else a small scene with its words."""
    asked = request.user_texts[-1]
    if "bomb" in asked:
        kind = next((n for n in range(len(BOMBS)) if f"bomb {n}" in asked), 0)
        return f"```python\n{SCENE.format(name='Bomb', body=BOMBS[kind])}```"
    word = next((part for part in asked.split() if part.startswith("secret-")), "none")
    body = f"self.add(Text({word!r}))\n        self.wait(0.4)"
    return f"```python\n{SCENE.format(name='Small', body=body)}```"


def build_client(url: str, user: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {user}-token"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=60)


def describe(name: str, seconds: list[float]) -> None:
    ranked = sorted(seconds)
    cut = {p: ranked[min(len(ranked) - 1, int(len(ranked) * p / 100))] * 1000 for p in (50, 95, 99)}
    shown = ", ".join(f"p{p} {value:.0f} ms" for p, value in cut.items())
    print(
        f"{name}: {shown}, longest {ranked[-1] * 1000:.0f} ms, n = {len(ranked)}, "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


async def measure_status(url: str, seconds: float) -> None:
    """30 users ask for a status once a second while 8 bombs are queued and run."""
    clients = [build_client(url, user) for user in USERS]
    ids = []
    for number in range(8):
        body = {"prompt": f"bomb {number % len(BOMBS)}", "options": SMALL | {"attempts": 1}}
        response = await clients[number].post("/generate", json=body)
        ids.append((clients[number], response.json()["task_id"]))
    times: list[float] = []
    deadline = time.monotonic() + seconds

    async def ask(client: httpx.AsyncClient, task_id: str) -> None:
        await asyncio.sleep(random.random())
        while time.monotonic() < deadline:
            began = time.perf_counter()
            (await client.get(f"/status/{task_id}")).raise_for_status()
            times.append(time.perf_counter() - began)
            await asyncio.sleep(1)

    await asyncio.gather(*(ask(*ids[number % 8]) for number in range(30)))
    ends = [(await client.get(f"/status/{task_id}")).json()["status"] for client, task_id in ids]
    describe("GET /status while 8 bombs run", times)
    print(f"  the bombs: {dict(Counter(ends))}")
    for client, task_id in ids:
        await client.delete(f"/tasks/{task_id}")
    for client in clients:
        await client.aclose()


async def measure_generate(url: str, seconds: float, per_s: float) -> None:
    """Posts at a steady rate, whether or not earlier ones were answered."""
    clients = [build_client(url, user) for user in USERS]
    times: list[float] = []
    codes: Counter[int] = Counter()

    async def post(client: httpx.AsyncClient) -> None:
        began = time.perf_counter()
        body = {"prompt": "the price of tea in 1848", "options": {"offline": True}}
        codes[(await client.post("/generate", json=body)).status_code] += 1
        times.append(time.perf_counter() - began)

    running = []
    begin = time.perf_counter()
    for number in range(int(seconds * per_s)):
        await asyncio.sleep(max(0.0, begin + number / per_s - time.perf_counter()))
        running.append(asyncio.create_task(post(clients[number % len(clients)])))
    await asyncio.gather(*running)
    describe(f"POST /generate at {per_s:.0f}/s", times)
    print(f"  answers: {dict(codes)}")
    for client in clients:
        await client.aclose()


class Soak:
    """30 users ask, watch, read and judge; each looks for the secrets of all others."""

    def __init__(self, url: str, minutes: float) -> None:
        self.secrets = {user: f"secret-{user}-{random.randrange(16**8):08x}" for user in USERS}
        self.leaks: list[str] = []
        self.counts: Counter[str] = Counter()
        self._url = url
        self._deadline = time.monotonic() + minutes * 60
        self._known: dict[str, list[str]] = {user: [] for user in USERS}

    async def run(self) -> None:
        await asyncio.gather(*(self._live(user) for user in USERS))

    async def _live(self, user: str) -> None:
        async with build_client(self._url, user) as client:
            while time.monotonic() < self._deadline:
                await self._ask(user, client)
                await self._read_own(user, client)
                await self._try_others(user, client)
                await asyncio.sleep(random.uniform(1, 4))

    def _look(self, user: str, content: bytes) -> None:
        self.counts["answers"] += 1
        for other, word in self.secrets.items():
            if other != user and word.encode() in content:
                self.leaks.append(f"{user} saw {other}'s")

    async def _ask(self, user: str, client: httpx.AsyncClient) -> None:
        is_library = random.random() < 1 / 3
        scene = random.choice(LIBRARY) if is_library else "a scene with the words"
        options = SMALL | {"offline": is_library}
        body = {"prompt": f"{scene} {self.secrets[user]}", "options": options}
        posted = await client.post("/generate", json=body)
        self._look(user, posted.content)
        self.counts[f"POST {posted.status_code}"] += 1
        if posted.status_code == 202:
            self._known[user].append(posted.json()["task_id"])

    async def _read_own(self, user: str, client: httpx.AsyncClient) -> None:
        self._look(user, (await client.get("/tasks")).content)
        for task_id in random.sample(self._known[user], min(3, len(self._known[user]))):
            seen = await client.get(f"/tasks/{task_id}")
            self._look(user, seen.content)
            address = seen.json().get("video_url")
            if not address:
                continue
            self.counts["videos"] += 1
            self._look(user, (await client.get(address)).content)
            verdict = {"task_id": task_id, "is_positive": True, "comment": self.secrets[user]}
            self._look(user, (await client.post("/feedback", json=verdict)).content)

    async def _try_others(self, user: str, client: httpx.AsyncClient) -> None:
        others = [name for name in USERS if name != user and self._known[name]]
        other = random.choice(others) if others else user
        for task_id in self._known[other][-2:] if other != user else ():
            for path in ("/status/{}", "/tasks/{}", "/videos/{}.mp4", "/videos/{}.poster.png"):
                answered = await client.get(path.format(task_id))
                self._look(user, answered.content)
                self.counts[f"another's: {answered.status_code}"] += 1
                if answered.status_code == 200:
                    self.leaks.append(f"{user} reached {path} of {other}")


def soak(url: str, minutes: float) -> int:
    """Run the soak; returns how often a secret was seen by another."""
    made = Soak(url, minutes)
    asyncio.run(made.run())
    print(f"soak of {minutes:g} min with 30 users: {dict(made.counts)}")
    print(f"secrets of one user visible to another: {len(made.leaks)} {made.leaks[:3]}")
    return len(made.leaks)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["status", "generate", "soak"])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    leaks = 0
    with tempfile.TemporaryDirectory() as folder, RecordedModelServer(answer) as model:
        add_tokens(Path(folder), {user: f"{user}-token" for user in USERS})
        limits = ("--burst", "100000", "--rate", "1000000", "--queue", "10")
        options = ("--model", "recorded", *limits)
        environ = {"OPENAI_BASE_URL": model.base_url}
        with RunningService(Path(folder), *options, environ=environ) as server:
            if "status" in arguments.parts:
                asyncio.run(measure_status(server.url, arguments.seconds))
            if "generate" in arguments.parts:
                asyncio.run(measure_generate(server.url, arguments.seconds, arguments.rate))
            if "soak" in arguments.parts:
                leaks = soak(server.url, arguments.minutes)
            log = server.log_path.read_text()
            print(
                f"secrets in the log: {log.count('secret-')}; tracebacks: {log.count('Traceback')}"
            )
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
