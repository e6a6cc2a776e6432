# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Binance's own client libraries, both generations, against the stand-in of its API, unchanged."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.models.binance_side import pair_of_keys

from onetape.config import Secret
from onetape.sim.binance import AccountConfig, StandIn, StandInConfig, SymbolConfig

connector = pytest.importorskip("binance.spot", reason="binance-connector is not installed")
sdk = pytest.importorskip("binance_sdk_spot.spot", reason="binance-sdk-spot is not installed")

KEY, SECRET = "key-of-a-test", "secret-of-a-test"
# Both libraries leave sockets and sessions to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::DeprecationWarning",
)


def stand_in(**more: Any) -> StandIn:
    symbol = SymbolConfig(name="BTCUSDT", base="BTC", quote="USDT", house_price="60000")
    balances = {"BTC": "10", "USDT": "1000000"}
    account = AccountConfig(
        key=KEY, secret=Secret(SECRET), balances=balances, public_key=more.pop("public_key", "")
    )
    more = {"house_interval_ms": 10, **more}
    return StandIn(StandInConfig(symbols=[symbol], accounts=[account], **more))


def served(work: Callable[[StandIn], Any], **more: Any) -> Any:
    """Run a client that blocks beside a stand-in."""

    async def main() -> Any:
        async with stand_in(**more) as venue:
            return await asyncio.to_thread(work, venue)

    return asyncio.run(main())


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def limit(**more: Any) -> dict[str, Any]:
    entry = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    return {**entry, "quantity": 0.01, "price": 50_000, **more}


def test_the_connector_trades_by_rest():
    def work(venue: StandIn) -> None:
        client = connector.Spot(api_key=KEY, api_secret=SECRET, base_url=venue.rest_url)
        assert client.time()["serverTime"] > 1_700_000_000_000
        info = client.exchange_info("BTCUSDT")["symbols"][0]
        assert info["baseAsset"] == "BTC"
        depth = client.depth("BTCUSDT", limit=5)
        assert len(depth["bids"]) == len(depth["asks"]) == 5
        entered = client.new_order(**limit(newClientOrderId="mine-1"))
        assert (entered["status"], entered["clientOrderId"]) == ("NEW", "mine-1")
        asked = client.get_order("BTCUSDT", origClientOrderId="mine-1")
        assert asked["orderId"] == entered["orderId"]
        assert [o["clientOrderId"] for o in client.get_open_orders("BTCUSDT")] == ["mine-1"]
        moved = client.cancel_and_replace(
            "BTCUSDT", "BUY", "LIMIT", "STOP_ON_FAILURE",
            timeInForce="GTC", quantity=0.02, price=51_000,
            cancelOrigClientOrderId="mine-1", newClientOrderId="mine-2",
        )  # fmt: skip
        assert moved["cancelResult"] == moved["newOrderResult"] == "SUCCESS"
        assert client.cancel_order("BTCUSDT", origClientOrderId="mine-2")["status"] == "CANCELED"
        taken = client.new_order(**limit(price=70_000, quantity=0.001, newOrderRespType="FULL"))
        assert taken["status"] == "FILLED"
        assert sum(Decimal(f["qty"]) for f in taken["fills"]) == Decimal("0.001")
        trades = client.my_trades("BTCUSDT", orderId=taken["orderId"])
        assert [t["id"] for t in trades] == [f["tradeId"] for f in taken["fills"]]
        held = {b["asset"]: b for b in client.account()["balances"]}
        assert Decimal("10.0005") < Decimal(held["BTC"]["free"]) < Decimal("10.001")
        client.new_order(**limit())
        client.new_order(**limit())
        assert len(client.cancel_open_orders("BTCUSDT")) == 2

    served(work)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"price": 50_000.001}, -1013),
        ({"quantity": "0.0000001"}, -1013),
        ({"quantity": "0.00005"}, -1013),
        ({"quantity": "1e-3"}, -1100),
        ({"price": "50000.000000001"}, -1111),
        ({"quantity": 100}, -2010),
        ({"symbol": "NOSUCH"}, -1121),
        ({"type": "LIMIT_MAKER", "price": 70_000, "timeInForce": None}, -2010),
        ({"side": "MAYBE"}, -1117),
        ({"timeInForce": "EVER"}, -1115),
        ({"price": None}, -1102),
    ],
)
def test_the_connector_is_told_what_is_wrong(entry: dict[str, Any], code: int):
    from binance.error import ClientError

    def work(venue: StandIn) -> None:
        client = connector.Spot(api_key=KEY, api_secret=SECRET, base_url=venue.rest_url)
        with pytest.raises(ClientError) as caught:
            client.new_order(**limit(**entry))
        assert caught.value.error_code == code

    served(work)


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [(KEY, "another", -1022), ("another", SECRET, -2015)],
)
def test_the_connector_is_refused_with_a_wrong_key(key: str, secret: str, code: int):
    from binance.error import ClientError

    def work(venue: StandIn) -> None:
        client = connector.Spot(api_key=key, api_secret=secret, base_url=venue.rest_url)
        with pytest.raises(ClientError) as caught:
            client.account()
        assert caught.value.error_code == code

    served(work)


