# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What can stand in the journal.

Made by tools/gen.py from schema/. Do not edit: change the schema and run `make gen`.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import ClassVar

import msgspec
import numpy as np

SCHEMA_VERSION = 1


class Side(IntEnum):
    """Which side of the book."""

    #: Buys; rests among the bids.
    BUY = 1
    #: Sells; rests among the asks.
    SELL = 2


class MarketAction(IntEnum):
    """What a market-by-order message did."""

    #: A displayed order joined the back of its price level.
    ADD = 1
    #: A resting order traded `qty_lots`; it shrinks by that and dies at zero.
    EXECUTE = 2
    #: A resting order shrank by `qty_lots` and kept its place; it dies at zero.
    REDUCE = 3
    #: A resting order left the book.
    DELETE = 4
    #: `order_ref` died; `other_ref` joined at the back with the new price and quantity.
    REPLACE = 5
    #: A trade that did not touch the displayed book (hidden interest).
    TRADE = 6
    #: The bulk print of an auction.
    CROSS = 7
    #: A trade was broken; the book is unchanged.
    BREAK = 8
    #: The instrument's book was emptied.
    CLEAR = 9
    #: The trading status changed; `flags` holds a TradingStatus.
    STATUS = 10
    #: The order's quantity became `qty_lots` at `price_ticks`, in place when the price is
    #: unchanged and the quantity no larger.
    SET = 11


class TradingStatus(IntEnum):
    """What an instrument's market is doing."""

    #: Nothing was said about it yet.
    UNKNOWN = 0
    #: Open for continuous trading.
    TRADING = 1
    #: Halted.
    HALTED = 2
    #: Paused by a volatility rule.
    PAUSED = 3
    #: Quotation only: orders are taken and not matched.
    QUOTING = 4


class PacketFormat(IntEnum):
    """How the bytes of a PacketReceived are to be read."""

    #: One ITCH 5.0 message, without a length prefix.
    ITCH50 = 1
    #: One MoldUDP64 downstream packet that holds ITCH 5.0 messages.
    MOLDUDP64_ITCH50 = 2
    #: A part of a GLIMPSE 5.0 snapshot: ITCH 5.0 messages and at last an End of Snapshot, each
    #: behind its length in two bytes, big-endian.
    GLIMPSE50_ITCH50 = 3


class OrderType(IntEnum):
    """How an order is priced."""

    #: At its price or better.
    LIMIT = 1
    #: At any price; never rests.
    MARKET = 2
    #: Follows the best price of its own side; hidden.
    PEG_PRIMARY = 3
    #: Follows the best price of the opposite side; hidden.
    PEG_MARKET = 4
    #: Follows the middle of the best prices; hidden.
    PEG_MIDPOINT = 5
    #: Becomes a market order when a trade reaches its stop price.
    STOP = 6
    #: Becomes a limit order when a trade reaches its stop price.
    STOP_LIMIT = 7


class TimeInForce(IntEnum):
    """How long an order lives."""

    #: Rests until filled, cancelled or the day ends.
    DAY = 1
    #: Immediate or cancel: what does not fill at once is cancelled.
    IOC = 2
    #: Fill or kill: fills in whole at once, or not at all.
    FOK = 3
    #: Rests over days until cancelled.
    GTC = 4
    #: Rests until a given time.
    UNTIL = 5
    #: For the opening auction alone.
    OPEN = 6
    #: For the closing auction alone.
    CLOSE = 7


class StpMode(IntEnum):
    """Self-trade prevention."""

    #: Orders of one owner may trade with each other.
    OFF = 0
    #: The incoming order's remainder is cancelled before it would trade with its owner's resting
    #: order.
    CANCEL_NEWEST = 1
    #: The resting order is cancelled and the incoming one goes on.
    CANCEL_OLDEST = 2
    #: Both are cancelled.
    CANCEL_BOTH = 3
    #: Both shrink by the smaller of the two; what reaches 0 is cancelled.
    DECREMENT = 4


class Liquidity(IntEnum):
    """What a fill did to the book."""

    #: Our order rested and was hit (maker).
    ADDED = 1
    #: Our order took from the book (taker).
    REMOVED = 2
    #: Our order traded in an auction, where the venue says so.
    AUCTION = 3


class CancelReason(IntEnum):
    """Why an order, or what was left of it, was cancelled."""

    #: Asked for.
    USER = 1
    #: Immediate-or-cancel remainder, or a market order that found no more.
    IOC = 2
    #: Fill-or-kill that could not be filled in whole.
    FOK = 3
    #: It would have traded with its owner's own order.
    SELF_TRADE = 4
    #: Its replacement was invalid (OUCH 5.0: the original is cancelled), or left nothing to do.
    REPLACE = 5
    #: Its strategy stopped or failed.
    STRATEGY_STOPPED = 6
    #: The run ended.
    RUN_ENDED = 7
    #: The quote that owned it moved or was withdrawn.
    QUOTE = 8
    #: The venue emptied the book.
    BOOK_CLEARED = 9
    #: A market order's remainder that the collar stopped.
    COLLAR = 10
    #: Its time came.
    EXPIRED = 11
    #: The day ended.
    DAY_ENDED = 12
    #: Its auction left it over.
    AUCTION = 13
    #: Its port was disconnected.
    DISCONNECTED = 14
    #: Its firm or port was stopped by an operator or a limit.
    KILLED = 15
    #: Its port or firm asked for a mass cancel.
    MASS_CANCEL = 16
    #: The market's operator cancelled it.
    OPERATOR = 17
    #: Its instrument was halted.
    HALTED = 18
    #: Another order of its group traded or was triggered, or the group ended.
    GROUP = 19


class Limit(IntEnum):
    """The limits of the risk gate. A missing limit rejects."""

    #: Largest quantity of one order, in lots.
    ORDER_QTY_MAX = 1
    #: Largest price times quantity of one order, in tick-lots.
    ORDER_NOTIONAL_MAX = 2
    #: Largest absolute position, open orders of that side included, in lots.
    POSITION_MAX = 3
    #: How far through the reference price (the opposite best, else the last trade) an order may be
    #: priced, in ticks.
    PRICE_COLLAR_TICKS = 4
    #: Largest number of new and replaced orders in any one second of journal time.
    ORDER_RATE_MAX = 5
    #: Largest worth of one order, in account currency; a market order is priced at the reference
    #: and its collar.
    ORDER_VALUE_MAX = 6
    #: How far through the middle of the market (else the last trade) an order may be priced, in
    #: basis points of it.
    PRICE_COLLAR_BPS = 7
    #: How far behind the middle of the market (else the last trade) an order may be priced, in
    #: ticks.
    PASSIVE_COLLAR_TICKS = 8
    #: The same in basis points.
    PASSIVE_COLLAR_BPS = 9
    #: How far a strategy's prices in one instrument may lie apart within PERIOD_COLLAR_MS, in
    #: ticks.
    PERIOD_COLLAR_TICKS = 10
    #: Length of that period, in milliseconds; 60,000 unless set.
    PERIOD_COLLAR_MS = 11
    #: Greatest age of the quotes that an order is measured by, in milliseconds; the feed has to be
    #: whole, too.
    REFERENCE_AGE_MS_MAX = 12
    #: Most new and replaced orders of the scope in any one second.
    MESSAGE_RATE_MAX = 13
    #: Cancels of the scope in any one second from which on it is warned; no cancel is ever
    #: refused.
    CANCEL_RATE_MAX = 14
    #: Most automated executions of one strategy on one side of an instrument within EXECUTIONS_MS,
    #: without one on the other side.
    EXECUTIONS_MAX = 15
    #: Length of that window, in milliseconds; 60,000 unless set.
    EXECUTIONS_MS = 16
    #: Most orders with the same terms within DUPLICATES_MS, none of them done.
    DUPLICATES_MAX = 17
    #: Length of that window, in milliseconds; 50 unless set.
    DUPLICATES_MS = 18
    #: Most live orders.
    WORKING_ORDERS_MAX = 19
    #: Most lots in live orders, both sides together.
    WORKING_QTY_MAX = 20
    #: Largest sum of the worth of positions and open orders, in account currency.
    GROSS_EXPOSURE_MAX = 21
    #: Largest worth of positions and the open orders of one side, purchases against sales, in
    #: account currency.
    NET_EXPOSURE_MAX = 22
    #: Most worth executed today and open on one side, in account currency.
    DAY_VALUE_MAX = 23
    #: Most lots executed today and open on one side.
    DAY_QTY_MAX = 24
    #: What an account may have bound as margin, before its loss of today, in account currency.
    CAPITAL = 25
    #: How much of it is kept back, in basis points; 2,000 unless set.
    CAPITAL_BUFFER_BPS = 26
    #: Margin for one lot of the worst-case position, in 10^-6 account currency.
    MARGIN_PER_LOT_E6 = 27
    #: Largest loss since the day's start, open positions at the price they could be closed at, in
    #: account currency: 50 % warns, 80 % only reduces, 100 % halts.
    LOSS_MAX = 28
    #: 1: an order that would meet another of its owner is refused. 0: not looked at.
    SELF_TRADE_BARRED = 29
    #: How much worse than the middle of the market an order that takes may trade on average, by
    #: the levels shown, in basis points.
    SLIPPAGE_BPS_MAX = 30
    #: Largest share of own executions in the market's volume within PARTICIPATION_MS, in basis
    #: points.
    PARTICIPATION_BPS_MAX = 31
    #: Length of that window, in milliseconds; 300,000 unless set.
    PARTICIPATION_MS = 32
    #: Largest order-to-trade ratio of an instrument by count since the day's start, as RTS 9
    #: weighs it.
    ORDER_TO_TRADE_MAX = 33
    #: The same by volume.
    ORDER_TO_TRADE_VOLUME_MAX = 34
    #: Most instruments that a strategy trades.
    INSTRUMENTS_MAX = 35
    #: Most venues that a strategy trades on.
    VENUES_MAX = 36
    #: Most new and replaced orders of a strategy since the day's start.
    DAY_ORDERS_MAX = 37
    #: Most child orders of one parent; 10,000 unless set.
    CHILDREN_MAX = 38
    #: What an order must carry. Bits: 1 account, 2 algorithm, 4 trader, 8 generation, 16 client
    #: id.
    FLAGS_REQUIRED = 39
    #: Greatest age of the input that led to an order, at the gate, in microseconds.
    INPUT_AGE_US_MAX = 40
    #: Largest fall from the day's highest profit, in account currency; acts as LOSS_MAX.
    DRAWDOWN_MAX = 41
    #: Largest fall of the profit within LOSS_VELOCITY_MS, in account currency; halts.
    LOSS_VELOCITY_MAX = 42
    #: Length of that window, in milliseconds; 300,000 unless set.
    LOSS_VELOCITY_MS = 43
    #: How far through the middle of the market an order may be priced, in hundredths of its
    #: standard deviation over VOLATILITY_MS; never tighter than VOLATILITY_FLOOR_TICKS, and within
    #: the other collars.
    VOLATILITY_COLLAR_E2 = 44
    #: What that collar allows at least, and while nothing is known of the market's movement, in
    #: ticks; 10 unless set.
    VOLATILITY_FLOOR_TICKS = 45
    #: Time over which the middle's movement is measured, in milliseconds; 1,000 unless set.
    VOLATILITY_MS = 46
    #: How far the average price of a strategy's own fills in an instrument may be from the middle
    #: of the market when the period of PERIOD_COLLAR_MS began, in ticks; beyond it only what
    #: reduces passes until the period ends.
    FILL_DRIFT_TICKS = 47
    #: How long a set of limits is kept in force after its end, in milliseconds, before only what
    #: reduces passes; 0 unless set.
    LIMITS_KEPT_MS = 48


class LimitProfile(IntEnum):
    """Which limits have to be there."""

    #: The five of LimitSet; all others count where they are set. For backtests.
    BASIC = 0
    #: Every limit that schema/risk.toml calls required, access said for every strategy,
    #: instruments admitted; the firm is halted at start.
    FULL = 1


class Restriction(IntEnum):
    """A bar on an instrument. Bits: several may stand together."""

    #: Nothing but cancels.
    NO_TRADE = 1
    #: Only what makes the position smaller.
    NO_OPEN = 2
    #: No sale that could lead to a short position.
    NO_SHORT = 4
    #: A short position only up to the lots that were located.
    LOCATE = 8


class StopReason(IntEnum):
    """Why a strategy stopped."""

    #: The source came to its end.
    RUN_ENDED = 1
    #: A callback raised; its orders are cancelled and the run ends non-zero.
    EXCEPTION = 2
    #: A person stopped it.
    OPERATOR = 3
    #: Its process ended without a word.
    CRASHED = 4
    #: A callback took longer than it may.
    TOO_SLOW = 5
    #: The node was stopped, and all its strategies with it.
    NODE_STOPPED = 6


class ParameterKind(IntEnum):
    """How the eight bytes of a strategy's parameter are to be read."""

    #: A signed integer, two's complement.
    INTEGER = 1
    #: An IEEE 754 double.
    FLOAT = 2
    #: 0 or 1.
    BOOLEAN = 3


class OrderFormat(IntEnum):
    """How the bytes of an OrderMessageReceived are to be read."""

    #: One OUCH 5.0 message.
    OUCH50 = 1
    #: One OUCH 4.2 message.
    OUCH42 = 2
    #: One FIX 4.4 message, from BeginString to CheckSum; passwords blanked.
    FIX44 = 3
    #: One FIXT 1.1 message of FIX 5.0 SP2, from BeginString to CheckSum; passwords blanked.
    FIX50SP2 = 4


class PortKind(IntEnum):
    """What a port is for."""

    #: Orders in, answers out.
    ORDER_ENTRY = 1
    #: Copies of what happened to the firm's orders; takes no orders.
    DROP_COPY = 2


class CloseReason(IntEnum):
    """Why a session's connection ended."""

    #: The client logged out.
    LOGOUT = 1
    #: The connection was closed or lost.
    DISCONNECTED = 2
    #: Nothing was heard within the timeout.
    SILENT = 3
    #: The client broke the session's rules.
    PROTOCOL = 4
    #: The client did not read, and its buffer was full.
    SLOW = 5
    #: An operator closed it.
    OPERATOR = 6
    #: The exchange stopped.
    SHUTDOWN = 7
    #: The exchange, or its standby, started again.
    RESTARTED = 8


class Operation(IntEnum):
    """What an operator, or the schedule, does to the market."""

    #: An instrument (0: all) changes to the phase in `value`.
    SET_PHASE = 1
    #: All orders of a firm are cancelled.
    CANCEL_FIRM = 2
    #: All orders of a port are cancelled.
    CANCEL_PORT = 3
    #: All orders of an instrument (0: all) are cancelled.
    CANCEL_INSTRUMENT = 4
    #: A firm's entry is blocked and its orders are cancelled.
    KILL_FIRM = 5
    #: A firm's entry is open again.
    ALLOW_FIRM = 6
    #: A port's entry is blocked and its orders are cancelled.
    KILL_PORT = 7
    #: A port's entry is open again.
    ALLOW_PORT = 8
    #: The match in `value` is broken.
    BREAK_TRADE = 9
    #: The day ends.
    END_DAY = 10
    #: An instrument's reference price becomes `value`.
    SET_REFERENCE = 11
    #: `value` 1: no instrument takes new orders; 0: they do again.
    CANCEL_ONLY = 12


class Phase(IntEnum):
    """Where an instrument's day stands."""

    #: Nothing but cancels.
    CLOSED = 0
    #: Orders rest and are not matched.
    PRE_OPEN = 1
    #: As before the open, with an indicative price.
    OPENING_AUCTION = 2
    #: Orders match.
    CONTINUOUS = 3
    #: Trading paused; orders gather for an auction.
    VOLATILITY_AUCTION = 4
    #: Nothing but cancels.
    HALTED = 5
    #: Orders gather for the day's last auction.
    CLOSING_AUCTION = 6


class RestateReason(IntEnum):
    """Why the market gave an order a new id."""

    #: A reserve order showed its next slice.
    REFILL = 1
    #: A peg followed its reference.
    PEG = 2
    #: A stop was triggered.
    TRIGGER = 3


class BlockScope(IntEnum):
    """Whose entry an EntryBlocked concerns."""

    #: One port.
    PORT = 1
    #: One firm.
    FIRM = 2
    #: Everybody.
    MARKET = 3


class TradingState(IntEnum):
    """What a scope may do. The strictest of all scopes that touch an order counts."""

    #: Nothing but cancels. The state at start, until reconciled.
    HALTED = 1
    #: Cancels, and orders that make the worst-case position smaller.
    REDUCING = 2
    #: Everything the limits allow.
    ACTIVE = 3


class RiskScope(IntEnum):
    """Whom a trading state or a limit concerns, narrowest first."""

    #: One strategy.
    STRATEGY = 1
    #: One instrument.
    INSTRUMENT = 2
    #: One venue's sessions.
    VENUE = 3
    #: One account: the strategies booked to it.
    ACCOUNT = 4
    #: Everything.
    FIRM = 5
    #: One product over all its venues, by the id of its first instrument.
    PRODUCT = 6


class Difference(IntEnum):
    """What two accounts of the same differ in."""

    #: The venue tells of an execution that we have not booked.
    MISSING_HERE = 1
    #: We have booked an execution that the venue's second account does not tell of.
    MISSING_THERE = 2
    #: An execution's price.
    PRICE = 3
    #: An execution's quantity.
    QTY = 4
    #: What is left of an order.
    STATE = 5
    #: A position.
    POSITION = 6
    #: Number and quantity of all executions.
    TOTALS = 7


class DifferenceStep(IntEnum):
    """What is done about a difference."""

    #: It is told.
    WARNED = 1
    #: From here on its account only reduces.
    REDUCED = 2
    #: Its account is halted.
    HALTED = 3
    #: Both agree again.
    RESOLVED = 4
    #: Totals were compared, and agree but for what is on its way.
    COMPARED = 5


class KillStep(IntEnum):
    """What happened in the course of a kill."""

    #: Not confirmed in time: cancels leave again, sessions of the scope are dropped so that the
    #: venue cancels.
    ESCALATED = 1
    #: The venue was asked to take no new order of the firm.
    ENTRY_DISABLED = 2
    #: The venue was asked to take new orders of the firm again.
    ENTRY_ENABLED = 3
    #: A person resumed the scope before all was confirmed.
    ABANDONED = 4


class Breaker(IntEnum):
    """The circuit breakers of a live node. Each measures one thing over a window and acts when it reaches its bound."""

    #: KS-07: orders of a strategy that were refused for what they are, in percent of those that
    #: were answered.
    REJECT_RATE = 1
    #: KS-07: orders of a strategy refused one after the other for the same reason.
    REJECT_RUN = 2
    #: KS-08: new and replaced orders and cancels of a strategy within the window.
    MESSAGE_RATE = 3
    #: KS-08: the same, as how many usual deviations the present window lies above the strategy's
    #: own mean.
    MESSAGE_BURST = 4
    #: KS-09: how far a strategy's position in one instrument moved within the window, in percent
    #: of its limit there.
    POSITION_JUMP = 5
    #: KS-10: how long a feed, or an instrument's book, has not been fit to trade on, in
    #: milliseconds.
    MARKET_DATA = 6
    #: KS-11: how far our clock may be off: offset and uncertainty together, in microseconds.
    #: Without a measurement within the window it counts as off altogether.
    CLOCK = 7
    #: KS-12: how long market data waited before it was taken in, in microseconds; the greatest
    #: over the window.
    INPUT_AGE = 8
    #: KS-13: how much worse than the middle of the market at their arrival a strategy's orders
    #: traded on average, in basis points.
    SLIPPAGE = 9


class BreakerAction(IntEnum):
    """What a circuit breaker does, mildest first."""

    #: The measure has been well below its bound for a whole window: what it did is over.
    RELEASE = 0
    #: It says so.
    WARN = 1
    #: Between two orders of a strategy of the scope lies at least the breaker's delay; cancels
    #: leave at once.
    THROTTLE = 2
    #: Only what makes the position smaller passes.
    REDUCE = 3
    #: Nothing passes, and what is live is cancelled, until a person resumes the scope.
    HALT = 4


class FlattenStep(IntEnum):
    """What became of a position that is being closed."""

    #: An order that closes it, or part of it, has left.
    SENT = 1
    #: The gate refuses to close it: it stays.
    REFUSED = 2
    #: It is flat.
    CLOSED = 3
    #: Time is up: what is left of it stays.
    LEFT = 4


class GuardianStep(IntEnum):
    """What a guardian saw or did."""

    #: The engine turns, and is watched.
    ARMED = 1
    #: The engine's process lives, and does not turn.
    STALLED = 2
    #: The engine's process has ended without a word.
    DIED = 3
    #: A venue was asked to take no new order of the firm and to cancel all it has.
    ASKED = 4
    #: A venue has confirmed both.
    CONFIRMED = 5
    #: The engine has ended in an orderly way.
    ENDED = 6


class VenueLink(IntEnum):
    """A connection to a venue."""

    #: Order entry, logged in.
    ORDERS = 1
    #: Market data, whole and in step.
    DATA = 2
    #: The venue's copies of what happened to our orders.
    DROP_COPY = 3


