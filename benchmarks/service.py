"""Load the service: status while resource bombs run, posts at a rate, and a class that watches.

    python -m benchmarks.service [status] [generate] [soak --minutes 10]

A bounded asyncio client on loopback; models answer from records. Exit code 1 where one user saw
another's secret. Times are wall-clock, with the load average beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx

from shaperotator_magic.testing import ChatRequest, RecordedModelServer
from tests.running_service import RunningService, add_tokens

USERS = [f"user{number:02d}" for number in range(30)]
LIBRARY = (
    "show how a matrix moves the plane",
    "show how bubble sort sorts a list of numbers by comparing and moving",
    "show the derivative as the limit of secants of a function",
)
SECRET = "secretof"  # letters alone, which the library reads as a word among others
PRYING: tuple[tuple[str, str, dict[str, bool]], ...] = (
    ("GET", "/status/{}", {}),
    ("GET", "/tasks/{}", {}),
    ("GET", "/tasks/{}/events", {}),
    ("DELETE", "/tasks/{}", {}),
    ("GET", "/videos/{}.mp4", {}),
    ("GET", "/videos/{}.poster.png", {}),
    ("POST", "/feedback", {"remove": True}),
)
SMALL = {"resolution": "144p", "fps": 5}
# They pass the checks, which refuse what plainly never ends: the place of a scene must hold them.
BOMBS = (
    "n = 0\n        while n >= 0:\n            n += 1",
    "x = []\n        while len(x) >= 0:\n            x.append(np.ones((1000, 1000)))",
    "while len(self.mobjects) >= 0:\n            self.add(Square())",
    "for n in range(2000):\n            self.play(Rotate(Square(), n))",
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
    word = next((part for part in asked.split() if part.startswith(SECRET)), "none")
    body = f"self.add(Text({word!r}))\n        self.wait(0.4)"
    return f"```python\n{SCENE.format(name='Small', body=body)}```"


def build_client(url: str, user: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {user}-token"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=60)


@contextlib.contextmanager
def serve(model: RecordedModelServer, *options: str) -> Iterator[RunningService]:
    """Run the service for the 30 users, and look into its log at the end."""
    with tempfile.TemporaryDirectory() as folder:
        add_tokens(Path(folder), {user: f"{user}-token" for user in USERS})
        limits = ("--burst", "100000", "--rate", "1000000", "--queue", "10")
        environ = {"OPENAI_BASE_URL": model.base_url}
        words = ("--model", "recorded", *limits, *options)
        with RunningService(Path(folder), *words, environ=environ) as server:
            yield server
            assert server.process is not None
            assert server.process.poll() is None, "the server has ended"
            log = server.log_path.read_text()
            secrets, faults = log.count(SECRET), log.count("Traceback")
            print(f"secrets in the log: {secrets}; tracebacks: {faults}")


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
    """30 users ask for a status ten times in three seconds while 8 bombs run, all the time."""
    clients = [build_client(url, user) for user in USERS]
    running = ["" for _ in range(8)]
    ends: Counter[str] = Counter()
    times: list[float] = []
    deadline = time.monotonic() + seconds

    async def explode(number: int) -> None:
        client = clients[number]
        body = {"prompt": f"bomb {number % len(BOMBS)}", "options": SMALL | {"attempts": 1}}
        while time.monotonic() < deadline:
            running[number] = (await client.post("/generate", json=body)).json()["task_id"]
            state = "queued"
            while state in {"queued", "writing", "checking", "rendering"}:
                if time.monotonic() > deadline:
                    await client.delete(f"/tasks/{running[number]}")
                    ends["running at the end"] += 1
                    return
                await asyncio.sleep(0.5)
                state = (await client.get(f"/status/{running[number]}")).json()["status"]
            ends[state] += 1

    async def ask(number: int) -> None:
        await asyncio.sleep(1 + random.random())
        while time.monotonic() < deadline:
            began = time.perf_counter()
            answered = await clients[number].get(f"/status/{running[number % 8]}")
            times.append(time.perf_counter() - began)
            # The task is that of one of eight users; to the others it does not exist.
            assert answered.status_code == (200 if number < 8 else 404), answered.text
            await asyncio.sleep(0.3)

    await asyncio.gather(*map(explode, range(8)), *map(ask, range(len(USERS))))
    describe("GET /status while 8 bombs run", times)
    print(f"  the bombs: {dict(ends)}")
    for client in clients:
        await client.aclose()


async def measure_generate(url: str, seconds: float, per_s: float) -> None:
    """Posts at a steady rate, whether or not earlier ones were answered; every tenth is drawn."""
    clients = [build_client(url, user) for user in USERS]
    times: list[float] = []
    codes: Counter[int] = Counter()

    async def post(number: int) -> None:
        prompt = "the price of tea in 1848" if number % 10 else LIBRARY[number // 10 % 3]
        body = {"prompt": prompt, "options": SMALL | {"offline": True, "no_cache": True}}
        began = time.perf_counter()
        answered = await clients[number % len(clients)].post("/generate", json=body)
        times.append(time.perf_counter() - began)
        codes[answered.status_code] += 1

    running = []
    begin = time.perf_counter()
    for number in range(int(seconds * per_s)):
        await asyncio.sleep(max(0.0, begin + number / per_s - time.perf_counter()))
        running.append(asyncio.create_task(post(number)))
    await asyncio.gather(*running)
    describe(f"POST /generate at {per_s:.0f}/s", times)
    print(f"  answers: {dict(codes)}")
    for client in clients:
        await client.aclose()


def _make_secret() -> str:
    return SECRET + "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=12))


class Soak:
    """30 users ask, watch, read and judge; each looks for the secrets of all others."""

    def __init__(self, url: str, minutes: float) -> None:
        self.secrets = {user: _make_secret() for user in USERS}
        self.leaks: list[str] = []
        self.faults: list[str] = []
        self.failures: dict[str, str] = {}
        self.watched: set[str] = set()
        self.counts: Counter[str] = Counter()
        self._url = url
        self._deadline = time.monotonic() + minutes * 60
        self._known: dict[str, list[str]] = {user: [] for user in USERS}

    async def run(self) -> None:
        await asyncio.gather(*(self._live(user) for user in USERS))

    async def _live(self, user: str) -> None:
        async with build_client(self._url, user) as client:
            while time.monotonic() < self._deadline:
                try:
                    unfinished = await self._watch_own(user, client)
                    if unfinished < 2:
                        await self._ask(user, client)
                    await self._try_others(user, client)
                except httpx.HTTPError as exc:
                    self.faults.append(f"{type(exc).__name__} at {exc.request.url.path}")
                await asyncio.sleep(random.uniform(1, 4))

    def _look(self, user: str, answered: httpx.Response) -> None:
        self.counts["answers"] += 1
        if answered.status_code >= 500:
            self.faults.append(f"{answered.status_code} at {answered.request.url.path}")
        for other, word in self.secrets.items():
            if other != user and word.encode() in answered.content:
                self.leaks.append(f"{user} saw {other}'s")

    async def _ask(self, user: str, client: httpx.AsyncClient) -> None:
        is_library = random.random() < 1 / 3
        scene = random.choice(LIBRARY) if is_library else "a scene with the words"
        options = SMALL | {"offline": is_library}
        body = {"prompt": f"{scene} {self.secrets[user]}", "options": options}
        posted = await client.post("/generate", json=body)
        self._look(user, posted)
        self.counts[f"POST {posted.status_code}"] += 1
        if posted.status_code == 202:
            self._known[user].append(posted.json()["task_id"])

    async def _watch_own(self, user: str, client: httpx.AsyncClient) -> int:
        """Fetch every video that is new, and one of the old; returns how many tasks go on."""
        listed = await client.get("/tasks")
        self._look(user, listed)
        tasks = listed.json()["tasks"]
        if any(self.secrets[user] not in task["prompt"] for task in tasks):
            self.leaks.append(f"{user} has a task that is not theirs")
        videos = [task for task in tasks if task["video_url"]]
        new = [task for task in videos if task["task_id"] not in self.watched]
        for task in new or random.sample(videos, min(1, len(videos))):
            await self._watch(user, client, task["task_id"])
        for task in tasks:
            if task["error"]:
                self.failures[task["task_id"]] = task["error"]["message"][:80]
        return sum(task["status"] not in {"completed", "failed", "cancelled"} for task in tasks)

    async def _watch(self, user: str, client: httpx.AsyncClient, task_id: str) -> None:
        read = await client.get(f"/tasks/{task_id}")
        self._look(user, read)
        task = read.json()
        fetched = await client.get(task["video_url"])
        self._look(user, fetched)
        self._look(user, await client.get(task["poster_url"]))
        if hashlib.sha256(fetched.content).hexdigest() != task["generation"]["video"]["sha256"]:
            self.leaks.append(f"{user} was given another video than that of {task_id}")
        self.counts["videos fetched"] += 1
        self.watched.add(task_id)
        verdict = {"task_id": task_id, "is_positive": True, "comment": self.secrets[user]}
        self._look(user, await client.post("/feedback", json=verdict))

    async def _try_others(self, user: str, client: httpx.AsyncClient) -> None:
        others = [name for name in USERS if name != user and self._known[name]]
        if not others:
            return
        other = random.choice(others)
        ended = [task_id for task_id in self._known[other] if task_id in self.watched]
        # One that surely has a video, and the latest, which may be running.
        for task_id in {*random.sample(ended, min(1, len(ended))), self._known[other][-1]}:
            for method, path, body in PRYING:
                sent = {**body, "task_id": task_id} if body else None
                answered = await client.request(method, path.format(task_id), json=sent)
                self._look(user, answered)
                self.counts[f"another's {path.split('/')[1]}: {answered.status_code}"] += 1
                if answered.status_code != 404:
                    self.leaks.append(f"{user} reached {method} {path} of {other}")


def soak(url: str, minutes: float) -> int:
    """Run the soak; returns how often a secret was seen by another."""
    made = Soak(url, minutes)
    asyncio.run(made.run())
    print(
        f"soak of {minutes:g} min with 30 users, load {os.getloadavg()[0]:.1f}: {dict(made.counts)}"
    )
    print(f"tasks that failed: {dict(Counter(made.failures.values()))}")
    print(f"answers of 500 and above, and none at all: {len(made.faults)} {made.faults[:3]}")
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
    with RecordedModelServer(answer) as model:
        if "status" in arguments.parts:
            with serve(model, "--slots", "8") as server:
                asyncio.run(measure_status(server.url, arguments.seconds))
        if "generate" in arguments.parts:
            with serve(model, "--queue", "10000") as server:
                asyncio.run(measure_generate(server.url, arguments.seconds, arguments.rate))
        if "soak" in arguments.parts:
            with serve(model) as server:
                leaks = soak(server.url, arguments.minutes)
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
