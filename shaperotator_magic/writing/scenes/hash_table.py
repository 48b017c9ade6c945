"""A hash table: a key's place is computed, not searched.

The hash h(k) = k mod m says in which of m slots a key belongs. Two keys in one slot are a
collision. Chaining keeps a list in each slot; linear probing takes the next free slot. Source:
Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, chapter 11.

Parameters
----------
KEYS : list of 3 to 8 numbers in [0, 999]
    The whole numbers that are put in, in this order.
SLOTS : integer in [5, 11]
    How many slots the table has.
METHOD : one of: chaining, linear probing
    What is done at a collision.

Example prompts
---------------
- How does a hash table work?
- hash table with 7 slots and the keys 15, 22, 8, 31, 4
- Collisions in a hash map, with linear probing
- Show hashing by k mod 7 with chaining

Keywords
--------
hash table, hash map, hashing, hash function, collision, chaining, linear probing, open addressing,
bucket, slot, dictionary, modulo, k mod m, load factor, lookup in constant time, separate chaining,
associative array, keys

Subjects
--------
hash table, hash map, hashing of keys, hash function modulo, collisions, separate chaining,
linear probing, open addressing

Not
---
cryptographic, SHA, MD5, blockchain, Bloom filter, consistent hashing, hashtag, password: another
    use
cryptographic hash: this hash is no secret
blockchain: nothing is signed
bloom filter: one hash and one table
bucket sort, bucket list: nothing is sorted
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    LEFT,
    ORANGE,
    RIGHT,
    YELLOW,
    FadeIn,
    FadeOut,
    Line,
    Rectangle,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    cell,
    column,
    label,
)

KEYS = [15, 22, 8, 31, 4, 17]
SLOTS = 7
METHOD = "chaining"

TOP = 2.45
ROOM = 7.5  # from the first place of a chain to its last


class HashTable(CaptionedScene):
    def construct(self):
        self.keys = [round(key) for key in KEYS]
        self.begin(f"A hash table with {SLOTS} slots: {METHOD}")
        self.gap = 4.95 / SLOTS
        homes = [key % SLOTS for key in self.keys]
        longest = max(map(homes.count, homes)) if METHOD == "chaining" else 1
        self.step = min(1.5, ROOM / max(1, longest - 1))
        self.size = (0.8 * self.step, 0.86 * self.gap)
        self.held = [[] for _ in range(SLOTS)]
        self.collisions = 0
        self.show_table()
        pace = min(1.0, 6 / len(self.keys))
        for turn_number, key in enumerate(self.keys):
            self.insert(key, turn_number, pace)
        self.look_up()
        self.conclude()

    def at(self, slot, place=0):
        return np.array([-1.2 + self.step * place, TOP - self.gap * (slot + 0.5), 0])

    def show_table(self):
        rows = VGroup()
        for slot in range(SLOTS):
            box = Rectangle(width=self.size[0], height=self.size[1], color=GREY_B, stroke_width=2)
            box.move_to(self.at(slot))
            rows.add(VGroup(box, label(str(slot), 25, GREY_B).next_to(box, LEFT, buff=0.25)))
        words = [", ".join(map(str, self.keys[i : i + 4])) for i in (0, 4)]
        names = column([label(w, 27, BLUE) for w in ("keys:", *words) if w], (-5.0, 1.7), width=3.6)
        self.play(FadeIn(rows, lag_ratio=0.1), FadeIn(names), run_time=1)
        self.say(f"The hash of a key k is k mod {SLOTS}: the rest when divided by {SLOTS}", 0.8)

    def insert(self, key, turn_number, pace):
        home = key % SLOTS
        words = f"{key} mod {SLOTS} = {home}"
        shown = label(words, 32, YELLOW, 3.2).move_to([-5.0, 0.3, 0])
        self.play(FadeIn(shown), run_time=0.4 * pace)
        slot, place = self.find_free(home)
        if slot is None:
            self.say(f"No slot is free for {key}: the table is full", 0.6)
        else:
            if (slot, place) != (home, 0):
                self.tell_collision(home)
            box = cell(str(key), self.at(slot, place), self.size, GREEN if slot == home else ORANGE)
            parts = [FadeIn(box, shift=0.4 * RIGHT)]
            if place:
                half = self.size[0] / 2
                start, end = self.at(slot, place - 1)[0] + half, self.at(slot, place)[0] - half
                y = self.at(slot)[1]
                parts.append(FadeIn(Line([start, y, 0], [end, y, 0], color=GREY_B)))
            self.play(*parts, run_time=0.7 * pace)
            self.held[slot].append((key, box))
        self.play(FadeOut(shown), run_time=0.3 * pace)

    def find_free(self, home):
        """Slot and place in its chain; None where no slot is free."""
        if METHOD == "chaining":
            return home, len(self.held[home])
        free = [s for s in ((home + i) % SLOTS for i in range(SLOTS)) if not self.held[s]]
        return (free[0] if free else None), 0

    def tell_collision(self, home):
        self.collisions += 1
        if self.collisions == 2:
            self.say("The other keys go the same way", 0)
        if self.collisions > 1:
            return
        action = "it joins the list there" if METHOD == "chaining" else "take the next free slot"
        self.say(f"Slot {home} is taken, a collision: {action}", 0.4)

    def look_up(self):
        """Find the last key that was put in."""
        stored = {key: (slot, box) for slot, row in enumerate(self.held) for key, box in row}
        key = next(key for key in reversed(self.keys) if key in stored)
        slot, box = stored[key]
        home = key % SLOTS
        if METHOD == "chaining":
            looks = [k for k, _ in self.held[home]].index(key) + 1
        else:
            looks = (slot - home) % SLOTS + 1
        times = "1 comparison" if looks == 1 else f"{looks} comparisons"
        self.say(f"Look for {key}: its hash says slot {home}", 0.2)
        self.play(box[0].animate.set_stroke(YELLOW, 6), run_time=0.6)
        self.say(f"Found with {times}, however many other slots there are", 1)

    def conclude(self):
        count = sum(map(len, self.held))
        load = f"{count} / {SLOTS} {approx(count / SLOTS)}"
        self.say(f"{count} keys, {self.collisions} collisions; load factor {load}", 2.4)