class ReportKind(IntEnum):
    """What a venue says of an order of ours."""

    #: It took the new order.
    ACCEPTED = 1
    #: It refused the new order.
    REJECTED = 2
    #: The order traded `qty_lots` at `price_ticks`.
    FILLED = 3
    #: `qty_lots` of the order were cancelled; `leaves_lots` are left.
    CANCELED = 4
    #: It took the replacement `number`; the order it replaces is dead.
    REPLACED = 5
    #: It refused to cancel.
    CANCEL_REJECTED = 6
    #: It refused the replacement `number`.
    REPLACE_REJECTED = 7
    #: Answer to a query: the order lives, with this price, what is left and what was executed.
    OPEN = 8
    #: Answer to a query: the order is dead; `executed_lots` of it traded.
    GONE = 9
    #: Answer to a query: the venue never had it.
    NOT_FOUND = 10
    #: Answer to a query for everything: all open orders, fills since and positions were told.
    ALL_TOLD = 11


class FeedState(IntEnum):
    """How whole a feed of numbered messages is."""

    #: Nothing was heard of its session yet.
    WAITING = 1
    #: Every message that anybody spoke of was handed on.
    LIVE = 2
    #: Messages are missing; they are waited for on the other line, or asked for again.
    GAP = 3
    #: Too much is missing: a snapshot is asked for.
    RECOVERING = 4
    #: The books of the feed are empty; a snapshot follows.
    SNAPSHOT = 5
    #: Nothing comes, on no line.
    DEAD = 6
    #: Messages are missing for good: the books are not whole until the next session or snapshot.
    LOST = 7
    #: The session is over, and every message of it came.
    ENDED = 8


class BookState(IntEnum):
    """Whether a book can be traded on."""

    #: Whole, in step, and sane by every rule.
    LIVE = 1
    #: It may be old or not whole: its feed is silent or late, or a rule holds it.
    STALE = 2
    #: Messages before the present are missing, or a snapshot is being loaded.
    GAP = 3
    #: Crossed, or locked, for longer than the rule allows.
    CROSSED = 4


class FeedRule(IntEnum):
    """A rule of validation of market data."""

    #: Messages come numbered, without a hole.
    SEQUENCE = 1
    #: The venue's time does not run backwards.
    TIME_BACK = 2
    #: The venue's time is not ahead of the receive time.
    TIME_AHEAD = 3
    #: The venue's time is not far behind the receive time.
    TIME_OLD = 4
    #: The best bid is not above the best ask for long.
    CROSSED = 5
    #: The best bid is not at the best ask for long.
    LOCKED = 6
    #: A price lies within the band around the reference.
    PRICE_BAND = 7
    #: A quantity is not zero.
    SIZE_ZERO = 8
    #: A quantity is not absurd.
    SIZE_MAX = 9
    #: An instrument is not silent for long.
    SILENCE = 10
    #: A message fits the book: it names an order that is there, or one that is not yet.
    BOOK = 11


class RuleAction(IntEnum):
    """What is done when a rule of validation is broken."""

    #: What was wrong is put right, and the message is used.
    CORRECTED = 1
    #: The message does not touch the book; a state lasts until it heals.
    QUARANTINED = 2
    #: The message does not touch the book, and the book is not traded on until a person says so.
    HALTED = 3


class OrderState(IntEnum):
    """Where an order of ours stands, as far as we know."""

    #: It left; the venue has not answered.
    PENDING_NEW = 1
    #: The venue has it, untouched.
    WORKING = 2
    #: The venue has it, and part of it traded.
    PARTIALLY_FILLED = 3
    #: It lives, and its cancel left.
    PENDING_CANCEL = 4
    #: It lives, and its replacement left.
    PENDING_REPLACE = 5
    #: What the venue has is not known: no answer in time, no connection, or an answer that cannot
    #: be. Its exposure stays reserved.
    UNKNOWN = 6
    #: Dead: all of it traded.
    FILLED = 7
    #: Dead: cancelled.
    CANCELED = 8
    #: Dead: the venue refused it, or never had it.
    REJECTED = 9
    #: Dead: its time came.
    EXPIRED = 10
    #: Dead: another order took its place.
    REPLACED = 11
    #: Kept by us and not yet sent: it waits for a price, or for another order to trade.
    HELD = 12


class StateReason(IntEnum):
    """Why an order's state changed where no report of its own kind says it."""

    #: The venue did not answer in time.
    TIMEOUT = 1
    #: The connection to the venue went.
    LINK_DOWN = 2
    #: The venue said, when asked: it lives.
    TOLD_OPEN = 3
    #: The venue said, when asked: it is dead.
    TOLD_GONE = 4
    #: The venue said, when asked: it never had it.
    TOLD_NEVER = 5
    #: It is dead at the venue, which executed more of it than was told: the rest is awaited.
    FILLS_MISSING = 6
    #: The venue said what cannot be so, given what it said before.
    CONTRADICTION = 7
    #: It is kept by us until its condition comes.
    HELD = 8
    #: Its condition came, or it is no longer wanted: it is held no more.
    RELEASED = 9


class UnexpectedFill(IntEnum):
    """What is wrong with a fill."""

    #: Its order was dead.
    AFTER_DEATH = 1
    #: It is larger than what was left.
    OVERFILL = 2
    #: It names no order of ours that is remembered.
    ORDER_UNKNOWN = 3
    #: Its number came before for this order: nothing changes.
    REPEATED = 4
    #: Its price is worse than the order's limit.
    PRICE = 5


class ParentState(IntEnum):
    """Where a parent order stands."""

    #: Children may be sent.
    WORKING = 1
    #: All of it traded.
    FILLED = 2
    #: It was closed; children that live are the last.
    CLOSED = 3
    #: Its children broke a rule of the ledger: no more are sent, and a person looks.
    BROKEN = 4


class GroupKind(IntEnum):
    """How the orders of a group depend on each other."""

    #: One order: a stop that is kept by us.
    ALONE = 1
    #: Two orders that share their quantity: what one trades, the other loses.
    ONE_CANCELS_OTHER = 2
    #: The second order is never larger than what the first has traded.
    ONE_TRIGGERS_OTHER = 3
    #: The second and third are never larger than what the first has traded, and share that between
    #: them.
    BRACKET = 4


class LegState(IntEnum):
    """Where an order of a group stands."""

    #: Not sent: it waits for another order of its group to trade, or to be gone from the venue, or
    #: for the venue to be there.
    WAITING = 1
    #: A stop that is kept by us: no trade has reached its price.
    WATCHING = 2
    #: It is at the venue, or on its way there.
    WORKING = 3
    #: Over: it traded all that its group had for it.
    FILLED = 4
    #: Over: cancelled, or no longer wanted.
    CANCELED = 5
    #: Over: the risk gate or the venue refused it.
    REJECTED = 6


class RejectReason(IntEnum):
    """Why an order was refused."""

    #: A risk limit is not set for this instrument; set it in [risk] (value: the limit's number).
    LIMIT_MISSING = 1
    #: The order's quantity is over the limit (lots).
    ORDER_QTY = 2
    #: The order's price times quantity is over the limit (tick-lots).
    ORDER_NOTIONAL = 3
    #: The position with all open orders of this side would be over the limit (lots).
    POSITION = 4
    #: The price is too far through the reference price (ticks).
    PRICE_COLLAR = 5
    #: Too many orders within one second.
    ORDER_RATE = 6
    #: There is no reference price: neither a quote nor a trade has been seen.
    REFERENCE_PRICE_MISSING = 7
    #: Price times quantity, or the position, does not fit in 64 bits.
    OVERFLOW = 8
    #: The strategy is stopped; only cancels are taken.
    STRATEGY_HALTED = 9
    #: No instrument has this id.
    INSTRUMENT_UNKNOWN = 20
    #: The quantity is too small, too large, or not above what has executed (lots: its own, the
    #: bound).
    QTY_INVALID = 21
    #: The price is not above zero, or not on the instrument's tick table (ticks).
    PRICE_INVALID = 22
    #: The post-only order would have traded at once (ticks: its price, the opposite best).
    POST_ONLY_WOULD_TAKE = 23
    #: There are as many orders, or orders of this kind, as the market was set up for (value: the
    #: limit).
    CAPACITY = 24
    #: A field holds a value that is not defined, or that does not go with the others.
    FIELD_INVALID = 25
    #: The instrument takes no such order in its phase (value: its phase or tradingstatus).
    NOT_TRADING = 26
    #: The port's or the firm's entry is blocked; only cancels are taken.
    PORT_BLOCKED = 27
    #: The port may not do this: it takes no orders, or the order names another firm.
    NOT_ENTITLED = 28
    #: The order's quantity is over the port's limit (lots).
    PORT_ORDER_QTY = 29
    #: The order's price times quantity is over the port's limit (tick-lots).
    PORT_ORDER_NOTIONAL = 30
    #: The port has as many live orders as it may.
    PORT_OPEN_ORDERS = 31
    #: The port sent more orders, or reductions and cancels of nothing, within one second than it
    #: may.
    PORT_THROTTLED = 32
    #: The same order came more often within one second than the port may send it.
    DUPLICATE = 33
    #: The price is further through the reference price than the port may go (ticks).
    REFERENCE_COLLAR = 34
    #: The message is not as its specification says.
    MESSAGE_MALFORMED = 35
    #: No match has this number, or it was broken already.
    MATCH_UNKNOWN = 36
    #: Our account and the venue's differ; see `onetape live status`, and the differencechanged of
    #: the journal.
    DIFFERENCE = 16
    #: The venue's second account, its drop copy, was not heard since the node started (value: the
    #: venue).
    NOT_RECONCILED = 17
    #: The venue refused it, see its message in the journal.
    VENUE_REFUSED = 42
    #: No live order has this client id.
    ORDER_UNKNOWN = 40
    #: The client's id for the order was used before, or is not above the last one used.
    CLIENT_ID_USED = 41
    #: The venue says that it never had the order: the connection went while it was on its way.
    VENUE_NEVER_RECEIVED = 43
    #: The venue is not connected, or has not yet told everything that it holds (value: the venue).
    VENUE_DOWN = 37
    #: The scope is halted, or only takes what makes its position smaller (value: its kind of
    #: scope; bound: its state).
    TRADING_STATE = 60
    #: The strategy may not trade this instrument, venue or side (value: the sides it may, as
    #: bits).
    ACCESS_DENIED = 61
    #: The instrument is on the restricted list (value: its bars, as bits).
    RESTRICTED = 62
    #: The price is not on the tick table, or outside what the venue takes (ticks: its own; the
    #: increment or the bound).
    PRICE_OFF_TICK = 63
    #: The quantity is too small, too large, or no multiple of the step (lots: its own, the bound).
    QTY_OFF_LOT = 64
    #: The instrument takes no orders of this type or time in force (value: type times 256 plus
    #: time in force).
    ORDER_KIND_BARRED = 65
    #: The order's worth is over the limit (account currency).
    ORDER_VALUE = 66
    #: The price is too far behind the market (ticks: its own, the bound).
    PASSIVE_COLLAR = 67
    #: The prices of a short period would lie too far apart (ticks).
    PERIOD_COLLAR = 68
    #: The reference price is too old, its feed is not whole, or its quotes are crossed (ms: its
    #: age, the bound).
    REFERENCE_STALE = 69
    #: Too many new and replaced orders of a scope within one second (count, bound).
    MESSAGE_RATE = 70
    #: Too many automated executions on one side in a row; a person has to allow the strategy again
    #: (count, bound).
    REPEATED_EXECUTIONS = 71
    #: The same order came too often within a short time (count, bound).
    DUPLICATE_ORDER = 72
    #: The position of a strategy, instrument, product, account or the firm, with all open orders
    #: of this side, would be over its limit (lots).
    POSITION_TOTAL = 73
    #: There are as many live orders as the limit allows (count).
    WORKING_ORDERS = 74
    #: There would be more lots in live orders than the limit allows (lots).
    WORKING_QTY = 75
    #: Positions and open orders would be worth more than the limit allows (account currency).
    GROSS_EXPOSURE = 76
    #: Positions and the open orders of one side would be worth more than the limit allows (account
    #: currency).
    NET_EXPOSURE = 77
    #: What was executed today and is open on this side would be worth more than the limit allows
    #: (account currency).
    DAY_VALUE = 78
    #: What was executed today and is open on this side would be more than the limit allows (lots).
    DAY_QTY = 79
    #: The margin of positions and open orders would be more than the account has free (account
    #: currency).
    BUYING_POWER = 80
    #: The loss of today reached a step of its limit (account currency).
    LOSS = 81
    #: The order would trade with another of its owner (ticks: its price, the other's).
    SELF_TRADE = 82
    #: The order would trade too far from the middle of the market, or the levels shown do not
    #: cover it (basis points; lots).
    SLIPPAGE = 83
    #: Own executions are too large a share of the market's volume (basis points).
    PARTICIPATION = 84
    #: The sale could lead to a short position that is barred or not located (lots: short,
    #: located).
    SHORT_SALE = 85
    #: The ratio of orders to trades is over the limit (ratio, bound).
    ORDER_TO_TRADE = 86
    #: The strategy would leave what it was deployed for: instruments, venues or orders of a day
    #: (count, bound).
    ENVELOPE = 87
    #: The child orders would be more than their parent, too many, or after its end (lots or
    #: count).
    PARENT_EXCEEDED = 88
    #: The set of limits is not valid now (value: its version).
    LIMITS_NOT_IN_FORCE = 89
    #: The order does not carry what it must (value: the missing bits of its flags).
    FLAGS_MISSING = 90
    #: The input that led to the order is too old (microseconds).
    INPUT_AGE = 91
    #: The fall from the day's highest profit reached a step of its limit (account currency).
    DRAWDOWN = 92
    #: The profit fell too far within a short time (account currency).
    LOSS_VELOCITY = 93
    #: The gate knows nothing of this instrument's units and venue; admit it first.
    NOT_ADMITTED = 94
    #: Many cancels within one second; none is refused (count, bound).
    CANCEL_RATE = 95
    #: Own fills of the period are on average too far from where the market began it (ticks).
    FILL_DRIFT = 96
    #: The order's cancel or replacement is on its way, or its state is unknown; wait for the
    #: answer (value: its orderstate).
    ORDER_BUSY = 44
    #: The reduce-only order is larger than the position that is left to close (lots).
    NOT_REDUCING = 45
    #: No parent order that takes children has this id (value: the id).
    PARENT_UNKNOWN = 46
    #: The children would trade more than their parent (lots).
    PARENT_QTY = 47
    #: The parent has as many children as it may.
    PARENT_CHILDREN = 48
    #: The venue has no orders of this kind, see the manual of its adapter (value: the order type,
    #: time in force or flag).
    VENUE_LACKS = 49
    #: Too many orders are held or stand in one group (value: the limit).
    GROUP_FULL = 50
    #: The order that this one follows is not there (value: its client id).
    AFTER_UNKNOWN = 51
    #: A circuit breaker holds this scope; see `onetape live status` (scope, trading state).
    BREAKER = 38
    #: A circuit breaker throttles this strategy: the last order left too short a time ago
    #: (microseconds, the delay).
    THROTTLED = 39
    #: The orders do not make a group of this kind (value: the place of the order that does not
    #: fit, from 1).
    GROUP_INVALID = 52
    #: Its group sizes this order: move its limit or stop price and keep its quantity, or cancel it
    #: (value: its quantity).
    GROUP_SIZED = 53


REASON_TEXT: dict[RejectReason, str] = {
    RejectReason.LIMIT_MISSING: "a risk limit is not set for this instrument; set it in [risk] (value: the limit's number)",
    RejectReason.ORDER_QTY: "the order's quantity is over the limit (lots)",
    RejectReason.ORDER_NOTIONAL: "the order's price times quantity is over the limit (tick-lots)",
    RejectReason.POSITION: "the position with all open orders of this side would be over the limit (lots)",
    RejectReason.PRICE_COLLAR: "the price is too far through the reference price (ticks)",
    RejectReason.ORDER_RATE: "too many orders within one second",
    RejectReason.REFERENCE_PRICE_MISSING: "there is no reference price: neither a quote nor a trade has been seen",
    RejectReason.OVERFLOW: "price times quantity, or the position, does not fit in 64 bits",
    RejectReason.STRATEGY_HALTED: "the strategy is stopped; only cancels are taken",
    RejectReason.INSTRUMENT_UNKNOWN: "no instrument has this id",
    RejectReason.QTY_INVALID: "the quantity is too small, too large, or not above what has executed (lots: its own, the bound)",
    RejectReason.PRICE_INVALID: "the price is not above zero, or not on the instrument's tick table (ticks)",
    RejectReason.POST_ONLY_WOULD_TAKE: "the post-only order would have traded at once (ticks: its price, the opposite best)",
    RejectReason.CAPACITY: "there are as many orders, or orders of this kind, as the market was set up for (value: the limit)",
    RejectReason.FIELD_INVALID: "a field holds a value that is not defined, or that does not go with the others",
    RejectReason.NOT_TRADING: "the instrument takes no such order in its phase (value: its Phase or TradingStatus)",
    RejectReason.PORT_BLOCKED: "the port's or the firm's entry is blocked; only cancels are taken",
    RejectReason.NOT_ENTITLED: "the port may not do this: it takes no orders, or the order names another firm",
    RejectReason.PORT_ORDER_QTY: "the order's quantity is over the port's limit (lots)",
    RejectReason.PORT_ORDER_NOTIONAL: "the order's price times quantity is over the port's limit (tick-lots)",
    RejectReason.PORT_OPEN_ORDERS: "the port has as many live orders as it may",
    RejectReason.PORT_THROTTLED: "the port sent more orders, or reductions and cancels of nothing, within one second than it may",
    RejectReason.DUPLICATE: "the same order came more often within one second than the port may send it",
    RejectReason.REFERENCE_COLLAR: "the price is further through the reference price than the port may go (ticks)",
    RejectReason.MESSAGE_MALFORMED: "the message is not as its specification says",
    RejectReason.MATCH_UNKNOWN: "no match has this number, or it was broken already",
    RejectReason.DIFFERENCE: "our account and the venue's differ; see `onetape live status`, and the DifferenceChanged of the journal",
    RejectReason.NOT_RECONCILED: "the venue's second account, its drop copy, was not heard since the node started (value: the venue)",
    RejectReason.VENUE_REFUSED: "the venue refused it, see its message in the journal",
    RejectReason.ORDER_UNKNOWN: "no live order has this client id",
    RejectReason.CLIENT_ID_USED: "the client's id for the order was used before, or is not above the last one used",
    RejectReason.VENUE_NEVER_RECEIVED: "the venue says that it never had the order: the connection went while it was on its way",
    RejectReason.VENUE_DOWN: "the venue is not connected, or has not yet told everything that it holds (value: the venue)",
    RejectReason.TRADING_STATE: "the scope is halted, or only takes what makes its position smaller (value: its kind of scope; bound: its state)",
    RejectReason.ACCESS_DENIED: "the strategy may not trade this instrument, venue or side (value: the sides it may, as bits)",
    RejectReason.RESTRICTED: "the instrument is on the restricted list (value: its bars, as bits)",
    RejectReason.PRICE_OFF_TICK: "the price is not on the tick table, or outside what the venue takes (ticks: its own; the increment or the bound)",
    RejectReason.QTY_OFF_LOT: "the quantity is too small, too large, or no multiple of the step (lots: its own, the bound)",
    RejectReason.ORDER_KIND_BARRED: "the instrument takes no orders of this type or time in force (value: type times 256 plus time in force)",
    RejectReason.ORDER_VALUE: "the order's worth is over the limit (account currency)",
    RejectReason.PASSIVE_COLLAR: "the price is too far behind the market (ticks: its own, the bound)",
    RejectReason.PERIOD_COLLAR: "the prices of a short period would lie too far apart (ticks)",
    RejectReason.REFERENCE_STALE: "the reference price is too old, its feed is not whole, or its quotes are crossed (ms: its age, the bound)",
    RejectReason.MESSAGE_RATE: "too many new and replaced orders of a scope within one second (count, bound)",
    RejectReason.REPEATED_EXECUTIONS: "too many automated executions on one side in a row; a person has to allow the strategy again (count, bound)",
    RejectReason.DUPLICATE_ORDER: "the same order came too often within a short time (count, bound)",
    RejectReason.POSITION_TOTAL: "the position of a strategy, instrument, product, account or the firm, with all open orders of this side, would be over its limit (lots)",
    RejectReason.WORKING_ORDERS: "there are as many live orders as the limit allows (count)",
    RejectReason.WORKING_QTY: "there would be more lots in live orders than the limit allows (lots)",
    RejectReason.GROSS_EXPOSURE: "positions and open orders would be worth more than the limit allows (account currency)",
    RejectReason.NET_EXPOSURE: "positions and the open orders of one side would be worth more than the limit allows (account currency)",
    RejectReason.DAY_VALUE: "what was executed today and is open on this side would be worth more than the limit allows (account currency)",
    RejectReason.DAY_QTY: "what was executed today and is open on this side would be more than the limit allows (lots)",
    RejectReason.BUYING_POWER: "the margin of positions and open orders would be more than the account has free (account currency)",
    RejectReason.LOSS: "the loss of today reached a step of its limit (account currency)",
    RejectReason.SELF_TRADE: "the order would trade with another of its owner (ticks: its price, the other's)",
    RejectReason.SLIPPAGE: "the order would trade too far from the middle of the market, or the levels shown do not cover it (basis points; lots)",
    RejectReason.PARTICIPATION: "own executions are too large a share of the market's volume (basis points)",
    RejectReason.SHORT_SALE: "the sale could lead to a short position that is barred or not located (lots: short, located)",
    RejectReason.ORDER_TO_TRADE: "the ratio of orders to trades is over the limit (ratio, bound)",
    RejectReason.ENVELOPE: "the strategy would leave what it was deployed for: instruments, venues or orders of a day (count, bound)",
    RejectReason.PARENT_EXCEEDED: "the child orders would be more than their parent, too many, or after its end (lots or count)",
    RejectReason.LIMITS_NOT_IN_FORCE: "the set of limits is not valid now (value: its version)",
    RejectReason.FLAGS_MISSING: "the order does not carry what it must (value: the missing bits of its flags)",
    RejectReason.INPUT_AGE: "the input that led to the order is too old (microseconds)",
    RejectReason.DRAWDOWN: "the fall from the day's highest profit reached a step of its limit (account currency)",
    RejectReason.LOSS_VELOCITY: "the profit fell too far within a short time (account currency)",
    RejectReason.NOT_ADMITTED: "the gate knows nothing of this instrument's units and venue; admit it first",
    RejectReason.CANCEL_RATE: "many cancels within one second; none is refused (count, bound)",
    RejectReason.FILL_DRIFT: "own fills of the period are on average too far from where the market began it (ticks)",
    RejectReason.ORDER_BUSY: "the order's cancel or replacement is on its way, or its state is unknown; wait for the answer (value: its OrderState)",
    RejectReason.NOT_REDUCING: "the reduce-only order is larger than the position that is left to close (lots)",
    RejectReason.PARENT_UNKNOWN: "no parent order that takes children has this id (value: the id)",
    RejectReason.PARENT_QTY: "the children would trade more than their parent (lots)",
    RejectReason.PARENT_CHILDREN: "the parent has as many children as it may",
    RejectReason.VENUE_LACKS: "the venue has no orders of this kind, see the manual of its adapter (value: the order type, time in force or flag)",
    RejectReason.GROUP_FULL: "too many orders are held or stand in one group (value: the limit)",
    RejectReason.AFTER_UNKNOWN: "the order that this one follows is not there (value: its client id)",
    RejectReason.BREAKER: "a circuit breaker holds this scope; see `onetape live status` (scope, trading state)",
    RejectReason.THROTTLED: "a circuit breaker throttles this strategy: the last order left too short a time ago (microseconds, the delay)",
    RejectReason.GROUP_INVALID: "the orders do not make a group of this kind (value: the place of the order that does not fit, from 1)",
    RejectReason.GROUP_SIZED: "its group sizes this order: move its limit or stop price and keep its quantity, or cancel it (value: its quantity)",
}


