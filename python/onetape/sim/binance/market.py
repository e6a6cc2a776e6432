# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The market behind the stand-in: Binance's orders, on our own matching. Sans I/O.

Each request is one call; what the streams have to say of it is collected in `user_events` and
`market_events` until somebody takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from onetape.events import CancelReason, OrderType, Phase, RejectReason, Side, StpMode, TimeInForce
from onetape.exchange import Market, OrderRequest, PostOnly
from onetape.sim.binance._accounts import Accounts
from onetape.sim.binance._orders import ZERO, Fill, VenueOrder, text_of
from onetape.sim.binance._symbols import LOT, Symbol, decimal_of
from onetape.sim.binance._trouble import (
    ApiError,
    bad_symbol,
    broken_filter,
    missing,
    no_such_order,
    refused_order,
    unknown_order,
)

if TYPE_CHECKING:
    from onetape.exchange._market import Report
    from onetape.sim.binance.config import StandInConfig

Parameters = dict[str, str]

_TIMES = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
_PRICED = {"LIMIT", "LIMIT_MAKER", "STOP_LOSS_LIMIT"}
_TYPES = {*_PRICED, "MARKET", "STOP_LOSS"}
_PREVENTIONS = {
    "NONE": StpMode.OFF,
    "EXPIRE_TAKER": StpMode.CANCEL_NEWEST,
    "EXPIRE_MAKER": StpMode.CANCEL_OLDEST,
    "EXPIRE_BOTH": StpMode.CANCEL_BOTH,
}
_WOULD_TAKE = "Order would immediately match and take."
_NOT_ALLOWED = "This symbol does not allow the specified selfTradePreventionMode."


class UserEvent(NamedTuple):
    """Something for the user stream of an account."""

    owner: int
    event: dict[str, Any]