def test_the_connector_is_told_of_what_does_not_exist_and_of_too_much():
    from binance.error import ClientError

    def work(venue: StandIn) -> None:
        client = connector.Spot(
            api_key=KEY, api_secret=SECRET, base_url=venue.rest_url, show_limit_usage=True
        )
        for code, ask in (
            (-2013, lambda: client.get_order("BTCUSDT", origClientOrderId="none")),
            (-2011, lambda: client.cancel_order("BTCUSDT", origClientOrderId="none")),
            (-1125, lambda: client.renew_listen_key("none")),
        ):
            with pytest.raises(ClientError) as caught:
                ask()
            assert caught.value.error_code == code
        assert int(client.time()["limit_usage"]["x-mbx-used-weight-1m"]) > 5
        with pytest.raises(ClientError) as caught:
            [client.account() for _ in range(10)]
        assert (caught.value.status_code, caught.value.error_code) == (429, -1003)
        assert int(caught.value.header["Retry-After"]) >= 1

    served(work, weight_max=100)


def test_the_connector_hears_its_user_stream():
    from binance.websocket.spot.websocket_stream import SpotWebsocketStreamClient

    def work(venue: StandIn) -> None:
        client = connector.Spot(api_key=KEY, api_secret=SECRET, base_url=venue.rest_url)
        key = client.new_listen_key()["listenKey"]
        assert client.new_listen_key()["listenKey"] == key
        client.renew_listen_key(key)
        heard: list[str] = []
        stream = SpotWebsocketStreamClient(
            stream_url=venue.stream_url, on_message=lambda _, text: heard.append(text)
        )
        stream.user_data(listen_key=key)
        stream.diff_book_depth(symbol="btcusdt", speed=100)
        stream.trade(symbol="btcusdt")
        # The library subscribes with a message; the key itself is a stream of the connection.
        until(lambda: any('"depthUpdate"' in text for text in heard))
        until(lambda: any('"e":"trade"' in text for text in heard))
        client.new_order(**limit(newClientOrderId="heard-1"))
        until(lambda: any('"executionReport"' in t and "heard-1" in t for t in heard))
        client.close_listen_key(key)
        stream.stop()

    served(work)


def asked(work: Callable[[StandIn], Awaitable[None]], **more: Any) -> None:
    async def main() -> None:
        async with stand_in(**more) as venue:
            await work(venue)

    asyncio.run(main())


def test_the_new_library_trades_by_rest():
    from binance_common.configuration import ConfigurationRestAPI

    def work(venue: StandIn) -> None:
        config = ConfigurationRestAPI(api_key=KEY, api_secret=SECRET, base_path=venue.rest_url)
        api = sdk.Spot(config_rest_api=config).rest_api
        response = api.new_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", time_in_force="GTC",
            quantity=0.01, price=50_000, new_client_order_id="sdk-1", new_order_resp_type="FULL",
        )  # fmt: skip
        assert response.data().status == "NEW"
        assert response.rate_limits
        state = api.get_order("BTCUSDT", orig_client_order_id="sdk-1").data()
        assert state.orig_qty == "0.01000000"
        assert api.delete_order("BTCUSDT", orig_client_order_id="sdk-1").data().status == "CANCELED"
        assert api.depth("BTCUSDT").data().last_update_id > 0
        assert {b.asset for b in api.get_account().data().balances} == {"BTC", "USDT"}

    served(work)