class ConfigLoaded(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration in force: the first entry of a run, so that a replay needs no file.

    Attributes:
        schema_version: The schema this run writes. (version)
        reserved: Zero. (none)
        tail: JSON text of the whole configuration, UTF-8, keys sorted.
    """

    KIND: ClassVar[int] = 1
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<II")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("schema_version", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    schema_version: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.schema_version,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ConfigLoaded:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            schema_version=values[0],
            reserved=values[1],
            tail=bytes(body[cls.SIZE :]),
        )


class PacketReceived(msgspec.Struct, frozen=True, kw_only=True):
    """Market data as it came off the wire, after line arbitration. The entry's time is the
    receive time.

    Attributes:
        feed_id: Which feed, from 0. (id)
        format: How to read the bytes. (PacketFormat)
        reserved: Zero. (none)
        tail: The bytes, unchanged.
    """

    KIND: ClassVar[int] = 2
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<HHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("feed_id", "<u2"),
            ("format", "<u2"),
            ("reserved", "<u4"),
        ]
    )

    feed_id: int
    format: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.feed_id,
                self.format,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> PacketReceived:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            feed_id=values[0],
            format=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class MarketUpdated(msgspec.Struct, frozen=True, kw_only=True):
    """One market-by-order event of a source that has no wire format of its own (LOBSTER, CSV,
    DBN, synthetic).

    Attributes:
        venue_ts_ns: When the venue says it happened. (ns since the Unix epoch)
        order_ref: The venue's order reference. (id)
        other_ref: REPLACE: the new order reference. EXECUTE, TRADE, CROSS, BREAK: the match
        number. Else 0. (id)
        price_ticks: Price; for DELETE and REDUCE 0. EXECUTE: the trade price, or 0 for the
        order's own. (ticks)
        qty_lots: Quantity, as the action defines it. (lots)
        instrument_id: Instrument. (id)
        action: What happened. (MarketAction)
        side: Side of the resting order; 0 where it is not said. (Side)
        flags: STATUS: a TradingStatus. Else bit 0: the price is the trade's and differs from the
        order's; bit 1: not printable. (bits)
    """

    KIND: ClassVar[int] = 3
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<qQQqQIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("venue_ts_ns", "<i8"),
            ("order_ref", "<u8"),
            ("other_ref", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("instrument_id", "<u4"),
            ("action", "u1"),
            ("side", "u1"),
            ("flags", "<u2"),
        ]
    )

    venue_ts_ns: int
    order_ref: int
    other_ref: int
    price_ticks: int
    qty_lots: int
    instrument_id: int
    action: int
    side: int
    flags: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.venue_ts_ns,
            self.order_ref,
            self.other_ref,
            self.price_ticks,
            self.qty_lots,
            self.instrument_id,
            self.action,
            self.side,
            self.flags,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> MarketUpdated:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            venue_ts_ns=values[0],
            order_ref=values[1],
            other_ref=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            instrument_id=values[5],
            action=values[6],
            side=values[7],
            flags=values[8],
        )


class InstrumentDefined(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument and its units. Given by the source, or made when a feed first names it.

    Attributes:
        symbol: The venue's symbol, padded with zero bytes. (text)
        currency: ISO 4217 code or coin, padded with zero bytes. (text)
        tick_e9: Worth of one tick. (10^-9 currency)
        lot_e9: Size of one lot. (10^-9 units)
        multiplier_e9: Contract multiplier. (10^-9)
        instrument_id: Its id in this journal, from 1. (id)
        venue_code: The venue's own number for it (ITCH: stock locate); 0 if none. (id)
    """

    KIND: ClassVar[int] = 4
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<16s8sQQQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("symbol", "S16"),
            ("currency", "S8"),
            ("tick_e9", "<u8"),
            ("lot_e9", "<u8"),
            ("multiplier_e9", "<u8"),
            ("instrument_id", "<u4"),
            ("venue_code", "<u4"),
        ]
    )

    symbol: bytes
    currency: bytes
    tick_e9: int
    lot_e9: int
    multiplier_e9: int
    instrument_id: int
    venue_code: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.symbol,
            self.currency,
            self.tick_e9,
            self.lot_e9,
            self.multiplier_e9,
            self.instrument_id,
            self.venue_code,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> InstrumentDefined:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            symbol=values[0].rstrip(b"\0"),
            currency=values[1].rstrip(b"\0"),
            tick_e9=values[2],
            lot_e9=values[3],
            multiplier_e9=values[4],
            instrument_id=values[5],
            venue_code=values[6],
        )


class TickRungDefined(msgspec.Struct, frozen=True, kw_only=True):
    """One rung of an instrument's tick table: from this price up, prices are multiples of the
    increment.

    Attributes:
        instrument_id: Instrument. (id)
        rung: Place in the table, from 0, lowest price first. (index)
        from_price_ticks: Lowest price of the rung, inclusive. (ticks)
        increment_ticks: Step between allowed prices. (ticks)
    """

    KIND: ClassVar[int] = 5
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<IIqq")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("instrument_id", "<u4"),
            ("rung", "<u4"),
            ("from_price_ticks", "<i8"),
            ("increment_ticks", "<i8"),
        ]
    )

    instrument_id: int
    rung: int
    from_price_ticks: int
    increment_ticks: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.instrument_id,
            self.rung,
            self.from_price_ticks,
            self.increment_ticks,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TickRungDefined:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            instrument_id=values[0],
            rung=values[1],
            from_price_ticks=values[2],
            increment_ticks=values[3],
        )


class TimerFired(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy's timer came due. Entry time is the due time.

    Attributes:
        strategy_id: Whose timer. (id)
        timer_id: Which, as the strategy numbered it. (id)
        due_ts_ns: When it was due. (ns since the Unix epoch)
    """

    KIND: ClassVar[int] = 6
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<IIq")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("strategy_id", "<u4"),
            ("timer_id", "<u4"),
            ("due_ts_ns", "<i8"),
        ]
    )

    strategy_id: int
    timer_id: int
    due_ts_ns: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.strategy_id,
            self.timer_id,
            self.due_ts_ns,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TimerFired:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            strategy_id=values[0],
            timer_id=values[1],
            due_ts_ns=values[2],
        )


class SourceEnded(msgspec.Struct, frozen=True, kw_only=True):
    """The source came to its end.

    Attributes:
        entries: How many entries of market data it gave. (count)
    """

    KIND: ClassVar[int] = 7
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<Q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("entries", "<u8"),
        ]
    )

    entries: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.entries,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SourceEnded:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            entries=values[0],
        )


class StrategyStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy began to run.

    Attributes:
        strategy_id: Its id in this run, from 1. (id)
        reserved: Zero. (none)
        code_hash: First 8 bytes of the BLAKE2b of its source text, little-endian. (hash)
        tail: Its name, UTF-8.
    """

    KIND: ClassVar[int] = 8
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<IIQ")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("strategy_id", "<u4"),
            ("reserved", "<u4"),
            ("code_hash", "<u8"),
        ]
    )

    strategy_id: int
    reserved: int = 0
    code_hash: int
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.strategy_id,
                self.reserved,
                self.code_hash,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyStarted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            strategy_id=values[0],
            reserved=values[1],
            code_hash=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class StrategyStopped(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy stopped; its live orders are cancelled by this entry.

    Attributes:
        strategy_id: Which. (id)
        reason: Why. (StopReason)
        reserved: Zero. (none)
        tail: What a person should read: the exception's last line, UTF-8.
    """

    KIND: ClassVar[int] = 9
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("strategy_id", "<u4"),
            ("reason", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    strategy_id: int
    reason: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.strategy_id,
                self.reason,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyStopped:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            strategy_id=values[0],
            reason=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class FirmDefined(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the exchange, as configured.

    Attributes:
        mpid: Its four-letter name, padded with zero bytes. (text)
        firm_id: Its id, from 1. (id)
        reserved: Zero. (none)
        tail: Its full name, UTF-8.
    """

    KIND: ClassVar[int] = 10
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<8sII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("mpid", "S8"),
            ("firm_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    mpid: bytes
    firm_id: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.mpid,
                self.firm_id,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FirmDefined:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            mpid=values[0].rstrip(b"\0"),
            firm_id=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class PortDefined(msgspec.Struct, frozen=True, kw_only=True):
    """An order-entry or drop-copy port of a firm, with its entitlements and limits. Repeated
    when they change.

    Attributes:
        order_qty_max: Largest quantity of one order; 0 refuses all. (lots)
        order_notional_max: Largest price times quantity of one order; 0 refuses all. (tick-lots)
        open_orders_max: Most live orders. (count)
        orders_per_second_max: Most new and replaced orders in any one second of journal time.
        (count)
        cancels_per_second_max: Most reductions, and cancels that name no live order, in any one
        second; the whole cancel of a live order is never refused. (count)
        port_id: Its id, from 1. (id)
        firm_id: Whose. (id)
        collar_bps: How far through the reference price an order may be priced; 0 for no such
        check. (basis points)
        kind: What it is for. (PortKind)
        format: What it speaks. (OrderFormat)
        cancel_on_disconnect: 1: its orders are cancelled when its connection ends. (0 or 1)
        stp_mode: Self-trade prevention for orders that do not say. (StpMode)
        stp_by_port: 1: between orders of the port; 0: of the firm. (0 or 1)
        duplicates_max: Most identical new orders within one second; 0 for no such check. (count)
        post_only_rejects: 1: a post-only order that would take is refused, where its protocol
        does not say; 0: it is priced behind. (0 or 1)
        reserved1: Zero. (none)
        tail: Username, UTF-8.
    """

    KIND: ClassVar[int] = 11
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQIIIIIIBBBBBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("order_qty_max", "<u8"),
            ("order_notional_max", "<u8"),
            ("open_orders_max", "<u4"),
            ("orders_per_second_max", "<u4"),
            ("cancels_per_second_max", "<u4"),
            ("port_id", "<u4"),
            ("firm_id", "<u4"),
            ("collar_bps", "<u4"),
            ("kind", "u1"),
            ("format", "u1"),
            ("cancel_on_disconnect", "u1"),
            ("stp_mode", "u1"),
            ("stp_by_port", "u1"),
            ("duplicates_max", "u1"),
            ("post_only_rejects", "u1"),
            ("reserved1", "u1"),
        ]
    )

    order_qty_max: int
    order_notional_max: int
    open_orders_max: int
    orders_per_second_max: int
    cancels_per_second_max: int
    port_id: int
    firm_id: int
    collar_bps: int
    kind: int
    format: int
    cancel_on_disconnect: int
    stp_mode: int
    stp_by_port: int
    duplicates_max: int
    post_only_rejects: int
    reserved1: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.order_qty_max,
                self.order_notional_max,
                self.open_orders_max,
                self.orders_per_second_max,
                self.cancels_per_second_max,
                self.port_id,
                self.firm_id,
                self.collar_bps,
                self.kind,
                self.format,
                self.cancel_on_disconnect,
                self.stp_mode,
                self.stp_by_port,
                self.duplicates_max,
                self.post_only_rejects,
                self.reserved1,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> PortDefined:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            order_qty_max=values[0],
            order_notional_max=values[1],
            open_orders_max=values[2],
            orders_per_second_max=values[3],
            cancels_per_second_max=values[4],
            port_id=values[5],
            firm_id=values[6],
            collar_bps=values[7],
            kind=values[8],
            format=values[9],
            cancel_on_disconnect=values[10],
            stp_mode=values[11],
            stp_by_port=values[12],
            duplicates_max=values[13],
            post_only_rejects=values[14],
            reserved1=values[15],
            tail=bytes(body[cls.SIZE :]),
        )


class InstrumentRuled(msgspec.Struct, frozen=True, kw_only=True):
    """The market rules of an instrument.

    Attributes:
        reference_ticks: Reference price until something trades; 0 for none. (ticks)
        collar_ticks: How far a market order may trade through the best price; 0 for no collar.
        (ticks)
        instrument_id: Instrument. (id)
        band_bps: Width of the price bands; 0 for none. (basis points)
        pause_ms: Length of a volatility auction. (ms)
        auction_collar_bps: How far from the reference a volatility auction may end; 0 for no
        limit. (basis points)
        pro_rata: 1: each price is shared by size; 0: by time. (0 or 1)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
        reserved3: Zero. (none)
    """

    KIND: ClassVar[int] = 12
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<qqIIIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("reference_ticks", "<i8"),
            ("collar_ticks", "<i8"),
            ("instrument_id", "<u4"),
            ("band_bps", "<u4"),
            ("pause_ms", "<u4"),
            ("auction_collar_bps", "<u4"),
            ("pro_rata", "u1"),
            ("reserved1", "u1"),
            ("reserved2", "<u2"),
            ("reserved3", "<u4"),
        ]
    )

    reference_ticks: int
    collar_ticks: int
    instrument_id: int
    band_bps: int
    pause_ms: int
    auction_collar_bps: int
    pro_rata: int
    reserved1: int = 0
    reserved2: int = 0
    reserved3: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.reference_ticks,
            self.collar_ticks,
            self.instrument_id,
            self.band_bps,
            self.pause_ms,
            self.auction_collar_bps,
            self.pro_rata,
            self.reserved1,
            self.reserved2,
            self.reserved3,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> InstrumentRuled:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            reference_ticks=values[0],
            collar_ticks=values[1],
            instrument_id=values[2],
            band_bps=values[3],
            pause_ms=values[4],
            auction_collar_bps=values[5],
            pro_rata=values[6],
            reserved1=values[7],
            reserved2=values[8],
            reserved3=values[9],
        )


class SessionOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A client logged in; its password was right.

    Attributes:
        port_id: Which port. (id)
        heartbeat_ms: Heartbeat interval asked for; 0: the protocol's. (ms)
        next_sequence: Number of the next message wanted; 0 if the protocol asks otherwise.
        (count)
    """

    KIND: ClassVar[int] = 13
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<IIQ")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("port_id", "<u4"),
            ("heartbeat_ms", "<u4"),
            ("next_sequence", "<u8"),
        ]
    )

    port_id: int
    heartbeat_ms: int
    next_sequence: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.port_id,
            self.heartbeat_ms,
            self.next_sequence,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SessionOpened:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            port_id=values[0],
            heartbeat_ms=values[1],
            next_sequence=values[2],
        )


class SessionClosed(msgspec.Struct, frozen=True, kw_only=True):
    """A client's connection ended.

    Attributes:
        port_id: Which port. (id)
        reason: Why. (CloseReason)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 14
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("port_id", "<u4"),
            ("reason", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    port_id: int
    reason: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.port_id,
            self.reason,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SessionClosed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            port_id=values[0],
            reason=values[1],
            reserved=values[2],
        )


class OrderMessageReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A message from a client, as it came.

    Attributes:
        port_id: From which port. (id)
        format: How to read the bytes. (OrderFormat)
        reserved: Zero. (none)
        tail: The bytes, without the session's framing.
    """

    KIND: ClassVar[int] = 15
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("port_id", "<u4"),
            ("format", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    port_id: int
    format: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.port_id,
                self.format,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderMessageReceived:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            port_id=values[0],
            format=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class ClockTicked(msgspec.Struct, frozen=True, kw_only=True):
    """Time has come this far: timers, expiry, heartbeats and schedules go by it.

    Attributes:
        tick: Number of the tick, from 1. (count)
    """

    KIND: ClassVar[int] = 16
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<Q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("tick", "<u8"),
        ]
    )

    tick: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.tick,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ClockTicked:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            tick=values[0],
        )


class OperatorCommanded(msgspec.Struct, frozen=True, kw_only=True):
    """An operator, or the configured schedule, acts on the market.

    Attributes:
        value: Argument. (as the operation defines)
        operation: What is done. (Operation)
        reserved1: Zero. (none)
        instrument_id: Instrument; 0 for all. (id)
        firm_id: Firm; 0 if none is meant. (id)
        port_id: Port; 0 if none is meant. (id)
        tail: Who, UTF-8.
    """

    KIND: ClassVar[int] = 17
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<qHHIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("value", "<i8"),
            ("operation", "<u2"),
            ("reserved1", "<u2"),
            ("instrument_id", "<u4"),
            ("firm_id", "<u4"),
            ("port_id", "<u4"),
        ]
    )

    value: int
    operation: int
    reserved1: int = 0
    instrument_id: int
    firm_id: int
    port_id: int
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.value,
                self.operation,
                self.reserved1,
                self.instrument_id,
                self.firm_id,
                self.port_id,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OperatorCommanded:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            value=values[0],
            operation=values[1],
            reserved1=values[2],
            instrument_id=values[3],
            firm_id=values[4],
            port_id=values[5],
            tail=bytes(body[cls.SIZE :]),
        )


class DayStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A trading day of the exchange begins; sequence numbers of all streams start again.

    Attributes:
        midnight_ts_ns: The exchange's local midnight, from which wire times count. (ns since the
        Unix epoch)
        date: The day. (yyyymmdd)
        reserved: Zero. (none)
        session: Name of the day's sessions on every wire, at most 10 characters, padded with
        zero bytes. (text)
    """

    KIND: ClassVar[int] = 18
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<qII16s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("midnight_ts_ns", "<i8"),
            ("date", "<u4"),
            ("reserved", "<u4"),
            ("session", "S16"),
        ]
    )

    midnight_ts_ns: int
    date: int
    reserved: int = 0
    session: bytes

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.midnight_ts_ns,
            self.date,
            self.reserved,
            self.session,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> DayStarted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            midnight_ts_ns=values[0],
            date=values[1],
            reserved=values[2],
            session=values[3].rstrip(b"\0"),
        )


class VenueMessageReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A message from a venue that we trade on, as it came: an answer to an order of ours.

    Attributes:
        venue_id: Which venue, from 1. (id)
        format: How to read the bytes. (OrderFormat)
        reserved: Zero. (none)
        tail: The bytes, without the session's framing.
    """

    KIND: ClassVar[int] = 19
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("venue_id", "<u4"),
            ("format", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    venue_id: int
    format: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.venue_id,
                self.format,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> VenueMessageReceived:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            venue_id=values[0],
            format=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class EnterOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy asks for a new order.

    Attributes:
        client_id: The strategy's own number for it, rising from 1 per strategy. (id)
        price_ticks: Limit price; 0 for a market order. (ticks)
        qty_lots: Quantity, at least 1. (lots)
        strategy_id: Who asks. (id)
        instrument_id: Instrument. (id)
        side: Side. (Side)
        order_type: Type. (OrderType)
        time_in_force: Life. (TimeInForce)
        post_only: 1: reject rather than take. (0 or 1)
        stp_mode: Self-trade prevention. (StpMode)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 20
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QqQIIBBBBB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("order_type", "u1"),
            ("time_in_force", "u1"),
            ("post_only", "u1"),
            ("stp_mode", "u1"),
            ("reserved", "S3"),
        ]
    )

    client_id: int
    price_ticks: int
    qty_lots: int
    strategy_id: int
    instrument_id: int
    side: int
    order_type: int
    time_in_force: int
    post_only: int
    stp_mode: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.client_id,
            self.price_ticks,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.order_type,
            self.time_in_force,
            self.post_only,
            self.stp_mode,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> EnterOrder:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            client_id=values[0],
            price_ticks=values[1],
            qty_lots=values[2],
            strategy_id=values[3],
            instrument_id=values[4],
            side=values[5],
            order_type=values[6],
            time_in_force=values[7],
            post_only=values[8],
            stp_mode=values[9],
            reserved=values[10].rstrip(b"\0"),
        )


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy asks to cancel an order, or to shrink it to a size.

    Attributes:
        client_id: The order's client id. (id)
        qty_lots: New intended size, executed part included; 0 cancels all (OUCH 5.0, Cancel
        Order). (lots)
        strategy_id: Who asks. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 21
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<QQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("client_id", "<u8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    client_id: int
    qty_lots: int
    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.client_id,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> CancelOrder:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            client_id=values[0],
            qty_lots=values[1],
            strategy_id=values[2],
            instrument_id=values[3],
        )


class ReplaceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy asks to replace an order's price and quantity.

    Attributes:
        client_id: The order to replace. (id)
        new_client_id: The replacement's client id. (id)
        price_ticks: New limit price. (ticks)
        qty_lots: New total over the chain, executed part included (OUCH 5.0, Replace Order).
        (lots)
        strategy_id: Who asks. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 22
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQqQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("client_id", "<u8"),
            ("new_client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    client_id: int
    new_client_id: int
    price_ticks: int
    qty_lots: int
    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.client_id,
            self.new_client_id,
            self.price_ticks,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ReplaceOrder:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            client_id=values[0],
            new_client_id=values[1],
            price_ticks=values[2],
            qty_lots=values[3],
            strategy_id=values[4],
            instrument_id=values[5],
        )


class SetQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy states the two-sided quote it wants; order management makes, moves and pulls
    the orders.

    Attributes:
        bid_price_ticks: Bid price; ignored when `bid_qty_lots` is 0. (ticks)
        ask_price_ticks: Ask price; ignored when `ask_qty_lots` is 0. (ticks)
        bid_qty_lots: Bid quantity; 0 withdraws the bid. (lots)
        ask_qty_lots: Ask quantity; 0 withdraws the ask. (lots)
        strategy_id: Who asks. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 23
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<qqQQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("bid_price_ticks", "<i8"),
            ("ask_price_ticks", "<i8"),
            ("bid_qty_lots", "<u8"),
            ("ask_qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    bid_price_ticks: int
    ask_price_ticks: int
    bid_qty_lots: int
    ask_qty_lots: int
    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.bid_price_ticks,
            self.ask_price_ticks,
            self.bid_qty_lots,
            self.ask_qty_lots,
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SetQuote:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            bid_price_ticks=values[0],
            ask_price_ticks=values[1],
            bid_qty_lots=values[2],
            ask_qty_lots=values[3],
            strategy_id=values[4],
            instrument_id=values[5],
        )


class CancelAll(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel all live orders of a strategy, in one instrument or in all.

    Attributes:
        strategy_id: Whose orders. (id)
        instrument_id: Instrument; 0 for all. (id)
    """

    KIND: ClassVar[int] = 24
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<II")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> CancelAll:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            strategy_id=values[0],
            instrument_id=values[1],
        )


class LimitSet(msgspec.Struct, frozen=True, kw_only=True):
    """A risk limit came into force.

    Attributes:
        value: The limit's value; negative withdraws it. (as the limit defines)
        instrument_id: Instrument; 0 for all that have none of their own. (id)
        limit: Which limit. (Limit)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 25
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<qIHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("value", "<i8"),
            ("instrument_id", "<u4"),
            ("limit", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    value: int
    instrument_id: int
    limit: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.value,
            self.instrument_id,
            self.limit,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LimitSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            value=values[0],
            instrument_id=values[1],
            limit=values[2],
            reserved=values[3],
        )


class ScopeLimitSet(msgspec.Struct, frozen=True, kw_only=True):
    """A risk limit of a scope came into force. LimitSet is the older form: each strategy, in one
    instrument.

    Attributes:
        value: The limit's value; negative withdraws it. (as the limit defines)
        id: Strategy, instrument, venue, account or product; 0 for FIRM, or for all that have
        none of their own. (id)
        limit: Which limit. (Limit)
        scope: Whom it concerns. (RiskScope)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 34
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<qIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("value", "<i8"),
            ("id", "<u4"),
            ("limit", "<u2"),
            ("scope", "u1"),
            ("reserved", "u1"),
        ]
    )

    value: int
    id: int
    limit: int
    scope: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.value,
            self.id,
            self.limit,
            self.scope,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ScopeLimitSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            value=values[0],
            id=values[1],
            limit=values[2],
            scope=values[3],
            reserved=values[4],
        )


class StrategyBooked(msgspec.Struct, frozen=True, kw_only=True):
    """On whose behalf a strategy trades, and what its orders are flagged with.

    Attributes:
        generation: Digest of its code, configuration and limits; 0 for none. (hash)
        strategy_id: Strategy. (id)
        account_id: Account, from 1. (id)
        owner_id: Beneficial owner, from 1: orders of one owner must not trade with each other.
        (id)
        algo_id: Algorithm, for the flags of its orders; 0 for none. (id)
        trader_id: Trader or approver; 0 for none. (id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 35
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QIIIIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("generation", "<u8"),
            ("strategy_id", "<u4"),
            ("account_id", "<u4"),
            ("owner_id", "<u4"),
            ("algo_id", "<u4"),
            ("trader_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    generation: int
    strategy_id: int
    account_id: int
    owner_id: int
    algo_id: int
    trader_id: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.generation,
            self.strategy_id,
            self.account_id,
            self.owner_id,
            self.algo_id,
            self.trader_id,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyBooked:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            generation=values[0],
            strategy_id=values[1],
            account_id=values[2],
            owner_id=values[3],
            algo_id=values[4],
            trader_id=values[5],
            reserved=values[6],
        )


class InstrumentAdmitted(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate must know of an instrument beside its ticks: where it belongs, what it is
    worth, which orders it takes.

    Attributes:
        ticklot_e12: Worth of one tick-lot: tick times lot times multiplier times exchange rate.
        (10^-12 account currency)
        qty_min_lots: Smallest quantity of an order. (lots)
        qty_max_lots: Largest quantity the venue takes. (lots)
        qty_step_lots: Quantities are multiples of this. (lots)
        price_min_ticks: Lowest price the venue takes today. (ticks)
        price_max_ticks: Highest price the venue takes today. (ticks)
        instrument_id: Instrument. (id)
        product_id: Its product; 0 for itself. (id)
        venue_id: Its venue; 0 where there is only one. (id)
        order_types: Bit n: the OrderType n is allowed. (bits)
        times_in_force: Bit n: the TimeInForce n is allowed. (bits)
    """

    KIND: ClassVar[int] = 36
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 64
    STRUCT: ClassVar[Struct] = Struct("<qQQQqqIIIHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("ticklot_e12", "<i8"),
            ("qty_min_lots", "<u8"),
            ("qty_max_lots", "<u8"),
            ("qty_step_lots", "<u8"),
            ("price_min_ticks", "<i8"),
            ("price_max_ticks", "<i8"),
            ("instrument_id", "<u4"),
            ("product_id", "<u4"),
            ("venue_id", "<u4"),
            ("order_types", "<u2"),
            ("times_in_force", "<u2"),
        ]
    )

    ticklot_e12: int
    qty_min_lots: int
    qty_max_lots: int
    qty_step_lots: int
    price_min_ticks: int
    price_max_ticks: int
    instrument_id: int
    product_id: int
    venue_id: int
    order_types: int
    times_in_force: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.ticklot_e12,
            self.qty_min_lots,
            self.qty_max_lots,
            self.qty_step_lots,
            self.price_min_ticks,
            self.price_max_ticks,
            self.instrument_id,
            self.product_id,
            self.venue_id,
            self.order_types,
            self.times_in_force,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> InstrumentAdmitted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            ticklot_e12=values[0],
            qty_min_lots=values[1],
            qty_max_lots=values[2],
            qty_step_lots=values[3],
            price_min_ticks=values[4],
            price_max_ticks=values[5],
            instrument_id=values[6],
            product_id=values[7],
            venue_id=values[8],
            order_types=values[9],
            times_in_force=values[10],
        )