class StandInMarket:
    """Symbols, accounts, orders.

    Args:
        config: What there is.

    Attributes:
        symbols: By name.
        user_events: What the user streams have to say.
        market_events: What the streams `@trade` and `@bookTicker` have to say.
    """

    def __init__(self, config: StandInConfig) -> None:
        self.symbols: dict[str, Symbol] = {}
        self.user_events: list[UserEvent] = []
        self.market_events: list[dict[str, Any]] = []
        self._market = Market(
            orders_max=config.orders_max, instruments_max=max(1, len(config.symbols))
        )
        self._by_id: dict[int, Symbol] = {}
        for number, symbol in enumerate(config.symbols, 1):
            self._market.define(number)
            self._market.set_phase(0, number, Phase.CONTINUOUS)
            self._by_id[number] = Symbol(number, symbol, self._market)
            self.symbols[symbol.name] = self._by_id[number]
        self.accounts = Accounts(Decimal(config.fee))
        self._orders: dict[int, VenueOrder] = {}
        self._by_client: dict[tuple[int, str, str], VenueOrder] = {}
        self._executions = 0
        self._order_id = 0
        self._now_ms = 0

    def place(self, owner: int, parameters: Parameters, now_ms: int) -> dict[str, Any]:
        """Enter an order.

        Raises:
            ApiError: If it is refused; nothing happened.
        """
        self._now_ms = max(now_ms, self._now_ms)
        order, request = self._entered(owner, parameters)
        self.accounts.lock(order, self.symbols[order.symbol])
        self._orders[order.order_id] = order
        reports = self._market.enter(self._now_ms * 1_000_000, request)
        if reports[0]["report"] == "rejected":
            del self._orders[order.order_id]
            self.accounts.unlock(order, self.symbols[order.symbol], order.qty)
            would_take = reports[0]["reason"] == RejectReason.POST_ONLY_WOULD_TAKE
            raise refused_order(_WOULD_TAKE if would_take else "Order was rejected.")
        self._by_client[owner, order.symbol, order.client_id] = order
        self._take(reports)
        return order.taken()

    def cancel(self, owner: int, parameters: Parameters, now_ms: int) -> dict[str, Any]:
        """Cancel what is left of an order.

        Raises:
            ApiError: If it does not live, or may not be cancelled in its state.
        """
        self._now_ms = max(now_ms, self._now_ms)
        try:
            order = self._find(owner, parameters)
        except ApiError as err:
            raise unknown_order() from err
        wanted = {"ONLY_NEW": "NEW", "ONLY_PARTIALLY_FILLED": "PARTIALLY_FILLED"}
        restriction = parameters.get("cancelRestrictions", "")
        if not order.is_live:
            raise unknown_order()
        if restriction and order.status != wanted.get(restriction):
            raise ApiError(-2011, "Order was not canceled due to cancel restrictions.")
        request_id = parameters.get("newClientOrderId") or f"cancel{self._next_execution()}"
        self._cancel(order, request_id)
        return order.canceled(request_id)

    def cancel_all(self, owner: int, parameters: Parameters, now_ms: int) -> list[dict[str, Any]]:
        """Cancel all orders of a symbol.

        Raises:
            ApiError: If there is none.
        """
        self._now_ms = max(now_ms, self._now_ms)
        symbol = self.symbol(parameters)
        live = [order for order in self._owned(owner, symbol.name) if order.is_live]
        if not live:
            raise unknown_order()
        answers = []
        for order in live:
            request_id = f"cancel{self._next_execution()}"
            self._cancel(order, request_id)
            answers.append(order.canceled(request_id))
        return answers

    def cancel_replace(self, owner: int, parameters: Parameters, now_ms: int) -> dict[str, Any]:
        """Cancel an order and enter another.

        Raises:
            ApiError: If one half failed, with what became of each.
        """
        mode = parameters.get("cancelReplaceMode")
        if mode not in {"STOP_ON_FAILURE", "ALLOW_FAILURE"}:
            raise missing("cancelReplaceMode")
        cancel = {
            "symbol": parameters.get("symbol", ""),
            "origClientOrderId": parameters.get("cancelOrigClientOrderId", ""),
            "orderId": parameters.get("cancelOrderId", ""),
            "newClientOrderId": parameters.get("cancelNewClientOrderId", ""),
            "cancelRestrictions": parameters.get("cancelRestrictions", ""),
        }
        parts: dict[str, Any] = {}
        try:
            parts["cancelResponse"] = self.cancel(
                owner, {name: text for name, text in cancel.items() if text}, now_ms
            )
            parts["cancelResult"] = "SUCCESS"
        except ApiError as err:
            parts |= {"cancelResponse": err.body(), "cancelResult": "FAILURE"}
        if parts["cancelResult"] == "FAILURE" and mode == "STOP_ON_FAILURE":
            parts |= {"newOrderResult": "NOT_ATTEMPTED", "newOrderResponse": None}
            raise ApiError(-2022, "Order cancel-replace failed.", data=parts)
        try:
            parts["newOrderResponse"] = self.place(owner, parameters, now_ms)
            parts["newOrderResult"] = "SUCCESS"
        except ApiError as err:
            parts |= {"newOrderResponse": err.body(), "newOrderResult": "FAILURE"}
        results = {parts["cancelResult"], parts["newOrderResult"]}
        if results == {"FAILURE"}:
            raise ApiError(-2022, "Order cancel-replace failed.", data=parts)
        if "FAILURE" in results:
            text = "Order cancel-replace partially failed."
            raise ApiError(-2021, text, status=409, data=parts)
        return parts

    def amend(self, owner: int, parameters: Parameters, now_ms: int) -> dict[str, Any]:
        """Reduce an order in place; its priority stays.

        Raises:
            ApiError: If it does not live, or would not shrink.
        """
        self._now_ms = max(now_ms, self._now_ms)
        order = self._find(owner, parameters)
        symbol = self.symbols[order.symbol]
        qty = decimal_of(parameters, "newQty")
        lots = symbol.qty_lots(qty)
        if not order.is_live or not order.executed < qty < order.qty:
            raise ApiError(-2038, "Order amend rejected: the quantity must be reduced.")
        self.accounts.unlock(order, symbol, order.qty - qty)
        order.qty, order.update_ms = qty, self._now_ms
        self._take(self._market.reduce(self._now_ms * 1_000_000, order.market_id, lots))
        self._say(order, "REPLACED")
        state = order.state()
        amended = {**state, "qty": state["origQty"], "orderListId": -1}
        amended["preventedQty"] = text_of(ZERO)
        amended["cumulativeQuoteQty"] = state["cummulativeQuoteQty"]
        return {"transactTime": self._now_ms, "executionId": 0, "amendedOrder": amended}

    def status(self, owner: int, parameters: Parameters) -> dict[str, Any]:
        """Return an order.

        Raises:
            ApiError: If it is not known.
        """
        return self._find(owner, parameters).state()

    def open_orders(self, owner: int, parameters: Parameters) -> list[dict[str, Any]]:
        """Return live orders, of a symbol or of all."""
        symbol = self.symbol(parameters).name if parameters.get("symbol") else ""
        return [order.state() for order in self._owned(owner, symbol) if order.is_live]

    def all_orders(self, owner: int, parameters: Parameters) -> list[dict[str, Any]]:
        """Return orders of a symbol, dead ones too."""
        symbol = self.symbol(parameters)
        first = int(parameters.get("orderId") or 0)
        limit = int(parameters.get("limit") or 500)
        found = [o.state() for o in self._owned(owner, symbol.name) if o.order_id >= first]
        return found[:limit]

    def trades(self, owner: int, parameters: Parameters) -> list[dict[str, Any]]:
        """Return trades of a symbol: of an order, or from a number on."""
        symbol = self.symbol(parameters)
        order_id = int(parameters.get("orderId") or 0)
        from_id = int(parameters.get("fromId") or 0)
        since_ms = int(parameters.get("startTime") or 0)
        limit = int(parameters.get("limit") or 500)
        found = [
            trade
            for order in self._owned(owner, symbol.name)
            if order_id in {0, order.order_id}
            for trade in order.trades()
            if trade["id"] >= from_id and trade["time"] >= since_ms
        ]
        return sorted(found, key=lambda trade: int(trade["id"]))[:limit]

    def account(self, owner: int) -> dict[str, Any]:
        """Return an account."""
        fee = text_of(self.accounts.fee)
        rates = {"maker": fee, "taker": fee}
        return {
            "makerCommission": 10,
            "takerCommission": 10,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {**rates, "buyer": text_of(ZERO), "seller": text_of(ZERO)},
            "canTrade": True,
            "canWithdraw": False,
            "canDeposit": False,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": self._now_ms,
            "accountType": "SPOT",
            "balances": self.accounts.balances(owner),
            "permissions": ["SPOT"],
            "uid": owner,
        }

    def symbol(self, parameters: Parameters) -> Symbol:
        """Return the symbol that is asked for.

        Raises:
            ApiError: If none is, or it is not known.
        """
        if not parameters.get("symbol"):
            raise missing("symbol")
        symbol = self.symbols.get(parameters["symbol"])
        if symbol is None:
            raise bad_symbol()
        return symbol

    def _entered(self, owner: int, said: Parameters) -> tuple[VenueOrder, OrderRequest]:
        for name in ("symbol", "side", "type", "quantity"):
            if not said.get(name):
                raise missing(name)
        symbol = self.symbol(said)
        if said["side"] not in {"BUY", "SELL"}:
            raise ApiError(-1117, "Invalid side.")
        if said["type"] not in _TYPES:
            raise ApiError(-1116, "Invalid orderType.")
        is_priced = said["type"] in _PRICED
        needs_time = is_priced and said["type"] != "LIMIT_MAKER"
        for name in ("price",) * is_priced + ("timeInForce",) * needs_time:
            if not said.get(name):
                raise missing(name)
        if said.get("timeInForce", "GTC") not in _TIMES:
            raise ApiError(-1115, "Invalid timeInForce.")
        order = self._order_of(owner, symbol, said)
        known = self._by_client.get((owner, symbol.name, order.client_id))
        if known is not None and known.is_live:
            raise refused_order("Duplicate order sent.")
        return order, self._request_of(symbol, order)

    def _order_of(self, owner: int, symbol: Symbol, said: Parameters) -> VenueOrder:
        self._order_id += 1
        order_id = self._order_id
        return VenueOrder(
            order_id=order_id,
            owner=owner,
            symbol=symbol.name,
            client_id=said.get("newClientOrderId") or f"web_{order_id}",
            side=said["side"],
            order_type=said["type"],
            time_in_force=said.get("timeInForce", "GTC"),
            price=decimal_of(said, "price"),
            qty=decimal_of(said, "quantity"),
            stop_price=decimal_of(said, "stopPrice"),
            iceberg=decimal_of(said, "icebergQty"),
            prevention=said.get("selfTradePreventionMode", "EXPIRE_MAKER"),
            time_ms=self._now_ms,
            update_ms=self._now_ms,
        )

    def _request_of(self, symbol: Symbol, order: VenueOrder) -> OrderRequest:
        is_priced = order.order_type in _PRICED
        qty_lots = symbol.qty_lots(order.qty)
        price_ticks = symbol.price_ticks(order.price) if is_priced else 0
        worth_price = order.price if is_priced else symbol.best_price(_opposite(order.side))
        if worth_price is not None:
            symbol.check_worth(worth_price, order.qty)
        if order.prevention not in _PREVENTIONS:
            raise ApiError(-1013, _NOT_ALLOWED)
        is_stop = order.order_type.startswith("STOP_LOSS")
        if is_stop and not order.stop_price:
            raise missing("stopPrice")
        if order.iceberg > order.qty:
            raise broken_filter("ICEBERG_PARTS")
        return OrderRequest(
            symbol.instrument_id,
            Side[order.side],
            qty_lots,
            price_ticks,
            owner=order.owner,
            client_id=order.order_id,
            order_type=OrderType.LIMIT if is_priced else OrderType.MARKET,
            stop_ticks=symbol.price_ticks(order.stop_price) if is_stop else None,
            reserve_lots=symbol.qty_lots(order.iceberg) if order.iceberg else None,
            post_only=PostOnly.REJECT if order.order_type == "LIMIT_MAKER" else PostOnly.OFF,
            time_in_force=_TIMES[order.time_in_force],
            stp_mode=_PREVENTIONS[order.prevention],
        )

    def _find(self, owner: int, said: Parameters) -> VenueOrder:
        symbol = self.symbol(said)
        order: VenueOrder | None = None
        if said.get("orderId"):
            order = self._orders.get(int(said["orderId"]))
        elif said.get("origClientOrderId"):
            order = self._by_client.get((owner, symbol.name, said["origClientOrderId"]))
        else:
            raise missing("orderId")
        if order is None or order.owner != owner or order.symbol != symbol.name:
            raise no_such_order()
        return order

    def _owned(self, owner: int, symbol: str) -> Sequence[VenueOrder]:
        return [
            order
            for order in self._orders.values()
            if order.owner == owner and symbol in {"", order.symbol}
        ]

    def _cancel(self, order: VenueOrder, request_id: str) -> None:
        reports = self._market.cancel(self._now_ms * 1_000_000, order.market_id)
        self._take(reports, request_id)

    def _take(self, reports: Sequence[Report], request_id: str = "") -> None:
        """Take what the market below did over to orders, balances and streams."""
        touched: dict[str, Symbol] = {}
        for report in reports:
            kind = report["report"]
            if kind == "accepted":
                order = self._orders[int(report["client"])]
                order.market_id = int(report["order_id"])
                self._say(order, "NEW")
            elif kind == "filled":
                self._filled(report)
            elif kind == "canceled":
                self._ended(report, request_id)
            elif kind == "restated":
                self._orders[int(report["client"])].market_id = int(report["order_id"])
            if kind in {"accepted", "filled", "canceled", "rested", "restated", "replaced"}:
                symbol = self._by_id[int(report["instrument"])]
                touched[symbol.name] = symbol
        for symbol in touched.values() or self.symbols.values():
            ticker = symbol.refresh()
            if ticker is not None:
                self.market_events.append(ticker)

    def _filled(self, report: Report) -> None:
        symbol = self._by_id[int(report["instrument"])]
        price, qty = int(report["price"]) * symbol.tick, int(report["qty"]) * LOT
        symbol.trade_id += 1
        for role in ("maker", "taker"):
            order = self._orders[int(report[f"{role}_client"])]
            fee, asset = self.accounts.settle(order, symbol, price, qty)
            fill = Fill(symbol.trade_id, price, qty, fee, asset, role == "maker", self._now_ms)
            order.fills.append(fill)
            order.executed += qty
            order.paid += price * qty
            order.status = "FILLED" if order.left == 0 else "PARTIALLY_FILLED"
            self._say(order, "TRADE", fill=fill)
        self.market_events.append(
            {
                "e": "trade",
                "E": self._now_ms,
                "s": symbol.name,
                "t": symbol.trade_id,
                "p": text_of(price),
                "q": text_of(qty),
                "T": self._now_ms,
                "m": report["maker_side"] == Side.BUY,
                "M": True,
            }
        )

    def _ended(self, report: Report, request_id: str) -> None:
        order = self._orders[int(report["client"])]
        left = int(report["qty"]) * LOT
        self.accounts.unlock(order, self.symbols[order.symbol], left)
        if report["leaves"]:
            return
        reason = report["reason"]
        if reason == CancelReason.USER:
            order.status = "CANCELED"
            self._say(order, "CANCELED", request_id=request_id)
        elif reason == CancelReason.SELF_TRADE:
            order.status = "EXPIRED_IN_MATCH"
            self._say(order, "TRADE_PREVENTION")
        else:
            order.status = "EXPIRED"
            self._say(order, "EXPIRED")

    def _say(
        self,
        order: VenueOrder,
        execution: str,
        *,
        fill: Fill | None = None,
        request_id: str = "",
    ) -> None:
        order.update_ms = self._now_ms
        event = order.report(
            execution,
            self._now_ms,
            execution_id=self._next_execution(),
            request_id=request_id,
            fill=fill,
        )
        self.user_events.append(UserEvent(order.owner, event))
        changed = self.accounts.event(order.owner, self.symbols[order.symbol], self._now_ms)
        self.user_events.append(UserEvent(order.owner, changed))

    def _next_execution(self) -> int:
        self._executions += 1
        return self._executions


def _opposite(side: str) -> Side:
    return Side.SELL if side == "BUY" else Side.BUY
