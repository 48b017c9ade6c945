"""The reader's state: where it is in the sentence, and what the words so far mean.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shaperotator_magic.writing.composing.plan import Plan, Ref, Step, Thing
from shaperotator_magic.writing.composing.scanning.tokens import Token
from shaperotator_magic.writing.composing.tables.happenings import ACTS
from shaperotator_magic.writing.composing.tables.rows import ThingRow
from shaperotator_magic.writing.composing.tables.things import THINGS

_END = Token("end", None, "", 0, 0)
SKIPPED = frozenset({"filler", "article"})


@dataclass
class Reading:
    """Tokens, the plan so far, and to what the next word belongs.

    ``noun`` is what was named last, ``step`` what happens last in this clause, ``subject`` what it
    happens to where the clause names nothing else.
    """

    tokens: list[Token]
    text: str = ""
    at: int = 0
    plan: Plan = field(default_factory=Plan)
    noun: tuple[Ref, ...] = ()
    subject: tuple[Ref, ...] = ()
    step: Step | None = None
    is_new_moment: bool = False
    is_together: bool = False
    is_while_open: bool = False
    is_reference: bool = False
    delay_s: float | None = None
    marks: list[str] = field(default_factory=list)
    unknown: list[Token] = field(default_factory=list)
    speed_s: float | None = None

    # --- the cursor -------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        """Return a token without taking it."""
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else _END

    def take(self) -> Token:
        """Return the next token, and go on."""
        token = self.peek()
        self.at += 1
        return token

    def take_kind(self, *kinds: str) -> Token | None:
        """Take the next token where it is of one of these kinds."""
        return self.take() if self.peek().kind in kinds else None

    def skip(self, *more: str) -> None:
        """Skip words without a meaning here."""
        while self.peek().kind in SKIPPED or self.peek().kind in more:
            self.at += 1

    def peek_past(self, *kinds: str) -> Token:
        """Return the first token that is of none of these kinds."""
        ahead = 0
        while self.peek(ahead).kind in kinds:
            ahead += 1
        return self.peek(ahead)

    def count_fillers(self) -> int:
        """Return how many small words the sentence begins with."""
        return next((n for n, t in enumerate(self.tokens) if t.kind not in SKIPPED), 0)

    # --- things -----------------------------------------------------------------------

    def thing(self, ref: Ref) -> Thing:
        """Return the thing that a reference is of."""
        return self.plan.things[ref.thing]

    def row(self, ref: Ref) -> ThingRow:
        """Return its entry in the table."""
        return THINGS[self.thing(ref).kind]

    @property
    def named(self) -> Thing | None:
        """The thing that was named last."""
        return self.thing(self.noun[-1]) if self.noun else None

    def add_thing(self, thing: Thing) -> Ref:
        """Add a thing that comes into the picture, unless it is a target of something."""
        self.plan.things.append(thing)
        return Ref(len(self.plan.things) - 1)

    def list_shown(self) -> list[Ref]:
        """Return all things that came into the picture, the last one first."""
        refs = [Ref(n) for n, thing in enumerate(self.plan.things) if not thing.is_target]
        return refs[::-1]

    # --- steps ------------------------------------------------------------------------

    def add_step(self, step: Step) -> Step:
        """Add the next step; it begins with the one before where the sentence asks for it."""
        if self.delay_s is not None:
            self.plan.steps.append(Step("wait", duration_s=self.delay_s))
            self.delay_s = None
        step.is_together = self.is_together and bool(self.plan.steps)
        step.duration_s = step.duration_s or self.speed_s
        self.is_together, self.speed_s = False, None
        if self.is_while_open:
            self.is_while_open, self.is_together = False, True
        self.plan.steps.append(step)
        self.is_new_moment = False
        self.step = step
        return step

    def introduce(self, ref: Ref) -> None:
        """Let a new thing come into the picture, with others that come now.

        What something happens to at the same time as something else is there before both.
        """
        steps = self.plan.steps
        before = [step for step in steps if self._is_coming(step)]
        if before and self.is_together:
            before[-1].targets = (*before[-1].targets, ref)
        elif steps and self._is_coming(steps[-1]) and not self.is_new_moment:
            steps[-1].targets = (*steps[-1].targets, ref)
        else:
            step = self.step
            self.add_step(Step("introduce", (ref,)))
            self.step = step

    def _is_coming(self, step: Step) -> bool:
        return step.act == "introduce" or self.effect_of(step) == "comes"

    def effect_of(self, step: Step | None) -> str:
        """Return what a step does: comes, goes, moves, …"""
        return ACTS[step.act].effect if step is not None and step.act in ACTS else ""