class AccessSet(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy may trade.

    Attributes:
        strategy_id: Strategy. (id)
        instrument_id: Instrument; 0 for all. (id)
        venue_id: Venue; 0 for all. (id)
        sides: 1: may buy; 2: may sell; 0 takes the right away. (bits)
    """

    KIND: ClassVar[int] = 37
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<IIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("venue_id", "<u4"),
            ("sides", "<u4"),
        ]
    )

    strategy_id: int
    instrument_id: int
    venue_id: int
    sides: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.strategy_id,
            self.instrument_id,
            self.venue_id,
            self.sides,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> AccessSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            strategy_id=values[0],
            instrument_id=values[1],
            venue_id=values[2],
            sides=values[3],
        )


class RestrictionSet(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the restricted list; replaces what stood there.

    Attributes:
        located_lots: Lots located for short sales. (lots)
        instrument_id: Instrument. (id)
        account_id: Account; 0 for all. (id)
        bars: Sum of Restriction values; 0 lifts all. (bits)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 38
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<QIIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("located_lots", "<u8"),
            ("instrument_id", "<u4"),
            ("account_id", "<u4"),
            ("bars", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    located_lots: int
    instrument_id: int
    account_id: int
    bars: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.located_lots,
            self.instrument_id,
            self.account_id,
            self.bars,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> RestrictionSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            located_lots=values[0],
            instrument_id=values[1],
            account_id=values[2],
            bars=values[3],
            reserved=values[4],
        )


class LimitsLoaded(msgspec.Struct, frozen=True, kw_only=True):
    """A set of limits came into force as a whole; the events that set them follow.

    Attributes:
        version: Version of the set; never falls. (version)
        hash: First 8 bytes of the SHA-256 of the signed text, little-endian. (hash)
        valid_from_ns: Not before. (ns since the Unix epoch)
        valid_to_ns: From then on only reducing orders pass; 0 for no end. (ns since the Unix
        epoch)
        profile: Which limits have to be there. (LimitProfile)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
        reserved3: Zero. (none)
    """

    KIND: ClassVar[int] = 39
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQqqBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("version", "<u8"),
            ("hash", "<u8"),
            ("valid_from_ns", "<i8"),
            ("valid_to_ns", "<i8"),
            ("profile", "u1"),
            ("reserved1", "u1"),
            ("reserved2", "<u2"),
            ("reserved3", "<u4"),
        ]
    )

    version: int
    hash: int
    valid_from_ns: int
    valid_to_ns: int
    profile: int
    reserved1: int = 0
    reserved2: int = 0
    reserved3: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.version,
            self.hash,
            self.valid_from_ns,
            self.valid_to_ns,
            self.profile,
            self.reserved1,
            self.reserved2,
            self.reserved3,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LimitsLoaded:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            version=values[0],
            hash=values[1],
            valid_from_ns=values[2],
            valid_to_ns=values[3],
            profile=values[4],
            reserved1=values[5],
            reserved2=values[6],
            reserved3=values[7],
        )


class SubmitOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy asks for a new order, with every term an order can have. EnterOrder is the same
    for a simple one.

    Attributes:
        client_id: The strategy's own number for it, rising from 1 per strategy. (id)
        price_ticks: Limit price; 0 for a market order. A peg: the price it never goes beyond, 0
        for none. (ticks)
        qty_lots: Quantity, at least 1. (lots)
        display_lots: Quantity shown at a time (iceberg); 0 shows all. (lots)
        min_qty_lots: Least quantity of an execution; 0 for any. (lots)
        stop_price_ticks: Trigger of a stop; 0 for none. (ticks)
        peg_offset_ticks: A peg: how far from its reference, away from the market. (ticks)
        expire_ts_ns: End of an order of time in force UNTIL; 0 for none. (ns since the Unix
        epoch)
        parent_id: The parent order it is a child of; 0 for none. (id)
        after_id: Held until the order of this client id trades, and never larger than what that
        traded; 0: at once. (id)
        group_id: Orders of one group share their quantity: what one trades, the others lose; 0
        for none. (id)
        strategy_id: Who asks. (id)
        instrument_id: Instrument. (id)
        side: Side. (Side)
        order_type: Type. (OrderType)
        time_in_force: Life. (TimeInForce)
        stp_mode: Self-trade prevention. (StpMode)
        flags: Bit 0: post-only. Bit 1: hidden. Bit 2: reduce-only, it may only make the position
        smaller. Bit 3: a stop that is kept by us, and not by the venue. (bits)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 26
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 104
    STRUCT: ClassVar[Struct] = Struct("<QqQQQqqqQQQIIBBBBB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("display_lots", "<u8"),
            ("min_qty_lots", "<u8"),
            ("stop_price_ticks", "<i8"),
            ("peg_offset_ticks", "<i8"),
            ("expire_ts_ns", "<i8"),
            ("parent_id", "<u8"),
            ("after_id", "<u8"),
            ("group_id", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("order_type", "u1"),
            ("time_in_force", "u1"),
            ("stp_mode", "u1"),
            ("flags", "u1"),
            ("reserved", "S3"),
        ]
    )

    client_id: int
    price_ticks: int
    qty_lots: int
    display_lots: int
    min_qty_lots: int
    stop_price_ticks: int
    peg_offset_ticks: int
    expire_ts_ns: int
    parent_id: int
    after_id: int
    group_id: int
    strategy_id: int
    instrument_id: int
    side: int
    order_type: int
    time_in_force: int
    stp_mode: int
    flags: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.client_id,
            self.price_ticks,
            self.qty_lots,
            self.display_lots,
            self.min_qty_lots,
            self.stop_price_ticks,
            self.peg_offset_ticks,
            self.expire_ts_ns,
            self.parent_id,
            self.after_id,
            self.group_id,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.order_type,
            self.time_in_force,
            self.stp_mode,
            self.flags,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SubmitOrder:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            client_id=values[0],
            price_ticks=values[1],
            qty_lots=values[2],
            display_lots=values[3],
            min_qty_lots=values[4],
            stop_price_ticks=values[5],
            peg_offset_ticks=values[6],
            expire_ts_ns=values[7],
            parent_id=values[8],
            after_id=values[9],
            group_id=values[10],
            strategy_id=values[11],
            instrument_id=values[12],
            side=values[13],
            order_type=values[14],
            time_in_force=values[15],
            stp_mode=values[16],
            flags=values[17],
            reserved=values[18].rstrip(b"\0"),
        )


class OpenParent(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy begins a parent order, which it will work by children.

    Attributes:
        parent_id: The strategy's own number for it, rising; parents and orders share one row of
        numbers. (id)
        qty_lots: Quantity, at least 1: its children never trade more. (lots)
        strategy_id: Who asks. (id)
        instrument_id: Instrument; where the node routes, of the product's listings the first.
        (id)
        children_max: Most children over its life. (count)
        side: Side of all its children. (Side)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 27
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QQIIIB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("parent_id", "<u8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("children_max", "<u4"),
            ("side", "u1"),
            ("reserved", "S3"),
        ]
    )

    parent_id: int
    qty_lots: int
    strategy_id: int
    instrument_id: int
    children_max: int
    side: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.parent_id,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
            self.children_max,
            self.side,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OpenParent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            parent_id=values[0],
            qty_lots=values[1],
            strategy_id=values[2],
            instrument_id=values[3],
            children_max=values[4],
            side=values[5],
            reserved=values[6].rstrip(b"\0"),
        )


class CloseParent(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy ends a parent order: no child follows. Those that live are not touched.

    Attributes:
        parent_id: Which. (id)
        strategy_id: Who asks. (id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 28
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("parent_id", "<u8"),
            ("strategy_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    parent_id: int
    strategy_id: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.parent_id,
            self.strategy_id,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> CloseParent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            parent_id=values[0],
            strategy_id=values[1],
            reserved=values[2],
        )


class SubmitGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy asks for orders that depend on each other: all are taken, or none. A field of
    an order that the kind does not have is 0.

    Attributes:
        group_id: The strategy's own number for it, in one row with its orders'; the orders have
        those that follow. (id)
        leg1_price_ticks: First order: limit price; 0 for a market order. (ticks)
        leg1_stop_price_ticks: First order: trigger of a stop; 0 for none. (ticks)
        leg1_trail_ticks: First order: how far its trigger follows the best trade since it was
        armed; 0: it stays. (ticks)
        leg1_qty_lots: First order: quantity, at least 1. (lots)
        leg1_instrument_id: First order: instrument. (id)
        leg1_side: First order: side. (Side)
        leg1_order_type: First order: type. (OrderType)
        leg1_time_in_force: First order: life. (TimeInForce)
        leg1_flags: First order: as SubmitOrder.flags, without bit 2. (bits)
        leg2_price_ticks: Second order: limit price; 0 for a market order. (ticks)
        leg2_stop_price_ticks: Second order: trigger of a stop; 0 for none. (ticks)
        leg2_trail_ticks: Second order: how far its trigger follows the best trade since it was
        armed; 0: it stays. (ticks)
        leg2_qty_lots: Second order: quantity; two that share it have the same. (lots)
        leg2_instrument_id: Second order: instrument. (id)
        leg2_side: Second order: side. (Side)
        leg2_order_type: Second order: type. (OrderType)
        leg2_time_in_force: Second order: life. (TimeInForce)
        leg2_flags: Second order: as SubmitOrder.flags, without bit 2. (bits)
        leg3_price_ticks: Third order: limit price; 0 for a market order. (ticks)
        leg3_stop_price_ticks: Third order: trigger of a stop; 0 for none. (ticks)
        leg3_trail_ticks: Third order: how far its trigger follows the best trade since it was
        armed; 0: it stays. (ticks)
        leg3_qty_lots: Third order: quantity; two that share it have the same. (lots)
        leg3_instrument_id: Third order: instrument. (id)
        leg3_side: Third order: side. (Side)
        leg3_order_type: Third order: type. (OrderType)
        leg3_time_in_force: Third order: life. (TimeInForce)
        leg3_flags: Third order: as SubmitOrder.flags, without bit 2. (bits)
        strategy_id: Who asks. (id)
        kind: How they depend on each other. (GroupKind)
        stp_mode: Self-trade prevention of all of them. (StpMode)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 29
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 136
    STRUCT: ClassVar[Struct] = Struct("<QqqqQIBBBBqqqQIBBBBqqqQIBBBBIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("group_id", "<u8"),
            ("leg1_price_ticks", "<i8"),
            ("leg1_stop_price_ticks", "<i8"),
            ("leg1_trail_ticks", "<i8"),
            ("leg1_qty_lots", "<u8"),
            ("leg1_instrument_id", "<u4"),
            ("leg1_side", "u1"),
            ("leg1_order_type", "u1"),
            ("leg1_time_in_force", "u1"),
            ("leg1_flags", "u1"),
            ("leg2_price_ticks", "<i8"),
            ("leg2_stop_price_ticks", "<i8"),
            ("leg2_trail_ticks", "<i8"),
            ("leg2_qty_lots", "<u8"),
            ("leg2_instrument_id", "<u4"),
            ("leg2_side", "u1"),
            ("leg2_order_type", "u1"),
            ("leg2_time_in_force", "u1"),
            ("leg2_flags", "u1"),
            ("leg3_price_ticks", "<i8"),
            ("leg3_stop_price_ticks", "<i8"),
            ("leg3_trail_ticks", "<i8"),
            ("leg3_qty_lots", "<u8"),
            ("leg3_instrument_id", "<u4"),
            ("leg3_side", "u1"),
            ("leg3_order_type", "u1"),
            ("leg3_time_in_force", "u1"),
            ("leg3_flags", "u1"),
            ("strategy_id", "<u4"),
            ("kind", "u1"),
            ("stp_mode", "u1"),
            ("reserved", "<u2"),
        ]
    )

    group_id: int
    leg1_price_ticks: int
    leg1_stop_price_ticks: int
    leg1_trail_ticks: int
    leg1_qty_lots: int
    leg1_instrument_id: int
    leg1_side: int
    leg1_order_type: int
    leg1_time_in_force: int
    leg1_flags: int
    leg2_price_ticks: int
    leg2_stop_price_ticks: int
    leg2_trail_ticks: int
    leg2_qty_lots: int
    leg2_instrument_id: int
    leg2_side: int
    leg2_order_type: int
    leg2_time_in_force: int
    leg2_flags: int
    leg3_price_ticks: int
    leg3_stop_price_ticks: int
    leg3_trail_ticks: int
    leg3_qty_lots: int
    leg3_instrument_id: int
    leg3_side: int
    leg3_order_type: int
    leg3_time_in_force: int
    leg3_flags: int
    strategy_id: int
    kind: int
    stp_mode: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.group_id,
            self.leg1_price_ticks,
            self.leg1_stop_price_ticks,
            self.leg1_trail_ticks,
            self.leg1_qty_lots,
            self.leg1_instrument_id,
            self.leg1_side,
            self.leg1_order_type,
            self.leg1_time_in_force,
            self.leg1_flags,
            self.leg2_price_ticks,
            self.leg2_stop_price_ticks,
            self.leg2_trail_ticks,
            self.leg2_qty_lots,
            self.leg2_instrument_id,
            self.leg2_side,
            self.leg2_order_type,
            self.leg2_time_in_force,
            self.leg2_flags,
            self.leg3_price_ticks,
            self.leg3_stop_price_ticks,
            self.leg3_trail_ticks,
            self.leg3_qty_lots,
            self.leg3_instrument_id,
            self.leg3_side,
            self.leg3_order_type,
            self.leg3_time_in_force,
            self.leg3_flags,
            self.strategy_id,
            self.kind,
            self.stp_mode,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SubmitGroup:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            group_id=values[0],
            leg1_price_ticks=values[1],
            leg1_stop_price_ticks=values[2],
            leg1_trail_ticks=values[3],
            leg1_qty_lots=values[4],
            leg1_instrument_id=values[5],
            leg1_side=values[6],
            leg1_order_type=values[7],
            leg1_time_in_force=values[8],
            leg1_flags=values[9],
            leg2_price_ticks=values[10],
            leg2_stop_price_ticks=values[11],
            leg2_trail_ticks=values[12],
            leg2_qty_lots=values[13],
            leg2_instrument_id=values[14],
            leg2_side=values[15],
            leg2_order_type=values[16],
            leg2_time_in_force=values[17],
            leg2_flags=values[18],
            leg3_price_ticks=values[19],
            leg3_stop_price_ticks=values[20],
            leg3_trail_ticks=values[21],
            leg3_qty_lots=values[22],
            leg3_instrument_id=values[23],
            leg3_side=values[24],
            leg3_order_type=values[25],
            leg3_time_in_force=values[26],
            leg3_flags=values[27],
            strategy_id=values[28],
            kind=values[29],
            stp_mode=values[30],
            reserved=values[31],
        )


class OrderAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """An order passed risk and was taken by the venue.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The venue's order id, rising from 1. (id)
        client_id: The strategy's number for it. (id)
        price_ticks: Limit price; 0 for a market order. (ticks)
        qty_lots: Quantity still to do when it was taken. (lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        side: Side. (Side)
        order_type: Type. (OrderType)
        time_in_force: Life. (TimeInForce)
        post_only: Post-only flag. (0 or 1)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 40
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQqQIIBBBBI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("order_type", "u1"),
            ("time_in_force", "u1"),
            ("post_only", "u1"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    price_ticks: int
    qty_lots: int
    strategy_id: int
    instrument_id: int
    side: int
    order_type: int
    time_in_force: int
    post_only: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.price_ticks,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.order_type,
            self.time_in_force,
            self.post_only,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderAccepted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            side=values[7],
            order_type=values[8],
            time_in_force=values[9],
            post_only=values[10],
            reserved=values[11],
        )


class OrderRejected(msgspec.Struct, frozen=True, kw_only=True):
    """An order, cancel or replace was refused; nothing changed.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        client_id: The strategy's number for it. (id)
        value: What was found. (as the reason defines)
        bound: What was allowed. (as the reason defines)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        reason: Why, see reasons.toml. (RejectReason)
        command: Which command was refused: 20, 21, 22 or 23. (event id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 41
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQqqIIHHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("client_id", "<u8"),
            ("value", "<i8"),
            ("bound", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("reason", "<u2"),
            ("command", "<u2"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    client_id: int
    value: int
    bound: int
    strategy_id: int
    instrument_id: int
    reason: int
    command: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.client_id,
            self.value,
            self.bound,
            self.strategy_id,
            self.instrument_id,
            self.reason,
            self.command,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderRejected:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            client_id=values[1],
            value=values[2],
            bound=values[3],
            strategy_id=values[4],
            instrument_id=values[5],
            reason=values[6],
            command=values[7],
            reserved=values[8],
        )


class OrderReplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A replacement took the place of an order.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        old_order_id: The order that ended. (id)
        order_id: The order that lives on. (id)
        client_id: The replacement's client id. (id)
        price_ticks: New limit price. (ticks)
        qty_lots: Quantity still to do after it. (lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 42
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQQqQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("old_order_id", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    old_order_id: int
    order_id: int
    client_id: int
    price_ticks: int
    qty_lots: int
    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.old_order_id,
            self.order_id,
            self.client_id,
            self.price_ticks,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderReplaced:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            old_order_id=values[1],
            order_id=values[2],
            client_id=values[3],
            price_ticks=values[4],
            qty_lots=values[5],
            strategy_id=values[6],
            instrument_id=values[7],
        )


class OrderCanceled(msgspec.Struct, frozen=True, kw_only=True):
    """An order, or part of it, was cancelled.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The order. (id)
        client_id: The strategy's number for it. (id)
        qty_lots: How much was taken off. (lots)
        leaves_lots: How much is left; 0: the order is dead. (lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        reason: Why. (CancelReason)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 43
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQQQIIHHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("qty_lots", "<u8"),
            ("leaves_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("reason", "<u2"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    qty_lots: int
    leaves_lots: int
    strategy_id: int
    instrument_id: int
    reason: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.qty_lots,
            self.leaves_lots,
            self.strategy_id,
            self.instrument_id,
            self.reason,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderCanceled:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            qty_lots=values[3],
            leaves_lots=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            reason=values[7],
            reserved1=values[8],
            reserved2=values[9],
        )


class OrderFilled(msgspec.Struct, frozen=True, kw_only=True):
    """Our order traded.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: Our order. (id)
        client_id: The strategy's number for it. (id)
        match_id: Match number, rising from 1; the same on both sides. (id)
        price_ticks: Trade price. (ticks)
        qty_lots: Traded quantity. (lots)
        leaves_lots: What is left of the order; 0: it is dead. (lots)
        arrival_mid2_ticks: Best bid plus best ask when the order arrived, for slippage; 0 if the
        book had no two sides. (half ticks)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        side: Our side. (Side)
        liquidity: Maker or taker. (Liquidity)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 44
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 80
    STRUCT: ClassVar[Struct] = Struct("<QQQQqQQqIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("match_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("leaves_lots", "<u8"),
            ("arrival_mid2_ticks", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("liquidity", "u1"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    match_id: int
    price_ticks: int
    qty_lots: int
    leaves_lots: int
    arrival_mid2_ticks: int
    strategy_id: int
    instrument_id: int
    side: int
    liquidity: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.match_id,
            self.price_ticks,
            self.qty_lots,
            self.leaves_lots,
            self.arrival_mid2_ticks,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.liquidity,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderFilled:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            match_id=values[3],
            price_ticks=values[4],
            qty_lots=values[5],
            leaves_lots=values[6],
            arrival_mid2_ticks=values[7],
            strategy_id=values[8],
            instrument_id=values[9],
            side=values[10],
            liquidity=values[11],
            reserved1=values[12],
            reserved2=values[13],
        )


class PositionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy's position in an instrument after a fill.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        position_lots: Signed position; positive is long. (lots)
        cash_ticklots: Sum of sales less purchases, price times quantity; the nearest i64 if it
        does not fit. (tick-lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 45
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QqqII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("position_lots", "<i8"),
            ("cash_ticklots", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    position_lots: int
    cash_ticklots: int
    strategy_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.position_lots,
            self.cash_ticklots,
            self.strategy_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> PositionChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            position_lots=values[1],
            cash_ticklots=values[2],
            strategy_id=values[3],
            instrument_id=values[4],
        )


class TradeExecuted(msgspec.Struct, frozen=True, kw_only=True):
    """Two orders traded on our exchange. OrderFilled says the same to each side.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        match_id: Match number, rising by one. (id)
        price_ticks: Trade price. (ticks)
        qty_lots: Traded quantity. (lots)
        buy_order_id: The buyer's order. (id)
        sell_order_id: The seller's order. (id)
        buy_port_id: The buyer's port. (id)
        sell_port_id: The seller's port. (id)
        instrument_id: Instrument. (id)
        maker_side: Side of the order that rested; 0 in an auction. (Side)
        hidden: 1: the resting order was not displayed. (0 or 1)
        phase: The phase it traded in. (Phase)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 46
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 64
    STRUCT: ClassVar[Struct] = Struct("<QQqQQQIIIBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("match_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("buy_order_id", "<u8"),
            ("sell_order_id", "<u8"),
            ("buy_port_id", "<u4"),
            ("sell_port_id", "<u4"),
            ("instrument_id", "<u4"),
            ("maker_side", "u1"),
            ("hidden", "u1"),
            ("phase", "u1"),
            ("reserved", "u1"),
        ]
    )

    cause_seq: int
    match_id: int
    price_ticks: int
    qty_lots: int
    buy_order_id: int
    sell_order_id: int
    buy_port_id: int
    sell_port_id: int
    instrument_id: int
    maker_side: int
    hidden: int
    phase: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.match_id,
            self.price_ticks,
            self.qty_lots,
            self.buy_order_id,
            self.sell_order_id,
            self.buy_port_id,
            self.sell_port_id,
            self.instrument_id,
            self.maker_side,
            self.hidden,
            self.phase,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TradeExecuted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            match_id=values[1],
            price_ticks=values[2],
            qty_lots=values[3],
            buy_order_id=values[4],
            sell_order_id=values[5],
            buy_port_id=values[6],
            sell_port_id=values[7],
            instrument_id=values[8],
            maker_side=values[9],
            hidden=values[10],
            phase=values[11],
            reserved=values[12],
        )


class PhaseChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument's phase changed.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        instrument_id: Instrument. (id)
        phase: The new phase. (Phase)
        was: The phase before. (Phase)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 47
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("instrument_id", "<u4"),
            ("phase", "u1"),
            ("was", "u1"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    instrument_id: int
    phase: int
    was: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.instrument_id,
            self.phase,
            self.was,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> PhaseChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            instrument_id=values[1],
            phase=values[2],
            was=values[3],
            reserved=values[4],
        )


class IndicativeChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Where an auction would end if it ended now.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        price_ticks: Indicative price; 0 when nothing would trade. (ticks)
        paired_lots: Quantity that would trade. (lots)
        imbalance_lots: What would be left at that price. (lots)
        instrument_id: Instrument. (id)
        imbalance_side: Of which side; 0 for none. (Side)
        phase: Which auction. (Phase)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 48
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QqQQIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("price_ticks", "<i8"),
            ("paired_lots", "<u8"),
            ("imbalance_lots", "<u8"),
            ("instrument_id", "<u4"),
            ("imbalance_side", "u1"),
            ("phase", "u1"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    price_ticks: int
    paired_lots: int
    imbalance_lots: int
    instrument_id: int
    imbalance_side: int
    phase: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.price_ticks,
            self.paired_lots,
            self.imbalance_lots,
            self.instrument_id,
            self.imbalance_side,
            self.phase,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> IndicativeChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            price_ticks=values[1],
            paired_lots=values[2],
            imbalance_lots=values[3],
            instrument_id=values[4],
            imbalance_side=values[5],
            phase=values[6],
            reserved=values[7],
        )


class BandsChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument's price bands, or where its market stands in them, changed.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        reference_ticks: Reference price. (ticks)
        lower_ticks: Nothing trades below. (ticks)
        upper_ticks: Nothing trades above. (ticks)
        instrument_id: Instrument. (id)
        limit_side: The side whose best price stands at its band (limit state); 0 for none.
        (Side)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 49
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QqqqIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("reference_ticks", "<i8"),
            ("lower_ticks", "<i8"),
            ("upper_ticks", "<i8"),
            ("instrument_id", "<u4"),
            ("limit_side", "u1"),
            ("reserved1", "u1"),
            ("reserved2", "<u2"),
        ]
    )

    cause_seq: int
    reference_ticks: int
    lower_ticks: int
    upper_ticks: int
    instrument_id: int
    limit_side: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.reference_ticks,
            self.lower_ticks,
            self.upper_ticks,
            self.instrument_id,
            self.limit_side,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> BandsChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            reference_ticks=values[1],
            lower_ticks=values[2],
            upper_ticks=values[3],
            instrument_id=values[4],
            limit_side=values[5],
            reserved1=values[6],
            reserved2=values[7],
        )


class TradeBroken(msgspec.Struct, frozen=True, kw_only=True):
    """A trade was broken.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        match_id: Match number. (id)
        price_ticks: Its price. (ticks)
        qty_lots: Its quantity. (lots)
        buy_port_id: The buyer's port. (id)
        sell_port_id: The seller's port. (id)
        instrument_id: Instrument. (id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 50
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQqQIIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("match_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("buy_port_id", "<u4"),
            ("sell_port_id", "<u4"),
            ("instrument_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    match_id: int
    price_ticks: int
    qty_lots: int
    buy_port_id: int
    sell_port_id: int
    instrument_id: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.match_id,
            self.price_ticks,
            self.qty_lots,
            self.buy_port_id,
            self.sell_port_id,
            self.instrument_id,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TradeBroken:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            match_id=values[1],
            price_ticks=values[2],
            qty_lots=values[3],
            buy_port_id=values[4],
            sell_port_id=values[5],
            instrument_id=values[6],
            reserved=values[7],
        )


class OrderRestated(msgspec.Struct, frozen=True, kw_only=True):
    """The market gave an order a new id, and with it a new place in time.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        old_order_id: The id it had. (id)
        order_id: The id it has. (id)
        client_id: The client's number for it. (id)
        price_ticks: Price it has now; 0 for none. (ticks)
        qty_lots: Quantity still to do. (lots)
        displayed_lots: How much of it is displayed. (lots)
        strategy_id: Whose: the port. (id)
        instrument_id: Instrument. (id)
        side: Side. (Side)
        reason: Why. (RestateReason)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 51
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 72
    STRUCT: ClassVar[Struct] = Struct("<QQQQqQQIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("old_order_id", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("displayed_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("reason", "u1"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    old_order_id: int
    order_id: int
    client_id: int
    price_ticks: int
    qty_lots: int
    displayed_lots: int
    strategy_id: int
    instrument_id: int
    side: int
    reason: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.old_order_id,
            self.order_id,
            self.client_id,
            self.price_ticks,
            self.qty_lots,
            self.displayed_lots,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.reason,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderRestated:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            old_order_id=values[1],
            order_id=values[2],
            client_id=values[3],
            price_ticks=values[4],
            qty_lots=values[5],
            displayed_lots=values[6],
            strategy_id=values[7],
            instrument_id=values[8],
            side=values[9],
            reason=values[10],
            reserved1=values[11],
            reserved2=values[12],
        )


class EntryBlocked(msgspec.Struct, frozen=True, kw_only=True):
    """New orders of a port, of a firm or of all are refused from here on, or no more.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        id: The port or firm; 0 for the market. (id)
        scope: Whose. (BlockScope)
        blocked: 1: refused; 0: taken again. (0 or 1)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 52
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("id", "<u4"),
            ("scope", "u1"),
            ("blocked", "u1"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    id: int
    scope: int
    blocked: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.id,
            self.scope,
            self.blocked,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> EntryBlocked:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            id=values[1],
            scope=values[2],
            blocked=values[3],
            reserved=values[4],
        )


class VenueMessageSent(msgspec.Struct, frozen=True, kw_only=True):
    """A message to a venue that we trade on: it passed risk, and leaves after this entry.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        venue_id: Which venue, from 1. (id)
        format: How to read the bytes. (OrderFormat)
        reserved: Zero. (none)
        tail: The bytes, without the session's framing.
    """

    KIND: ClassVar[int] = 53
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QIHH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("venue_id", "<u4"),
            ("format", "<u2"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    venue_id: int
    format: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.cause_seq,
                self.venue_id,
                self.format,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> VenueMessageSent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            venue_id=values[1],
            format=values[2],
            reserved=values[3],
            tail=bytes(body[cls.SIZE :]),
        )


class OrderStateChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An order's state changed, and none of OrderAccepted to OrderFilled says it.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The venue's order id; 0 if it has not said. (id)
        client_id: The strategy's number for it. (id)
        leaves_lots: What is left of it, as far as we know. (lots)
        executed_lots: What traded, over the chain of replacements. (lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        was: The state before. (OrderState)
        state: The new state. (OrderState)
        reason: Why. (StateReason)
        is_flagged: 1: this must not happen; the account is to be halted until a person looked.
        (0 or 1)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 54
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQQQIIBBBBI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("leaves_lots", "<u8"),
            ("executed_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("was", "u1"),
            ("state", "u1"),
            ("reason", "u1"),
            ("is_flagged", "u1"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    leaves_lots: int
    executed_lots: int
    strategy_id: int
    instrument_id: int
    was: int
    state: int
    reason: int
    is_flagged: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.leaves_lots,
            self.executed_lots,
            self.strategy_id,
            self.instrument_id,
            self.was,
            self.state,
            self.reason,
            self.is_flagged,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderStateChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            leaves_lots=values[3],
            executed_lots=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            was=values[7],
            state=values[8],
            reason=values[9],
            is_flagged=values[10],
            reserved=values[11],
        )


class OrderUnknown(msgspec.Struct, frozen=True, kw_only=True):
    """The venue speaks of an order that we do not know, or no longer. Always flagged: the
    account is to be halted.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The venue's order id; 0 if it has not said. (id)
        client_id: The strategy's number for it; 0 if there is none. (id)
        strategy_id: Whose; 0 if nobody's. (id)
        instrument_id: Instrument. (id)
        report: What the venue said. (ReportKind)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
        reserved3: Zero. (none)
    """

    KIND: ClassVar[int] = 55
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQQIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("report", "u1"),
            ("reserved1", "u1"),
            ("reserved2", "<u2"),
            ("reserved3", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    strategy_id: int
    instrument_id: int
    report: int
    reserved1: int = 0
    reserved2: int = 0
    reserved3: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.strategy_id,
            self.instrument_id,
            self.report,
            self.reserved1,
            self.reserved2,
            self.reserved3,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderUnknown:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            strategy_id=values[3],
            instrument_id=values[4],
            report=values[5],
            reserved1=values[6],
            reserved2=values[7],
            reserved3=values[8],
        )


class FillUnexpected(msgspec.Struct, frozen=True, kw_only=True):
    """A fill that should not be. Unless it is a repetition it counts: OrderFilled and
    PositionChanged say so as well, and the account is to be halted.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The venue's order id; 0 if it has not said. (id)
        client_id: The strategy's number for it; 0 if there is none. (id)
        match_id: The venue's number of the fill. (id)
        price_ticks: Trade price. (ticks)
        qty_lots: Traded quantity. (lots)
        excess_lots: How much of it should not be. (lots)
        strategy_id: Whose; 0 if nobody's: then the position is kept under 0. (id)
        instrument_id: Instrument. (id)
        side: Our side; 0 where it is not said. (Side)
        what: What is wrong with it. (UnexpectedFill)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 56
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 72
    STRUCT: ClassVar[Struct] = Struct("<QQQQqQQIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("client_id", "<u8"),
            ("match_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("excess_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("side", "u1"),
            ("what", "u1"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    order_id: int
    client_id: int
    match_id: int
    price_ticks: int
    qty_lots: int
    excess_lots: int
    strategy_id: int
    instrument_id: int
    side: int
    what: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.client_id,
            self.match_id,
            self.price_ticks,
            self.qty_lots,
            self.excess_lots,
            self.strategy_id,
            self.instrument_id,
            self.side,
            self.what,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FillUnexpected:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            client_id=values[2],
            match_id=values[3],
            price_ticks=values[4],
            qty_lots=values[5],
            excess_lots=values[6],
            strategy_id=values[7],
            instrument_id=values[8],
            side=values[9],
            what=values[10],
            reserved1=values[11],
            reserved2=values[12],
        )


class ParentChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A parent order was opened, traded, or ended.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        parent_id: The strategy's number for it. (id)
        qty_lots: Its quantity. (lots)
        executed_lots: What its children traded. (lots)
        open_lots: What its children have open, or on their way. (lots)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        children: Children sent so far. (count)
        side: Side. (Side)
        state: The state now. (ParentState)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 57
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQQQIIIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("parent_id", "<u8"),
            ("qty_lots", "<u8"),
            ("executed_lots", "<u8"),
            ("open_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("children", "<u4"),
            ("side", "u1"),
            ("state", "u1"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    parent_id: int
    qty_lots: int
    executed_lots: int
    open_lots: int
    strategy_id: int
    instrument_id: int
    children: int
    side: int
    state: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.parent_id,
            self.qty_lots,
            self.executed_lots,
            self.open_lots,
            self.strategy_id,
            self.instrument_id,
            self.children,
            self.side,
            self.state,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ParentChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            parent_id=values[1],
            qty_lots=values[2],
            executed_lots=values[3],
            open_lots=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            children=values[7],
            side=values[8],
            state=values[9],
            reserved=values[10],
        )


class LegChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An order of a group changed: what it waits for, how much it may trade, what it traded.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        group_id: The group. (id)
        client_id: The order, as it was numbered when the group was asked for. (id)
        order_client_id: The order at the venue that stands for it now, or did last; 0 before it
        was sent. (id)
        qty_lots: What it may trade in all, as things stand. (lots)
        executed_lots: What it traded. (lots)
        over_lots: What the orders that share a quantity traded beyond it, because more than one
        was at the venue. (lots)
        stop_price_ticks: Price that triggers it, of a stop that is kept by us; 0 for none.
        (ticks)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        kind: Of the group. (GroupKind)
        state: Where it stands. (LegState)
        side: Side. (Side)
        is_triggered: 1: a stop that is kept by us, whose price was reached. (0 or 1)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 58
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 80
    STRUCT: ClassVar[Struct] = Struct("<QQQQQQQqIIBBBBI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("group_id", "<u8"),
            ("client_id", "<u8"),
            ("order_client_id", "<u8"),
            ("qty_lots", "<u8"),
            ("executed_lots", "<u8"),
            ("over_lots", "<u8"),
            ("stop_price_ticks", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("kind", "u1"),
            ("state", "u1"),
            ("side", "u1"),
            ("is_triggered", "u1"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    group_id: int
    client_id: int
    order_client_id: int
    qty_lots: int
    executed_lots: int
    over_lots: int
    stop_price_ticks: int
    strategy_id: int
    instrument_id: int
    kind: int
    state: int
    side: int
    is_triggered: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.group_id,
            self.client_id,
            self.order_client_id,
            self.qty_lots,
            self.executed_lots,
            self.over_lots,
            self.stop_price_ticks,
            self.strategy_id,
            self.instrument_id,
            self.kind,
            self.state,
            self.side,
            self.is_triggered,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LegChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            group_id=values[1],
            client_id=values[2],
            order_client_id=values[3],
            qty_lots=values[4],
            executed_lots=values[5],
            over_lots=values[6],
            stop_price_ticks=values[7],
            strategy_id=values[8],
            instrument_id=values[9],
            kind=values[10],
            state=values[11],
            side=values[12],
            is_triggered=values[13],
            reserved=values[14],
        )


class StateHashed(msgspec.Struct, frozen=True, kw_only=True):
    """Digest of the whole state after the entry before this one; a replay must agree.

    Attributes:
        state_hash: Digest. (hash)
    """

    KIND: ClassVar[int] = 60
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<Q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("state_hash", "<u8"),
        ]
    )

    state_hash: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.state_hash,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StateHashed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            state_hash=values[0],
        )


class SnapshotTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the state up to this entry was written beside the journal.

    Attributes:
        state_hash: Digest of the state in it. (hash)
    """

    KIND: ClassVar[int] = 61
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<Q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("state_hash", "<u8"),
        ]
    )

    state_hash: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.state_hash,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> SnapshotTaken:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            state_hash=values[0],
        )


class VenueDefined(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that the node trades on.

    Attributes:
        venue_id: Its id in this journal, from 1. (id)
        is_adapter: 1: an adapter in a process of its own speaks with it; 0: the engine does. (0
        or 1)
        feed_id: The feed id of its packets. (id)
        reserved: Zero. (none)
        tail: Its name, UTF-8.
    """

    KIND: ClassVar[int] = 80
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("venue_id", "<u4"),
            ("is_adapter", "u1"),
            ("feed_id", "u1"),
            ("reserved", "<u2"),
        ]
    )

    venue_id: int
    is_adapter: int
    feed_id: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.venue_id,
                self.is_adapter,
                self.feed_id,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> VenueDefined:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            venue_id=values[0],
            is_adapter=values[1],
            feed_id=values[2],
            reserved=values[3],
            tail=bytes(body[cls.SIZE :]),
        )


