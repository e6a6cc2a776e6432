# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Algorithms that follow a schedule: so much is to be done by then."""

from __future__ import annotations

from onetape.trading.algorithms.algorithm import Algorithm


class Scheduled(Algorithm):
    """Works a row of targets, one in each part of the time.

    In its part a slice rests at the touch (`style = "post"`) or is taken at once (`"take"`); what a
    part did not get is taken when the next one begins.

    Attributes:
        parts: How many parts the time has.
        style: "post" or "take".
        jitter_percent: Each part begins later by up to this share of a part, by the seed: 0 to 90.
    """

    parts: int = 12
    style: str = "post"
    jitter_percent: int = 0

    def targets(self) -> list[int]:
        """Return what is to be done in all by the end of each part, lots."""
        raise NotImplementedError

    def begin(self) -> None:
        """Plan all parts, and begin with the first."""
        if self.style not in {"post", "take"} or not 0 <= self.jitter_percent <= 90:  # noqa: PLR2004
            raise ValueError('expected style "post" or "take", jitter_percent from 0 to 90')
        self.plan, self.part, self.behind, self.target = self.targets(), 0, 0, 0
        self._wait()

    def step(self) -> None:
        """A part begins: what the last one did not get is late now."""
        self.behind, self.target = self.target, self.plan[self.part]
        self.part += 1
        self.pull()
        self.changed()
        if self.part < len(self.plan):
            self._wait()

    def changed(self) -> None:
        """Take what is late, when nothing of it is being cancelled any more; then the new slice."""
        if not self.pulled & self.children.keys():
            self.aim(self.behind, take=True)
            self.aim(self.target, take=self.style == "take")

    def _wait(self) -> None:
        length_ns = int(self.seconds * 1_000_000_000 / len(self.plan))
        late_ns = int(length_ns * self.random.random() * self.jitter_percent / 100)
        due_ns = self.began_ns + self.part * length_ns + late_ns
        self.wake(max(0, due_ns - self.now_ns))
