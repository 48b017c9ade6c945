"""The sieve of Eratosthenes: cross out multiples, keep the primes.

Begin with all numbers from 2. The smallest that is not crossed out is prime: cross out its
multiples, from its square on, for smaller ones are gone already. Once the square exceeds the limit,
all that is left is prime. Source: Crandall and Pomerance, Prime Numbers, section 3.2.

Parameters
----------
LIMIT : integer in [10, 120]
    The largest number in the table.

Example prompts
---------------
- Show the sieve of Eratosthenes
- prime numbers up to 100
- How can one find all primes below 50?
- sieve primes by crossing out multiples, up to 60

Keywords
--------
sieve of Eratosthenes, prime sieve, prime numbers, primes, sieve, Eratosthenes, cross out multiples,
find primes, primes below a limit, composite numbers, divisible, table of primes, list of primes,
prime or composite

Subjects
--------
sieve of Eratosthenes, prime sieve, finding prime numbers, primes up to a limit, crossing out
multiples

Not
---
prime factorisation, factorise, Atkin, twin primes, Goldbach, Mersenne, Miller, primality test: no
    sieve
prime minister, prime rate, prime time: no number
prime factorisation: no number is taken apart
twin primes: no pairs are looked for
primality test of one large number: a table only
prime number theorem: the primes are counted, nothing is proved
prime minister, prime factorisation, prime number theorem, sieve analysis: no sieve of numbers
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    ORANGE,
    RED,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    LaggedStart,
    Rectangle,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    label,
)

LIMIT = 60

TOP = 2.75


class PrimeSieve(CaptionedScene):
    def construct(self):
        self.begin(f"The sieve of Eratosthenes up to {LIMIT}")
        self.wide = 10 if LIMIT <= 60 else 15
        rows = -(-LIMIT // self.wide)
        self.gap = (11.6 / self.wide, min(0.85, 5.35 / rows))
        self.crossed = set()
        self.colors = (RED, BLUE, GREEN, ORANGE)
        self.show_numbers()
        self.sieve()
        self.keep_primes()

    def at(self, n):
        row, place = divmod(n - 1, self.wide)
        x = self.gap[0] * (place - (self.wide - 1) / 2)
        return np.array([x, TOP - self.gap[1] * (row + 0.5), 0])

    def show_numbers(self):
        size = 30 if self.gap[1] > 0.6 else 25
        self.numbers = {
            n: label(str(n), size, WHITE).move_to(self.at(n)) for n in range(2, LIMIT + 1)
        }
        everything = VGroup(*self.numbers.values())
        self.play(FadeIn(everything, lag_ratio=0.02), run_time=1.4)
        self.say("All numbers from 2 on. Which of them are prime?", 0.6)

    def sieve(self):
        primes = [p for p in range(2, int(np.sqrt(LIMIT)) + 1) if self.is_prime(p)]
        for turn_number, p in enumerate(primes):
            color = self.colors[turn_number]
            self.ring(p, color)
            words = f"{p} is not crossed out, so it is prime: cross out its multiples"
            self.say(words if turn_number == 0 else f"Next {p}: its multiples from {p} · {p} on", 0)
            gone = [n for n in range(p * p, LIMIT + 1, p) if n not in self.crossed]
            self.crossed |= set(gone)
            moves = [self.numbers[n].animate.set_color(color).set_opacity(0.35) for n in gone]
            self.play(LaggedStart(*moves, lag_ratio=0.1), run_time=2.0 if turn_number < 2 else 1.3)
            self.wait(0.3)
        self.last = primes[-1]

    @staticmethod
    def is_prime(n):
        return all(n % d for d in range(2, int(np.sqrt(n)) + 1))

    def ring(self, p, color):
        frame = Rectangle(
            width=0.86 * self.gap[0], height=0.86 * self.gap[1], color=color, stroke_width=3
        )
        self.play(Create(frame.move_to(self.at(p))), run_time=0.5)

    def keep_primes(self):
        after = next(n for n in range(self.last + 1, 20) if self.is_prime(n))
        square = f"{after} · {after} = {after * after}"
        self.say(f"{square} is beyond {LIMIT}: nothing more has to be crossed out", 0.6)
        primes = [n for n in self.numbers if n not in self.crossed]
        self.play(*(self.numbers[n].animate.set_color(YELLOW) for n in primes), run_time=1)
        self.say(f"What is left: {len(primes)} primes up to {LIMIT}", 1)
        estimate = LIMIT / np.log(LIMIT)
        words = f"{LIMIT} / ln {LIMIT} {approx(estimate, 1)}"
        self.say(f"They thin out: a rough estimate of their number is {words}", 2.4)