class InstrumentListed(msgspec.Struct, frozen=True, kw_only=True):
    """Where an instrument trades, and of which product it is a listing. Follows its
    InstrumentDefined.

    Attributes:
        instrument_id: Instrument: one symbol at one venue. (id)
        venue_id: Venue. (id)
        product_id: What is the same thing at several venues: the id of its first instrument.
        (id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 81
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<IIII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("instrument_id", "<u4"),
            ("venue_id", "<u4"),
            ("product_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    instrument_id: int
    venue_id: int
    product_id: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.instrument_id,
            self.venue_id,
            self.product_id,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> InstrumentListed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            instrument_id=values[0],
            venue_id=values[1],
            product_id=values[2],
            reserved=values[3],
        )


class VenueLinkChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A connection to a venue came up or went down.

    Attributes:
        next_message: ORDERS, up: number of the next message of the venue's session, to go on
        from after a restart; 0 where they have none. (sequence number)
        session: ORDERS, up: name of the venue's session, padded with zero bytes; empty where it
        has none. (text)
        venue_id: Venue. (id)
        link: Which connection. (VenueLink)
        is_up: 1: usable; 0: not. (0 or 1)
        reserved: Zero. (none)
        tail: Why, for people, UTF-8.
    """

    KIND: ClassVar[int] = 82
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<Q16sIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("next_message", "<u8"),
            ("session", "S16"),
            ("venue_id", "<u4"),
            ("link", "u1"),
            ("is_up", "u1"),
            ("reserved", "<u2"),
        ]
    )

    next_message: int
    session: bytes
    venue_id: int
    link: int
    is_up: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.next_message,
                self.session,
                self.venue_id,
                self.link,
                self.is_up,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> VenueLinkChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            next_message=values[0],
            session=values[1].rstrip(b"\0"),
            venue_id=values[2],
            link=values[3],
            is_up=values[4],
            reserved=values[5],
            tail=bytes(body[cls.SIZE :]),
        )


class VenueReported(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue said of an order of ours, in the words common to all venues. Handed in by its
    adapter.

    Attributes:
        number: Our number for the order at this venue; 0 for one that is not ours. (id)
        order_id: The venue's number for the order; 0 where it is text or unknown. (id)
        exec_id: The venue's number of the trade; never twice for one venue. 0 for none. (id)
        price_ticks: FILLED: the trade price; else the order's. (ticks)
        qty_lots: Quantity, as the report defines it; else the order's. (lots)
        leaves_lots: What is left of the order. (lots)
        executed_lots: What was executed of the order so far. (lots)
        fee_e9: FILLED: the fee; negative for a rebate. (10^-9 currency)
        venue_ts_ns: When the venue says it happened; 0 where it does not say. (ns since the Unix
        epoch)
        venue_id: Venue. (id)
        instrument_id: Instrument; 0 for ALL_TOLD. (id)
        report: What it says. (ReportKind)
        side: The order's side; 0 where it is not said. (Side)
        liquidity: FILLED: maker or taker; else 0. (Liquidity)
        cancel_reason: CANCELED: why; else 0. (CancelReason)
        is_drop_copy: 1: from the venue's drop copy; compared with what is known, never applied
        twice. (0 or 1)
        reserved: Zero. (text)
        tail: The venue's own words and ids, UTF-8; may be empty.
    """

    KIND: ClassVar[int] = 83
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 88
    STRUCT: ClassVar[Struct] = Struct("<QQQqQQQqqIIBBBBB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("number", "<u8"),
            ("order_id", "<u8"),
            ("exec_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("leaves_lots", "<u8"),
            ("executed_lots", "<u8"),
            ("fee_e9", "<i8"),
            ("venue_ts_ns", "<i8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
            ("report", "u1"),
            ("side", "u1"),
            ("liquidity", "u1"),
            ("cancel_reason", "u1"),
            ("is_drop_copy", "u1"),
            ("reserved", "S3"),
        ]
    )

    number: int
    order_id: int
    exec_id: int
    price_ticks: int
    qty_lots: int
    leaves_lots: int
    executed_lots: int
    fee_e9: int
    venue_ts_ns: int
    venue_id: int
    instrument_id: int
    report: int
    side: int
    liquidity: int
    cancel_reason: int
    is_drop_copy: int
    reserved: bytes = b""
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.number,
                self.order_id,
                self.exec_id,
                self.price_ticks,
                self.qty_lots,
                self.leaves_lots,
                self.executed_lots,
                self.fee_e9,
                self.venue_ts_ns,
                self.venue_id,
                self.instrument_id,
                self.report,
                self.side,
                self.liquidity,
                self.cancel_reason,
                self.is_drop_copy,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> VenueReported:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            number=values[0],
            order_id=values[1],
            exec_id=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            leaves_lots=values[5],
            executed_lots=values[6],
            fee_e9=values[7],
            venue_ts_ns=values[8],
            venue_id=values[9],
            instrument_id=values[10],
            report=values[11],
            side=values[12],
            liquidity=values[13],
            cancel_reason=values[14],
            is_drop_copy=values[15],
            reserved=values[16].rstrip(b"\0"),
            tail=bytes(body[cls.SIZE :]),
        )


class PositionReported(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue says we hold; for reconciliation.

    Attributes:
        position_lots: Signed position. (lots)
        venue_id: Venue. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 84
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<qII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("position_lots", "<i8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    position_lots: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.position_lots,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> PositionReported:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            position_lots=values[0],
            venue_id=values[1],
            instrument_id=values[2],
        )


class TradingStateSet(msgspec.Struct, frozen=True, kw_only=True):
    """A person, a breaker or the node itself sets what a scope may do.

    Attributes:
        id: Strategy, instrument, venue or account; 0 for FIRM. (id)
        scope: Whom it concerns. (RiskScope)
        state: The new state. (TradingState)
        cancels: 1: all live orders of the scope are cancelled as well. (0 or 1)
        is_manual: 1: by a person; only a person loosens a state. (0 or 1)
        tail: Who and why, UTF-8.
    """

    KIND: ClassVar[int] = 85
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("id", "<u4"),
            ("scope", "u1"),
            ("state", "u1"),
            ("cancels", "u1"),
            ("is_manual", "u1"),
        ]
    )

    id: int
    scope: int
    state: int
    cancels: int
    is_manual: int
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.id,
                self.scope,
                self.state,
                self.cancels,
                self.is_manual,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TradingStateSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            id=values[0],
            scope=values[1],
            state=values[2],
            cancels=values[3],
            is_manual=values[4],
            tail=bytes(body[cls.SIZE :]),
        )


class FeesSet(msgspec.Struct, frozen=True, kw_only=True):
    """What fills cost: each its rate by the lot plus its rate by value. Below zero is a rebate.

    Attributes:
        maker_lot_e9: A fill that added. (10^-9 currency a lot)
        maker_bps_e3: The same, by value. (thousandths of a basis point)
        taker_lot_e9: A fill that removed. (10^-9 currency a lot)
        taker_bps_e3: The same, by value. (thousandths of a basis point)
        auction_lot_e9: A fill in an auction. (10^-9 currency a lot)
        auction_bps_e3: The same, by value. (thousandths of a basis point)
        instrument_id: Instrument; 0: all that have no rates of their own. (id)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 88
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<qqqqqqII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("maker_lot_e9", "<i8"),
            ("maker_bps_e3", "<i8"),
            ("taker_lot_e9", "<i8"),
            ("taker_bps_e3", "<i8"),
            ("auction_lot_e9", "<i8"),
            ("auction_bps_e3", "<i8"),
            ("instrument_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    maker_lot_e9: int
    maker_bps_e3: int
    taker_lot_e9: int
    taker_bps_e3: int
    auction_lot_e9: int
    auction_bps_e3: int
    instrument_id: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.maker_lot_e9,
            self.maker_bps_e3,
            self.taker_lot_e9,
            self.taker_bps_e3,
            self.auction_lot_e9,
            self.auction_bps_e3,
            self.instrument_id,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FeesSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            maker_lot_e9=values[0],
            maker_bps_e3=values[1],
            taker_lot_e9=values[2],
            taker_bps_e3=values[3],
            auction_lot_e9=values[4],
            auction_bps_e3=values[5],
            instrument_id=values[6],
            reserved=values[7],
        )


class FillCharged(msgspec.Struct, frozen=True, kw_only=True):
    """What a fill cost. Follows its OrderFilled, where rates are set or the venue says it.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        client_id: The strategy's number for the order. (id)
        match_id: The venue's number of the fill. (id)
        fee_e9: The fee; negative for a rebate. (10^-9 currency)
        fees_e9: All fees of the strategy in the instrument so far. (10^-9 currency)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        is_said: 1: by the venue; 0: by the rates that are set. (0 or 1)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 89
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQqqIIB7s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("client_id", "<u8"),
            ("match_id", "<u8"),
            ("fee_e9", "<i8"),
            ("fees_e9", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("is_said", "u1"),
            ("reserved", "S7"),
        ]
    )

    cause_seq: int
    client_id: int
    match_id: int
    fee_e9: int
    fees_e9: int
    strategy_id: int
    instrument_id: int
    is_said: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.client_id,
            self.match_id,
            self.fee_e9,
            self.fees_e9,
            self.strategy_id,
            self.instrument_id,
            self.is_said,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FillCharged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            client_id=values[1],
            match_id=values[2],
            fee_e9=values[3],
            fees_e9=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            is_said=values[7],
            reserved=values[8].rstrip(b"\0"),
        )


class ReconciliationSet(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared with a venue's own account, and how long it may differ.

    Attributes:
        warn_ns: A difference that is older is told. (ns)
        reduce_ns: One that is older than this has its account only reduce. (ns)
        sweep_ns: Time between two comparisons of the totals. (ns)
        venue_id: Venue. (id)
        has_drop_copy: 1: the venue tells everything a second time, on a connection of its own.
        (0 or 1)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 92
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<qqqIB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("warn_ns", "<i8"),
            ("reduce_ns", "<i8"),
            ("sweep_ns", "<i8"),
            ("venue_id", "<u4"),
            ("has_drop_copy", "u1"),
            ("reserved", "S3"),
        ]
    )

    warn_ns: int
    reduce_ns: int
    sweep_ns: int
    venue_id: int
    has_drop_copy: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.warn_ns,
            self.reduce_ns,
            self.sweep_ns,
            self.venue_id,
            self.has_drop_copy,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ReconciliationSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            warn_ns=values[0],
            reduce_ns=values[1],
            sweep_ns=values[2],
            venue_id=values[3],
            has_drop_copy=values[4],
            reserved=values[5].rstrip(b"\0"),
        )


class DifferenceChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Our account and the venue's differ, differ still, or agree again; or their totals were
    compared.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        order_id: The venue's number of the order; 0 where it is about none. (id)
        exec_id: The venue's number of the trade; 0 where it is about none. (id)
        ours: Our account; 0 where it is missing. (lots, for PRICE ticks)
        theirs: The venue's account; 0 where it is missing. (lots, for PRICE ticks)
        age_ns: How long they have differed. (ns)
        count_here: TOTALS: executions by our account; else 0. (count)
        count_there: TOTALS: executions by the venue's; else 0. (count)
        venue_id: Venue. (id)
        instrument_id: Instrument; 0 for TOTALS. (id)
        strategy_id: Whose, as far as we know; 0 if nobody's. (id)
        what: What differs. (Difference)
        step: What is done about it. (DifferenceStep)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 93
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 80
    STRUCT: ClassVar[Struct] = Struct("<QQQqqqQQIIIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("order_id", "<u8"),
            ("exec_id", "<u8"),
            ("ours", "<i8"),
            ("theirs", "<i8"),
            ("age_ns", "<i8"),
            ("count_here", "<u8"),
            ("count_there", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
            ("strategy_id", "<u4"),
            ("what", "u1"),
            ("step", "u1"),
            ("reserved", "<u2"),
        ]
    )

    cause_seq: int
    order_id: int
    exec_id: int
    ours: int
    theirs: int
    age_ns: int
    count_here: int
    count_there: int
    venue_id: int
    instrument_id: int
    strategy_id: int
    what: int
    step: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.order_id,
            self.exec_id,
            self.ours,
            self.theirs,
            self.age_ns,
            self.count_here,
            self.count_there,
            self.venue_id,
            self.instrument_id,
            self.strategy_id,
            self.what,
            self.step,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> DifferenceChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            order_id=values[1],
            exec_id=values[2],
            ours=values[3],
            theirs=values[4],
            age_ns=values[5],
            count_here=values[6],
            count_there=values[7],
            venue_id=values[8],
            instrument_id=values[9],
            strategy_id=values[10],
            what=values[11],
            step=values[12],
            reserved=values[13],
        )


class FeedStateChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a feed, or what recovers them, came to another state.

    Attributes:
        next_number: Number of the next message to be handed on. (count)
        missing: Messages known to be missing from there on. (messages)
        midnight_ts_ns: Midnight that the session's times count from. (ns since the Unix epoch)
        session: The session, padded with spaces; zero bytes before one is known. (text)
        feed_id: Which feed, from 0. (id)
        state: The state now. (FeedState)
        reserved: Zero. (text)
        tail: Why, for people, UTF-8; may be empty.
    """

    KIND: ClassVar[int] = 90
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQq10sHB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("next_number", "<u8"),
            ("missing", "<u8"),
            ("midnight_ts_ns", "<i8"),
            ("session", "S10"),
            ("feed_id", "<u2"),
            ("state", "u1"),
            ("reserved", "S3"),
        ]
    )

    next_number: int
    missing: int
    midnight_ts_ns: int
    session: bytes
    feed_id: int
    state: int
    reserved: bytes = b""
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.next_number,
                self.missing,
                self.midnight_ts_ns,
                self.session,
                self.feed_id,
                self.state,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FeedStateChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            next_number=values[0],
            missing=values[1],
            midnight_ts_ns=values[2],
            session=values[3].rstrip(b"\0"),
            feed_id=values[4],
            state=values[5],
            reserved=values[6].rstrip(b"\0"),
            tail=bytes(body[cls.SIZE :]),
        )