def test_the_new_library_trades_by_the_websocket_api():
    from binance_common.configuration import ConfigurationWebSocketAPI

    async def work(venue: StandIn) -> None:
        config = ConfigurationWebSocketAPI(api_key=KEY, api_secret=SECRET, stream_url=venue.api_url)
        api = sdk.Spot(config_ws_api=config).websocket_api
        connection = await api.create_connection()
        stream = await connection.user_data_stream_subscribe_signature()
        heard: list[Any] = []
        stream.stream.on("message", heard.append)
        placed = await connection.order_place(
            symbol="BTCUSDT", side="BUY", type="LIMIT", time_in_force="GTC",
            quantity=0.01, price=50_000, new_client_order_id="ws-1",
        )  # fmt: skip
        assert placed.data().result.status == "NEW"
        amended = await connection.order_amend_keep_priority(
            symbol="BTCUSDT", new_qty=0.005, orig_client_order_id="ws-1", new_client_order_id="ws-1"
        )
        assert amended.data().result.amended_order.qty == "0.00500000"
        canceled = await connection.order_cancel(symbol="BTCUSDT", orig_client_order_id="ws-1")
        assert canceled.data().result.status == "CANCELED"
        for _ in range(200):
            said = [getattr(h, "actual_instance", h) for h in heard]
            reports = [e.x for e in said if hasattr(e, "x")]
            if len(reports) == 3:
                break
            await asyncio.sleep(0.01)
        assert reports == ["NEW", "REPLACED", "CANCELED"]
        await api.close_connection()

    asked(work)


def test_both_libraries_sign_by_ed25519():
    from binance_common.configuration import ConfigurationRestAPI, ConfigurationWebSocketAPI

    private, public = pair_of_keys()

    async def work(venue: StandIn) -> None:
        client = connector.Spot(api_key=KEY, private_key=private, base_url=venue.rest_url)
        await asyncio.to_thread(client.new_order, **limit(newClientOrderId="old-1"))
        config = ConfigurationRestAPI(api_key=KEY, private_key=private, base_path=venue.rest_url)
        api = sdk.Spot(config_rest_api=config).rest_api
        found = await asyncio.to_thread(api.get_order, "BTCUSDT", orig_client_order_id="old-1")
        assert found.data().status == "NEW"
        config = ConfigurationWebSocketAPI(
            api_key=KEY, private_key=private, stream_url=venue.api_url
        )
        socket = sdk.Spot(config_ws_api=config).websocket_api
        connection = await socket.create_connection()
        canceled = await connection.order_cancel(symbol="BTCUSDT", orig_client_order_id="old-1")
        assert canceled.data().result.status == "CANCELED"
        await socket.close_connection()

    asked(work, public_key=public)


def test_the_new_library_hears_the_streams():
    from binance_common.configuration import ConfigurationWebSocketStreams

    async def work(venue: StandIn) -> None:
        config = ConfigurationWebSocketStreams(stream_url=venue.stream_url)
        streams = sdk.Spot(config_ws_streams=config).websocket_streams
        connection = await streams.create_connection()
        heard: dict[str, list[Any]] = {"depth": [], "trade": [], "ticker": []}
        depth = await connection.diff_book_depth(symbol="btcusdt", update_speed="100ms")
        depth.on("message", heard["depth"].append)
        trade = await connection.trade(symbol="btcusdt")
        trade.on("message", heard["trade"].append)
        ticker = await connection.book_ticker(symbol="btcusdt")
        ticker.on("message", heard["ticker"].append)
        for _ in range(1_000):
            if all(heard.values()):
                break
            await asyncio.sleep(0.01)
        assert all(heard.values()), {name: len(found) for name, found in heard.items()}
        assert heard["depth"][0].s == "BTCUSDT"
        await streams.close_connection()

    asked(work)
