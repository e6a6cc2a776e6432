# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Other people's protocols: bytes in, messages out, and back. No sockets, no clocks.

`itch` is Nasdaq TotalView-ITCH 5.0, `mold` MoldUDP64, `soup` SoupBinTCP, `ouch42` and `ouch50`
Nasdaq OUCH, `fix` FIX 4.4 and 5.0 SP2. These are for people, tests and tools; a run decodes in
Rust, with the same codecs.
"""

from onetape.wire import fix, itch, mold, ouch42, ouch50, soup

__all__ = ["fix", "itch", "mold", "ouch42", "ouch50", "soup"]