class LineReported(msgspec.Struct, frozen=True, kw_only=True):
    """What came on one line of a feed so far, or from one server of re-requests.

    Attributes:
        packets: Packets that came. (packets)
        packet_bytes: Their bytes. (bytes)
        firsts: Packets with messages that no other line had brought: its wins. (packets)
        duplicates: Packets whose messages had all come before. (packets)
        refused: Packets that broke the format, leapt too far, or were of another session.
        (packets)
        kernel_drops: Packets that the kernel dropped because the receive buffer was full.
        (packets)
        lag_ns_sum: By how much its duplicates came after the first copy, in sum. (ns)
        lag_ns_max: The most by which one did. (ns)
        lag_count: Duplicates measured so. (packets)
        feed_id: Which feed, from 0. (id)
        line: Which line, from 0; servers of re-requests follow the lines. (index)
        is_alive: 1: something came within the limit of silence. (0 or 1)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 91
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 80
    STRUCT: ClassVar[Struct] = Struct("<QQQQQQQQQHHB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("packets", "<u8"),
            ("packet_bytes", "<u8"),
            ("firsts", "<u8"),
            ("duplicates", "<u8"),
            ("refused", "<u8"),
            ("kernel_drops", "<u8"),
            ("lag_ns_sum", "<u8"),
            ("lag_ns_max", "<u8"),
            ("lag_count", "<u8"),
            ("feed_id", "<u2"),
            ("line", "<u2"),
            ("is_alive", "u1"),
            ("reserved", "S3"),
        ]
    )

    packets: int
    packet_bytes: int
    firsts: int
    duplicates: int
    refused: int
    kernel_drops: int
    lag_ns_sum: int
    lag_ns_max: int
    lag_count: int
    feed_id: int
    line: int
    is_alive: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.packets,
            self.packet_bytes,
            self.firsts,
            self.duplicates,
            self.refused,
            self.kernel_drops,
            self.lag_ns_sum,
            self.lag_ns_max,
            self.lag_count,
            self.feed_id,
            self.line,
            self.is_alive,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LineReported:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            packets=values[0],
            packet_bytes=values[1],
            firsts=values[2],
            duplicates=values[3],
            refused=values[4],
            kernel_drops=values[5],
            lag_ns_sum=values[6],
            lag_ns_max=values[7],
            lag_count=values[8],
            feed_id=values[9],
            line=values[10],
            is_alive=values[11],
            reserved=values[12].rstrip(b"\0"),
        )


class FeeTakenInKind(msgspec.Struct, frozen=True, kw_only=True):
    """A venue took a fee out of what is held, not out of money: a position shrinks by it. Handed
    in by its adapter, just before the fill.

    Attributes:
        number: Our number for the order that traded. (id)
        exec_id: The venue's number of the trade. (id)
        amount_e9: What was taken. (10^-9 of the asset)
        price_ticks: What it is worth in the instrument's price: that of the trade, or 0 where
        the asset is not what was traded. (ticks)
        qty_lots: By how much the position shrinks: whole lots of this and of what earlier fees
        left over. (lots)
        venue_id: Venue. (id)
        instrument_id: Instrument whose position shrinks. (id)
    """

    KIND: ClassVar[int] = 94
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQqqQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("number", "<u8"),
            ("exec_id", "<u8"),
            ("amount_e9", "<i8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    number: int
    exec_id: int
    amount_e9: int
    price_ticks: int
    qty_lots: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.number,
            self.exec_id,
            self.amount_e9,
            self.price_ticks,
            self.qty_lots,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FeeTakenInKind:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            number=values[0],
            exec_id=values[1],
            amount_e9=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            venue_id=values[5],
            instrument_id=values[6],
        )


class OrderSent(msgspec.Struct, frozen=True, kw_only=True):
    """A new order for the adapter of a venue: it passed risk, and leaves after this entry.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        number: Our number for it at this venue, rising by one; the client order id is made from
        it. (id)
        price_ticks: Limit price; 0 for a market order. (ticks)
        qty_lots: Quantity. (lots)
        display_lots: Quantity shown at a time; 0 shows all. (lots)
        min_qty_lots: Least quantity of the first execution; 0 for any. (lots)
        stop_price_ticks: Trigger of a stop; 0 for none. (ticks)
        expire_ts_ns: End of an order of time in force UNTIL; 0 for none. (ns since the Unix
        epoch)
        venue_id: Venue. (id)
        instrument_id: Instrument. (id)
        strategy_id: Whose. (id)
        side: Side. (Side)
        order_type: Type. (OrderType)
        time_in_force: Life. (TimeInForce)
        post_only: 1: reject rather than take. (0 or 1)
    """

    KIND: ClassVar[int] = 100
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 80
    STRUCT: ClassVar[Struct] = Struct("<QQqQQQqqIIIBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("number", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("display_lots", "<u8"),
            ("min_qty_lots", "<u8"),
            ("stop_price_ticks", "<i8"),
            ("expire_ts_ns", "<i8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
            ("strategy_id", "<u4"),
            ("side", "u1"),
            ("order_type", "u1"),
            ("time_in_force", "u1"),
            ("post_only", "u1"),
        ]
    )

    cause_seq: int
    number: int
    price_ticks: int
    qty_lots: int
    display_lots: int
    min_qty_lots: int
    stop_price_ticks: int
    expire_ts_ns: int
    venue_id: int
    instrument_id: int
    strategy_id: int
    side: int
    order_type: int
    time_in_force: int
    post_only: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.number,
            self.price_ticks,
            self.qty_lots,
            self.display_lots,
            self.min_qty_lots,
            self.stop_price_ticks,
            self.expire_ts_ns,
            self.venue_id,
            self.instrument_id,
            self.strategy_id,
            self.side,
            self.order_type,
            self.time_in_force,
            self.post_only,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OrderSent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            number=values[1],
            price_ticks=values[2],
            qty_lots=values[3],
            display_lots=values[4],
            min_qty_lots=values[5],
            stop_price_ticks=values[6],
            expire_ts_ns=values[7],
            venue_id=values[8],
            instrument_id=values[9],
            strategy_id=values[10],
            side=values[11],
            order_type=values[12],
            time_in_force=values[13],
            post_only=values[14],
        )


class CancelSent(msgspec.Struct, frozen=True, kw_only=True):
    """A cancel for the adapter of a venue.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        number: Our number for the order. (id)
        order_id: The venue's number for it; 0 if it has not said. (id)
        qty_lots: New intended size, executed part included; 0 cancels all. (lots)
        venue_id: Venue. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 101
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQQQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("number", "<u8"),
            ("order_id", "<u8"),
            ("qty_lots", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    number: int
    order_id: int
    qty_lots: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.number,
            self.order_id,
            self.qty_lots,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> CancelSent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            number=values[1],
            order_id=values[2],
            qty_lots=values[3],
            venue_id=values[4],
            instrument_id=values[5],
        )


class ReplaceSent(msgspec.Struct, frozen=True, kw_only=True):
    """A replacement for the adapter of a venue: it passed risk, and leaves after this entry.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        number: Our number for the order to replace. (id)
        new_number: Our number for the replacement. (id)
        order_id: The venue's number for the order; 0 if it has not said. (id)
        price_ticks: New limit price. (ticks)
        qty_lots: New total over the chain, executed part included. (lots)
        venue_id: Venue. (id)
        instrument_id: Instrument. (id)
    """

    KIND: ClassVar[int] = 102
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQQQqQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("number", "<u8"),
            ("new_number", "<u8"),
            ("order_id", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    number: int
    new_number: int
    order_id: int
    price_ticks: int
    qty_lots: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.number,
            self.new_number,
            self.order_id,
            self.price_ticks,
            self.qty_lots,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ReplaceSent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            number=values[1],
            new_number=values[2],
            order_id=values[3],
            price_ticks=values[4],
            qty_lots=values[5],
            venue_id=values[6],
            instrument_id=values[7],
        )


class MassCancelSent(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's own mass cancel, for its adapter.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        venue_id: Venue. (id)
        instrument_id: Instrument; 0 for all. (id)
    """

    KIND: ClassVar[int] = 103
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> MassCancelSent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            venue_id=values[1],
            instrument_id=values[2],
        )


class QuerySent(msgspec.Struct, frozen=True, kw_only=True):
    """A question for the adapter of a venue: what became of an order, or of everything.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        number: Our number for the order; 0 asks for all open orders, what traded since, and
        positions. (id)
        venue_id: Venue. (id)
        instrument_id: Instrument; 0 for all. (id)
    """

    KIND: ClassVar[int] = 104
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<QQII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("number", "<u8"),
            ("venue_id", "<u4"),
            ("instrument_id", "<u4"),
        ]
    )

    cause_seq: int
    number: int
    venue_id: int
    instrument_id: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.number,
            self.venue_id,
            self.instrument_id,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> QuerySent:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            number=values[1],
            venue_id=values[2],
            instrument_id=values[3],
        )


class TradingStateChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope may do has changed.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        id: Strategy, instrument, venue or account; 0 for FIRM. (id)
        scope: Whom it concerns. (RiskScope)
        state: The state now. (TradingState)
        reason: The reason code of the control that did it; 0 for a person. (code)
    """

    KIND: ClassVar[int] = 105
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QIBBH")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("id", "<u4"),
            ("scope", "u1"),
            ("state", "u1"),
            ("reason", "<u2"),
        ]
    )

    cause_seq: int
    id: int
    scope: int
    state: int
    reason: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.id,
            self.scope,
            self.state,
            self.reason,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> TradingStateChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            id=values[1],
            scope=values[2],
            state=values[3],
            reason=values[4],
        )


class KillStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A scope is halted and its live orders are being cancelled: first by the venues' own mass
    cancel, then one by one.

    Attributes:
        cause_seq: Sequence number of the input that caused it; the kill is named by it. (id)
        orders: Live orders of the scope, those on their way included. (orders)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        mass_cancels: Venues that were asked for their own mass cancel. (count)
        scope: Whom it concerns. (RiskScope)
        reserved: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 106
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<QIIHBBI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("orders", "<u4"),
            ("id", "<u4"),
            ("mass_cancels", "<u2"),
            ("scope", "u1"),
            ("reserved", "u1"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    orders: int
    id: int
    mass_cancels: int
    scope: int
    reserved: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.orders,
            self.id,
            self.mass_cancels,
            self.scope,
            self.reserved,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> KillStarted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            orders=values[1],
            id=values[2],
            mass_cancels=values[3],
            scope=values[4],
            reserved=values[5],
            reserved2=values[6],
        )


class KillProgressed(msgspec.Struct, frozen=True, kw_only=True):
    """A kill needed more than its cancels, or what it did at a venue was done or undone.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        kill_seq: The input that began the kill; 0 where it is no longer known. (sequence number)
        elapsed_ns: Time since then. (ns)
        orders_left: Orders whose end is not confirmed: of the scope, or at the venue. (orders)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        venue_id: Venue; 0 where it is not one venue's. (id)
        escalations: How often it was not confirmed in time. (count)
        scope: Whom it concerns. (RiskScope)
        step: What happened. (KillStep)
    """

    KIND: ClassVar[int] = 107
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQqIIIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("kill_seq", "<u8"),
            ("elapsed_ns", "<i8"),
            ("orders_left", "<u4"),
            ("id", "<u4"),
            ("venue_id", "<u4"),
            ("escalations", "<u2"),
            ("scope", "u1"),
            ("step", "u1"),
        ]
    )

    cause_seq: int
    kill_seq: int
    elapsed_ns: int
    orders_left: int
    id: int
    venue_id: int
    escalations: int
    scope: int
    step: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.kill_seq,
            self.elapsed_ns,
            self.orders_left,
            self.id,
            self.venue_id,
            self.escalations,
            self.scope,
            self.step,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> KillProgressed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            kill_seq=values[1],
            elapsed_ns=values[2],
            orders_left=values[3],
            id=values[4],
            venue_id=values[5],
            escalations=values[6],
            scope=values[7],
            step=values[8],
        )


class KillDone(msgspec.Struct, frozen=True, kw_only=True):
    """A kill is confirmed: the venues have said of every order of the scope that it is dead. The
    scope stays halted.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        kill_seq: The input that began the kill. (sequence number)
        elapsed_ns: Time since then. (ns)
        orders: Live orders of the scope at its start. (orders)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        escalations: How often it was not confirmed in time. (count)
        scope: Whom it concerned. (RiskScope)
        reserved: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 108
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQqIIHBBI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("kill_seq", "<u8"),
            ("elapsed_ns", "<i8"),
            ("orders", "<u4"),
            ("id", "<u4"),
            ("escalations", "<u2"),
            ("scope", "u1"),
            ("reserved", "u1"),
            ("reserved2", "<u4"),
        ]
    )

    cause_seq: int
    kill_seq: int
    elapsed_ns: int
    orders: int
    id: int
    escalations: int
    scope: int
    reserved: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.kill_seq,
            self.elapsed_ns,
            self.orders,
            self.id,
            self.escalations,
            self.scope,
            self.reserved,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> KillDone:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            kill_seq=values[1],
            elapsed_ns=values[2],
            orders=values[3],
            id=values[4],
            escalations=values[5],
            scope=values[6],
            reserved=values[7],
            reserved2=values[8],
        )


class GuardianActed(msgspec.Struct, frozen=True, kw_only=True):
    """What a guardian saw or did; in the guardian's own journal.

    Attributes:
        engine_seq: Last entry of the engine's journal when it last turned. (sequence number)
        elapsed_ns: STALLED, DIED: time since the last turn that was seen. ASKED, CONFIRMED: time
        since the guardian knew. (ns)
        process: The engine's process. (id)
        venue_id: Venue; 0 where it is not one venue's. (id)
        step: What. (GuardianStep)
        reserved: Zero. (text)
        tail: The venue's name or why, for people, UTF-8; may be empty.
    """

    KIND: ClassVar[int] = 109
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QqIIB7s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("engine_seq", "<u8"),
            ("elapsed_ns", "<i8"),
            ("process", "<u4"),
            ("venue_id", "<u4"),
            ("step", "u1"),
            ("reserved", "S7"),
        ]
    )

    engine_seq: int
    elapsed_ns: int
    process: int
    venue_id: int
    step: int
    reserved: bytes = b""
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.engine_seq,
                self.elapsed_ns,
                self.process,
                self.venue_id,
                self.step,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> GuardianActed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            engine_seq=values[0],
            elapsed_ns=values[1],
            process=values[2],
            venue_id=values[3],
            step=values[4],
            reserved=values[5].rstrip(b"\0"),
            tail=bytes(body[cls.SIZE :]),
        )


class FlattenRequested(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a person wants the positions of a scope closed. Its strategies were stopped and its
    orders are being cancelled.

    Attributes:
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        scope: Whose positions. (RiskScope)
        reserved: Zero. (text)
        tail: Who and why, UTF-8.
    """

    KIND: ClassVar[int] = 110
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<IB3s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("id", "<u4"),
            ("scope", "u1"),
            ("reserved", "S3"),
        ]
    )

    id: int
    scope: int
    reserved: bytes = b""
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.id,
                self.scope,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FlattenRequested:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            id=values[0],
            scope=values[1],
            reserved=values[2].rstrip(b"\0"),
            tail=bytes(body[cls.SIZE :]),
        )


class FlattenProgressed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one position that is being closed.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        client_id: SENT: the order; else 0. (id)
        position_lots: The position now. (lots)
        price_ticks: SENT: limit price; else 0. (ticks)
        qty_lots: SENT: quantity; else 0. (lots)
        strategy_id: Who holds it. (id)
        instrument_id: Instrument. (id)
        reason: REFUSED: why; else 0. (RejectReason)
        step: What. (FlattenStep)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 111
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 56
    STRUCT: ClassVar[Struct] = Struct("<QQqqQIIHB5s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("client_id", "<u8"),
            ("position_lots", "<i8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("reason", "<u2"),
            ("step", "u1"),
            ("reserved", "S5"),
        ]
    )

    cause_seq: int
    client_id: int
    position_lots: int
    price_ticks: int
    qty_lots: int
    strategy_id: int
    instrument_id: int
    reason: int
    step: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.client_id,
            self.position_lots,
            self.price_ticks,
            self.qty_lots,
            self.strategy_id,
            self.instrument_id,
            self.reason,
            self.step,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FlattenProgressed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            client_id=values[1],
            position_lots=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            strategy_id=values[5],
            instrument_id=values[6],
            reason=values[7],
            step=values[8],
            reserved=values[9].rstrip(b"\0"),
        )


class FlattenDone(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing more is closed; the scope is halted again.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        flatten_seq: The input that asked for it. (sequence number)
        elapsed_ns: Time since then. (ns)
        positions_left: Positions of the scope that stay open. (positions)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        scope: Whose positions. (RiskScope)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 112
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<QQqIIB7s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("flatten_seq", "<u8"),
            ("elapsed_ns", "<i8"),
            ("positions_left", "<u4"),
            ("id", "<u4"),
            ("scope", "u1"),
            ("reserved", "S7"),
        ]
    )

    cause_seq: int
    flatten_seq: int
    elapsed_ns: int
    positions_left: int
    id: int
    scope: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.flatten_seq,
            self.elapsed_ns,
            self.positions_left,
            self.id,
            self.scope,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FlattenDone:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            flatten_seq=values[1],
            elapsed_ns=values[2],
            positions_left=values[3],
            id=values[4],
            scope=values[5],
            reserved=values[6].rstrip(b"\0"),
        )


class BookStateChanged(msgspec.Struct, frozen=True, kw_only=True):
    """By its own messages, an instrument's book came to another state. Its feed's state counts
    as well: the worse of both.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        since_ts_ns: When what the rule forbids began. (ns since the Unix epoch)
        instrument_id: Instrument; 0 for all of the feed. (id)
        feed_id: Which feed, from 0. (id)
        state: The state now. (BookState)
        rule: The rule that was broken; 0 when none is. (FeedRule)
    """

    KIND: ClassVar[int] = 140
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<QqIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("since_ts_ns", "<i8"),
            ("instrument_id", "<u4"),
            ("feed_id", "<u2"),
            ("state", "u1"),
            ("rule", "u1"),
        ]
    )

    cause_seq: int
    since_ts_ns: int
    instrument_id: int
    feed_id: int
    state: int
    rule: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.since_ts_ns,
            self.instrument_id,
            self.feed_id,
            self.state,
            self.rule,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> BookStateChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            since_ts_ns=values[1],
            instrument_id=values[2],
            feed_id=values[3],
            state=values[4],
            rule=values[5],
        )


class FeedRuleBroken(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a feed broke a rule of validation. The message itself stands in the journal
    as it came.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        venue_ts_ns: When the venue says it happened. (ns since the Unix epoch)
        order_ref: The venue's order reference. (id)
        price_ticks: Its price. (ticks)
        qty_lots: Its quantity. (lots)
        limit: The limit of the rule: ns, ticks or lots; for a band the reference. (as the rule)
        instrument_id: Instrument. (id)
        feed_id: Which feed, from 0. (id)
        rule: The rule. (FeedRule)
        action: What was done. (RuleAction)
        market_action: What the message said had happened. (MarketAction)
        side: Side; 0 where it is not said. (Side)
        reserved: Zero. (text)
    """

    KIND: ClassVar[int] = 141
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 64
    STRUCT: ClassVar[Struct] = Struct("<QqQqQqIHBBBB6s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("venue_ts_ns", "<i8"),
            ("order_ref", "<u8"),
            ("price_ticks", "<i8"),
            ("qty_lots", "<u8"),
            ("limit", "<i8"),
            ("instrument_id", "<u4"),
            ("feed_id", "<u2"),
            ("rule", "u1"),
            ("action", "u1"),
            ("market_action", "u1"),
            ("side", "u1"),
            ("reserved", "S6"),
        ]
    )

    cause_seq: int
    venue_ts_ns: int
    order_ref: int
    price_ticks: int
    qty_lots: int
    limit: int
    instrument_id: int
    feed_id: int
    rule: int
    action: int
    market_action: int
    side: int
    reserved: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.venue_ts_ns,
            self.order_ref,
            self.price_ticks,
            self.qty_lots,
            self.limit,
            self.instrument_id,
            self.feed_id,
            self.rule,
            self.action,
            self.market_action,
            self.side,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FeedRuleBroken:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            venue_ts_ns=values[1],
            order_ref=values[2],
            price_ticks=values[3],
            qty_lots=values[4],
            limit=values[5],
            instrument_id=values[6],
            feed_id=values[7],
            rule=values[8],
            action=values[9],
            market_action=values[10],
            side=values[11],
            reserved=values[12].rstrip(b"\0"),
        )


class BreakerSet(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a circuit breaker came into force, in place of what it was.

    Attributes:
        bound: Where it acts; 0 takes it away. (as the breaker)
        window_ns: Length of what it measures over, and of the calm after which it releases. (ns)
        delay_ns: Time between two orders of a strategy that it throttles. (ns)
        least: Fewer answers, fills or windows than these are not judged. (count)
        breaker: Which. (Breaker)
        action: What it does at its bound. (BreakerAction)
        warn_percent: Where it warns; 0 for nowhere. (percent of the bound)
        throttle_percent: Where one that halts throttles; 0 for nowhere. (percent of the bound)
    """

    KIND: ClassVar[int] = 113
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<qqqIBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("bound", "<i8"),
            ("window_ns", "<i8"),
            ("delay_ns", "<i8"),
            ("least", "<u4"),
            ("breaker", "u1"),
            ("action", "u1"),
            ("warn_percent", "u1"),
            ("throttle_percent", "u1"),
        ]
    )

    bound: int
    window_ns: int
    delay_ns: int
    least: int
    breaker: int
    action: int
    warn_percent: int
    throttle_percent: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.bound,
            self.window_ns,
            self.delay_ns,
            self.least,
            self.breaker,
            self.action,
            self.warn_percent,
            self.throttle_percent,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> BreakerSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            bound=values[0],
            window_ns=values[1],
            delay_ns=values[2],
            least=values[3],
            breaker=values[4],
            action=values[5],
            warn_percent=values[6],
            throttle_percent=values[7],
        )


class ClockMeasured(msgspec.Struct, frozen=True, kw_only=True):
    """Input: how far the machine's clock is from true time, as whoever disciplines it says.

    Attributes:
        offset_ns: Our clock less true time, as far as it is known. (ns)
        uncertainty_ns: How wrong that may be. (ns)
        is_synchronised: 0: nobody disciplines the clock; nothing is known of it. (0 or 1)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 114
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 24
    STRUCT: ClassVar[Struct] = Struct("<qqII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("offset_ns", "<i8"),
            ("uncertainty_ns", "<i8"),
            ("is_synchronised", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    offset_ns: int
    uncertainty_ns: int
    is_synchronised: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.offset_ns,
            self.uncertainty_ns,
            self.is_synchronised,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> ClockMeasured:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            offset_ns=values[0],
            uncertainty_ns=values[1],
            is_synchronised=values[2],
            reserved=values[3],
        )


class BreakerMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit breaker reached a step of its ladder at a scope, or released it.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        value: What was measured. (as the breaker)
        bound: Its bound. (as the breaker)
        id: Strategy, instrument or venue; 0 for FIRM. (id)
        breaker: Which. (Breaker)
        action: What stands now. (BreakerAction)
        scope: Whom it concerns. (RiskScope)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 115
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QqqIBBBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("value", "<i8"),
            ("bound", "<i8"),
            ("id", "<u4"),
            ("breaker", "u1"),
            ("action", "u1"),
            ("scope", "u1"),
            ("reserved", "u1"),
        ]
    )

    cause_seq: int
    value: int
    bound: int
    id: int
    breaker: int
    action: int
    scope: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.value,
            self.bound,
            self.id,
            self.breaker,
            self.action,
            self.scope,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> BreakerMoved:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            value=values[1],
            bound=values[2],
            id=values[3],
            breaker=values[4],
            action=values[5],
            scope=values[6],
            reserved=values[7],
        )


class LimitsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a signed set of limits came into force as a whole, in place of the signed set
    before it. Limits that no set speaks of stay.

    Attributes:
        version: Version of the set; never falls. (version)
        hash: First 8 bytes of the SHA-256 of the signed text, little-endian. (hash)
        valid_from_ns: Not before. (ns since the Unix epoch)
        valid_to_ns: From then on only reducing orders pass; 0 for no end. (ns since the Unix
        epoch)
        entries: Limits that change. (count)
        file_bytes: Length of the signed file. (bytes)
        profile: Which limits have to be there. (LimitProfile)
        signers: Persons whose signatures were verified. (count)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
        tail: `entries` times the fixed part of a ScopeLimitSet, a negative value where a limit
        of the set before is withdrawn; then the signed file, JSON as UTF-8, and at last who
        handed it in.
    """

    KIND: ClassVar[int] = 116
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQqqIIBBHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("version", "<u8"),
            ("hash", "<u8"),
            ("valid_from_ns", "<i8"),
            ("valid_to_ns", "<i8"),
            ("entries", "<u4"),
            ("file_bytes", "<u4"),
            ("profile", "u1"),
            ("signers", "u1"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    version: int
    hash: int
    valid_from_ns: int
    valid_to_ns: int
    entries: int
    file_bytes: int
    profile: int
    signers: int
    reserved1: int = 0
    reserved2: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.version,
                self.hash,
                self.valid_from_ns,
                self.valid_to_ns,
                self.entries,
                self.file_bytes,
                self.profile,
                self.signers,
                self.reserved1,
                self.reserved2,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LimitsTaken:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            version=values[0],
            hash=values[1],
            valid_from_ns=values[2],
            valid_to_ns=values[3],
            entries=values[4],
            file_bytes=values[5],
            profile=values[6],
            signers=values[7],
            reserved1=values[8],
            reserved2=values[9],
            tail=bytes(body[cls.SIZE :]),
        )


class FeedDelayed(msgspec.Struct, frozen=True, kw_only=True):
    """Input: market data is taken in later than it was received, or no longer; put in before the
    message that waited.

    Attributes:
        delay_ns: How long the next message had waited in the machine; 0: it is taken in at once
        again. (ns)
        feed_id: Which feed, from 0. (id)
        reserved1: Zero. (none)
        reserved2: Zero. (none)
    """

    KIND: ClassVar[int] = 117
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<qHHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("delay_ns", "<i8"),
            ("feed_id", "<u2"),
            ("reserved1", "<u2"),
            ("reserved2", "<u4"),
        ]
    )

    delay_ns: int
    feed_id: int
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.delay_ns,
            self.feed_id,
            self.reserved1,
            self.reserved2,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> FeedDelayed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            delay_ns=values[0],
            feed_id=values[1],
            reserved1=values[2],
            reserved2=values[3],
        )


class StrategyParameterSet(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a person gave a running strategy's parameter another value. The parameters of one
    change come one behind the other, and are in force together, with the last of them.

    Attributes:
        value: The value's eight bytes. (as the kind)
        strategy_id: Whose. (id)
        kind: How the value is to be read. (ParameterKind)
        place: Which of the change's parameters, from 0. (count)
        count: How many parameters the change has. (count)
        reserved: Zero. (text)
        name: Its name, padded with zero bytes. (text)
        tail: Who, UTF-8.
    """

    KIND: ClassVar[int] = 142
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QIBBB1s32s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("value", "<u8"),
            ("strategy_id", "<u4"),
            ("kind", "u1"),
            ("place", "u1"),
            ("count", "u1"),
            ("reserved", "S1"),
            ("name", "S32"),
        ]
    )

    value: int
    strategy_id: int
    kind: int
    place: int
    count: int
    reserved: bytes = b""
    name: bytes
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.value,
                self.strategy_id,
                self.kind,
                self.place,
                self.count,
                self.reserved,
                self.name,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyParameterSet:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            value=values[0],
            strategy_id=values[1],
            kind=values[2],
            place=values[3],
            count=values[4],
            reserved=values[5].rstrip(b"\0"),
            name=values[6].rstrip(b"\0"),
            tail=bytes(body[cls.SIZE :]),
        )


class StrategyParameterDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a strategy that begins says what may be set while it runs. The value that was set
    before stays in force where the declaration is the same as before, else `initial` is.

    Attributes:
        initial: What it begins with: the configuration's value, or the class's. (as the kind)
        low: Least value that it may be given. (as the kind)
        high: Greatest value that it may be given. (as the kind)
        strategy_id: Whose. (id)
        kind: How its values are to be read. (ParameterKind)
        reserved: Zero. (text)
        name: Its name, padded with zero bytes. (text)
    """

    KIND: ClassVar[int] = 143
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 64
    STRUCT: ClassVar[Struct] = Struct("<QQQIB3s32s")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("initial", "<u8"),
            ("low", "<u8"),
            ("high", "<u8"),
            ("strategy_id", "<u4"),
            ("kind", "u1"),
            ("reserved", "S3"),
            ("name", "S32"),
        ]
    )

    initial: int
    low: int
    high: int
    strategy_id: int
    kind: int
    reserved: bytes = b""
    name: bytes

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.initial,
            self.low,
            self.high,
            self.strategy_id,
            self.kind,
            self.reserved,
            self.name,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyParameterDeclared:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            initial=values[0],
            low=values[1],
            high=values[2],
            strategy_id=values[3],
            kind=values[4],
            reserved=values[5].rstrip(b"\0"),
            name=values[6].rstrip(b"\0"),
        )


class StrategyLoaded(msgspec.Struct, frozen=True, kw_only=True):
    """Input: another text of a strategy is about to run, instead of the one that the
    configuration's record holds.

    Attributes:
        code_hash: First 8 bytes of the BLAKE2b of the text, little-endian. (hash)
        strategy_id: Which. (id)
        reserved: Zero. (none)
        tail: Its source text, UTF-8.
    """

    KIND: ClassVar[int] = 144
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 16
    STRUCT: ClassVar[Struct] = Struct("<QII")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("code_hash", "<u8"),
            ("strategy_id", "<u4"),
            ("reserved", "<u4"),
        ]
    )

    code_hash: int
    strategy_id: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.code_hash,
                self.strategy_id,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> StrategyLoaded:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            code_hash=values[0],
            strategy_id=values[1],
            reserved=values[2],
            tail=bytes(body[cls.SIZE :]),
        )


class NodeConfigured(msgspec.Struct, frozen=True, kw_only=True):
    """Input: what a live node goes by from here on, beside limits; behind each ConfigLoaded of a
    node.

    Attributes:
        midnight_ts_ns: Midnight that times of feeds count from where a session has none of its
        own. (ns since the Unix epoch)
        tail: Its rules of market data, 16 bytes each: limit i64, FeedRule u8, RuleAction u8,
        zeros.
    """

    KIND: ClassVar[int] = 145
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("midnight_ts_ns", "<i8"),
        ]
    )

    midnight_ts_ns: int
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.midnight_ts_ns,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> NodeConfigured:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            midnight_ts_ns=values[0],
            tail=bytes(body[cls.SIZE :]),
        )


class OverrideGranted(msgspec.Struct, frozen=True, kw_only=True):
    """Input: two principals let a few manual orders pass one soft limit, for a short time.

    Attributes:
        ceiling: The bound instead of the limit's. (as the limit defines)
        expires_ts_ns: At most 15 minutes from the entry's time. (ns since the Unix epoch)
        strategy_id: Whose orders. (id)
        instrument_id: Instrument. (id)
        first_principal: Who asked for it. (id)
        second_principal: Who agreed: another person. (id)
        limit: Which limit. (Limit)
        orders: How many orders. (count)
        reserved: Zero. (none)
        tail: Who and why, UTF-8.
    """

    KIND: ClassVar[int] = 130
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 40
    STRUCT: ClassVar[Struct] = Struct("<qqIIIIHHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("ceiling", "<i8"),
            ("expires_ts_ns", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("first_principal", "<u4"),
            ("second_principal", "<u4"),
            ("limit", "<u2"),
            ("orders", "<u2"),
            ("reserved", "<u4"),
        ]
    )

    ceiling: int
    expires_ts_ns: int
    strategy_id: int
    instrument_id: int
    first_principal: int
    second_principal: int
    limit: int
    orders: int
    reserved: int = 0
    tail: bytes = b""

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return (
            self.STRUCT.pack(
                self.ceiling,
                self.expires_ts_ns,
                self.strategy_id,
                self.instrument_id,
                self.first_principal,
                self.second_principal,
                self.limit,
                self.orders,
                self.reserved,
            )
            + self.tail
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OverrideGranted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            ceiling=values[0],
            expires_ts_ns=values[1],
            strategy_id=values[2],
            instrument_id=values[3],
            first_principal=values[4],
            second_principal=values[5],
            limit=values[6],
            orders=values[7],
            reserved=values[8],
            tail=bytes(body[cls.SIZE :]),
        )


class RiskDayStarted(msgspec.Struct, frozen=True, kw_only=True):
    """Input: a trading day begins for the gate: losses, accumulated values and counts start from
    nothing.

    Attributes:
        day: Which day. (days since 1970-01-01)
    """

    KIND: ClassVar[int] = 131
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 8
    STRUCT: ClassVar[Struct] = Struct("<Q")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("day", "<u8"),
        ]
    )

    day: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.day,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> RiskDayStarted:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            day=values[0],
        )


class LimitChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A limit in force has another value.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        value: The value now; -1 for none. (as the limit defines)
        before: The value before; -1 for none. (as the limit defines)
        version: Version of the set of limits in force; 0 for none. (version)
        hash: Hash of the set of limits in force; 0 for none. (hash)
        id: Strategy, instrument, venue, account or product; 0 for FIRM or for all others. (id)
        limit: Which limit. (Limit)
        scope: Whom it concerns. (RiskScope)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 132
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QqqQQIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("value", "<i8"),
            ("before", "<i8"),
            ("version", "<u8"),
            ("hash", "<u8"),
            ("id", "<u4"),
            ("limit", "<u2"),
            ("scope", "u1"),
            ("reserved", "u1"),
        ]
    )

    cause_seq: int
    value: int
    before: int
    version: int
    hash: int
    id: int
    limit: int
    scope: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.value,
            self.before,
            self.version,
            self.hash,
            self.id,
            self.limit,
            self.scope,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LimitChanged:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            value=values[1],
            before=values[2],
            version=values[3],
            hash=values[4],
            id=values[5],
            limit=values[6],
            scope=values[7],
            reserved=values[8],
        )


class RiskWarned(msgspec.Struct, frozen=True, kw_only=True):
    """A measure came near its limit; nothing is stopped.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        value: What was found. (as the limit defines)
        bound: The limit. (as the limit defines)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        reason: The control. (RejectReason)
        scope: Whom it concerns. (RiskScope)
        percent: Which step of the ladder. (percent of the limit)
    """

    KIND: ClassVar[int] = 133
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QqqIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("value", "<i8"),
            ("bound", "<i8"),
            ("id", "<u4"),
            ("reason", "<u2"),
            ("scope", "u1"),
            ("percent", "u1"),
        ]
    )

    cause_seq: int
    value: int
    bound: int
    id: int
    reason: int
    scope: int
    percent: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.value,
            self.bound,
            self.id,
            self.reason,
            self.scope,
            self.percent,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> RiskWarned:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            value=values[1],
            bound=values[2],
            id=values[3],
            reason=values[4],
            scope=values[5],
            percent=values[6],
        )


class LimitBreached(msgspec.Struct, frozen=True, kw_only=True):
    """A measure reached a step of its limit's ladder at which the scope's trading state changes.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        value: What was found. (as the limit defines)
        bound: The limit. (as the limit defines)
        id: Strategy, instrument, venue, account or product; 0 for FIRM. (id)
        reason: The control. (RejectReason)
        scope: Whom it concerns. (RiskScope)
        state: The state it asks for. (TradingState)
    """

    KIND: ClassVar[int] = 134
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 32
    STRUCT: ClassVar[Struct] = Struct("<QqqIHBB")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("value", "<i8"),
            ("bound", "<i8"),
            ("id", "<u4"),
            ("reason", "<u2"),
            ("scope", "u1"),
            ("state", "u1"),
        ]
    )

    cause_seq: int
    value: int
    bound: int
    id: int
    reason: int
    scope: int
    state: int

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.value,
            self.bound,
            self.id,
            self.reason,
            self.scope,
            self.state,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> LimitBreached:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            value=values[1],
            bound=values[2],
            id=values[3],
            reason=values[4],
            scope=values[5],
            state=values[6],
        )


class OverrideUsed(msgspec.Struct, frozen=True, kw_only=True):
    """An order passed a soft limit by an override.

    Attributes:
        cause_seq: Sequence number of the input that caused it. (id)
        client_id: The strategy's number for the order. (id)
        value: What was found. (as the limit defines)
        bound: The limit. (as the limit defines)
        strategy_id: Whose. (id)
        instrument_id: Instrument. (id)
        limit: Which limit. (Limit)
        orders_left: How many more orders may use it. (count)
        reserved: Zero. (none)
    """

    KIND: ClassVar[int] = 135
    VERSION: ClassVar[int] = 1
    SIZE: ClassVar[int] = 48
    STRUCT: ClassVar[Struct] = Struct("<QQqqIIHHI")
    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("cause_seq", "<u8"),
            ("client_id", "<u8"),
            ("value", "<i8"),
            ("bound", "<i8"),
            ("strategy_id", "<u4"),
            ("instrument_id", "<u4"),
            ("limit", "<u2"),
            ("orders_left", "<u2"),
            ("reserved", "<u4"),
        ]
    )

    cause_seq: int
    client_id: int
    value: int
    bound: int
    strategy_id: int
    instrument_id: int
    limit: int
    orders_left: int
    reserved: int = 0

    def pack(self) -> bytes:
        """Return the body as it stands in the journal."""
        return self.STRUCT.pack(
            self.cause_seq,
            self.client_id,
            self.value,
            self.bound,
            self.strategy_id,
            self.instrument_id,
            self.limit,
            self.orders_left,
            self.reserved,
        )

    @classmethod
    def unpack(cls, body: bytes | memoryview) -> OverrideUsed:
        """Read a body.

        Raises:
            struct.error: If it is too short.
        """
        values = cls.STRUCT.unpack_from(body)
        return cls(
            cause_seq=values[0],
            client_id=values[1],
            value=values[2],
            bound=values[3],
            strategy_id=values[4],
            instrument_id=values[5],
            limit=values[6],
            orders_left=values[7],
            reserved=values[8],
        )


Event = (
    ConfigLoaded
    | PacketReceived
    | MarketUpdated
    | InstrumentDefined
    | TickRungDefined
    | TimerFired
    | SourceEnded
    | StrategyStarted
    | StrategyStopped
    | FirmDefined
    | PortDefined
    | InstrumentRuled
    | SessionOpened
    | SessionClosed
    | OrderMessageReceived
    | ClockTicked
    | OperatorCommanded
    | DayStarted
    | VenueMessageReceived
    | EnterOrder
    | CancelOrder
    | ReplaceOrder
    | SetQuote
    | CancelAll
    | LimitSet
    | ScopeLimitSet
    | StrategyBooked
    | InstrumentAdmitted
    | AccessSet
    | RestrictionSet
    | LimitsLoaded
    | SubmitOrder
    | OpenParent
    | CloseParent
    | SubmitGroup
    | OrderAccepted
    | OrderRejected
    | OrderReplaced
    | OrderCanceled
    | OrderFilled
    | PositionChanged
    | TradeExecuted
    | PhaseChanged
    | IndicativeChanged
    | BandsChanged
    | TradeBroken
    | OrderRestated
    | EntryBlocked
    | VenueMessageSent
    | OrderStateChanged
    | OrderUnknown
    | FillUnexpected
    | ParentChanged
    | LegChanged
    | StateHashed
    | SnapshotTaken
    | VenueDefined
    | InstrumentListed
    | VenueLinkChanged
    | VenueReported
    | PositionReported
    | TradingStateSet
    | FeesSet
    | FillCharged
    | ReconciliationSet
    | DifferenceChanged
    | FeedStateChanged
    | LineReported
    | FeeTakenInKind
    | OrderSent
    | CancelSent
    | ReplaceSent
    | MassCancelSent
    | QuerySent
    | TradingStateChanged
    | KillStarted
    | KillProgressed
    | KillDone
    | GuardianActed
    | FlattenRequested
    | FlattenProgressed
    | FlattenDone
    | BookStateChanged
    | FeedRuleBroken
    | BreakerSet
    | ClockMeasured
    | BreakerMoved
    | LimitsTaken
    | FeedDelayed
    | StrategyParameterSet
    | StrategyParameterDeclared
    | StrategyLoaded
    | NodeConfigured
    | OverrideGranted
    | RiskDayStarted
    | LimitChanged
    | RiskWarned
    | LimitBreached
    | OverrideUsed
)

EVENTS: dict[int, type[Event]] = {
    1: ConfigLoaded,
    2: PacketReceived,
    3: MarketUpdated,
    4: InstrumentDefined,
    5: TickRungDefined,
    6: TimerFired,
    7: SourceEnded,
    8: StrategyStarted,
    9: StrategyStopped,
    10: FirmDefined,
    11: PortDefined,
    12: InstrumentRuled,
    13: SessionOpened,
    14: SessionClosed,
    15: OrderMessageReceived,
    16: ClockTicked,
    17: OperatorCommanded,
    18: DayStarted,
    19: VenueMessageReceived,
    20: EnterOrder,
    21: CancelOrder,
    22: ReplaceOrder,
    23: SetQuote,
    24: CancelAll,
    25: LimitSet,
    34: ScopeLimitSet,
    35: StrategyBooked,
    36: InstrumentAdmitted,
    37: AccessSet,
    38: RestrictionSet,
    39: LimitsLoaded,
    26: SubmitOrder,
    27: OpenParent,
    28: CloseParent,
    29: SubmitGroup,
    40: OrderAccepted,
    41: OrderRejected,
    42: OrderReplaced,
    43: OrderCanceled,
    44: OrderFilled,
    45: PositionChanged,
    46: TradeExecuted,
    47: PhaseChanged,
    48: IndicativeChanged,
    49: BandsChanged,
    50: TradeBroken,
    51: OrderRestated,
    52: EntryBlocked,
    53: VenueMessageSent,
    54: OrderStateChanged,
    55: OrderUnknown,
    56: FillUnexpected,
    57: ParentChanged,
    58: LegChanged,
    60: StateHashed,
    61: SnapshotTaken,
    80: VenueDefined,
    81: InstrumentListed,
    82: VenueLinkChanged,
    83: VenueReported,
    84: PositionReported,
    85: TradingStateSet,
    88: FeesSet,
    89: FillCharged,
    92: ReconciliationSet,
    93: DifferenceChanged,
    90: FeedStateChanged,
    91: LineReported,
    94: FeeTakenInKind,
    100: OrderSent,
    101: CancelSent,
    102: ReplaceSent,
    103: MassCancelSent,
    104: QuerySent,
    105: TradingStateChanged,
    106: KillStarted,
    107: KillProgressed,
    108: KillDone,
    109: GuardianActed,
    110: FlattenRequested,
    111: FlattenProgressed,
    112: FlattenDone,
    140: BookStateChanged,
    141: FeedRuleBroken,
    113: BreakerSet,
    114: ClockMeasured,
    115: BreakerMoved,
    116: LimitsTaken,
    117: FeedDelayed,
    142: StrategyParameterSet,
    143: StrategyParameterDeclared,
    144: StrategyLoaded,
    145: NodeConfigured,
    130: OverrideGranted,
    131: RiskDayStarted,
    132: LimitChanged,
    133: RiskWarned,
    134: LimitBreached,
    135: OverrideUsed,
}

COUNTERS: dict[str, str] = {
    "packets": "Entries of market data taken from the source.",
    "messages": "Market-data messages decoded.",
    "messages_unknown": "Messages of a type the decoder does not know: kept in the journal, skipped.",
    "messages_malformed": "Messages shorter or longer than their type allows, or with a value out of range: kept, skipped.",
    "orders_unknown": "Executions, cancels, deletes and replaces of an order that is not in the book.",
    "orders_duplicate": "Adds whose order reference is already in the book: the message was repeated.",
    "orders_overfilled": "Executions and reductions for more than the order had left: cut to what it had.",
    "books_crossed": "Times a book's best bid came to stand at or above its best ask.",
    "gaps": "Missing messages by packet sequence number.",
    "packets_duplicate": "Messages dropped because their sequence number was already processed.",
    "times_reversed": "Entries whose time was before the entry before it: raised to that one's.",
    "capacity_rejects": "Market orders that did not fit in the book: raise `orders_max`.",
    "bbo_changes": "Changes of the best bid or ask, price or quantity.",
    "packets_other_feed": "Packets of another feed than the first: journaled, not applied. A run follows one feed.",
    "orders_displaced": "Executions and reductions that found less than history says, because ours had traded first.",
}
