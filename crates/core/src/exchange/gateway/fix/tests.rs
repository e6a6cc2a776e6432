// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is asked by FIX, and how it is answered, one message at a time.

use super::super::{
    Answer, Ask, BreakReason, Echo, Fault, Field, OpenOrder, OrderName, Refusal, Setting, Symbols,
    TradeRole,
};
use super::FixPort;
use crate::events::{CancelReason, RejectReason, RestateReason, Side, StpMode};
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
use crate::exchange::wires::Wires;
use crate::types::{InstrumentId, TsNs};
use crate::wire::fix::{Message, Version, Writer, parse_time};

const NOW: TsNs = 1_767_323_045_000_000_000;
const STP: SelfTrade = SelfTrade { mode: StpMode::CancelNewest, scope: StpScope::Firm };

struct Listed;

impl Symbols for Listed {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        (symbol == b"ACME").then_some(7)
    }

    fn symbol(&self, instrument: InstrumentId) -> &[u8] {
        if instrument == 7 { b"ACME" } else { b"" }
    }
}

#[derive(Default)]
struct Sent(Vec<String>);

impl Wires for Sent {
    fn send(&mut self, port: u32, message: &[u8]) {
        assert_eq!(port, 3);
        let message = Message::parse(message).expect("a whole message");
        let hidden = [49, 56, 52, 34];
        let fields = message.fields().map(|field| field.expect("a field"));
        let shown: Vec<String> = fields
            .filter(|field| !hidden.contains(&field.tag))
            .map(|field| format!("|{}={}", field.tag, String::from_utf8_lossy(field.value)))
            .collect();
        let msg_type = String::from_utf8_lossy(message.msg_type()).into_owned();
        self.0.push(format!("{msg_type}{}", shown.concat()));
    }

    fn publish(&mut self, _: &[u8]) {}
}

struct Bench {
    port: FixPort,
    sent: Sent,
    next: u64,
}

impl Bench {
    fn new(version: Version, is_copy: bool) -> Self {
        let port = FixPort::new(version, b"CLIENT", is_copy).expect("a name");
        let mut bench = Self { port, sent: Sent::default(), next: 1 };
        bench.port.opened(3, NOW, &mut bench.sent);
        let logon = if version == Version::Fix44 { "98=0|108=30" } else { "98=0|108=30|1137=9" };
        assert!(bench.ask("A", logon).is_none());
        bench.sent.0.clear();
        bench
    }

    fn ask(&mut self, msg_type: &str, fields: &str) -> Option<Result<Ask, Refusal>> {
        let mut buffer = [0; 2_048];
        let mut writer = Writer::new(&mut buffer, self.port.session().config().version);
        writer.text(35, msg_type.as_bytes());
        writer.text(49, b"CLIENT");
        writer.text(56, b"ONETAPE");
        writer.number(34, self.next);
        writer.text(52, b"20260102-03:04:05");
        for field in fields.split('|').filter(|field| !field.is_empty()) {
            let (tag, value) = field.split_once('=').expect("tag=value");
            writer.text(tag.parse().expect("a tag"), value.as_bytes());
        }
        self.next += 1;
        self.port.message(3, writer.finish(), &setting(), &mut self.sent)
    }

    fn say(&mut self, answer: &Answer<'_>) -> String {
        self.port.say(3, &setting(), answer, &mut self.sent);
        self.sent.0.join("\n")
    }
}

const fn setting() -> Setting<'static, Listed> {
    Setting {
        ts_ns: NOW,
        midnight_ts_ns: 0,
        stp: STP,
        post_only: PostOnly::Slide,
        symbols: &Listed,
    }
}

fn name(text: &str) -> [u8; 20] {
    let mut out = [b' '; 20];
    out[..text.len()].copy_from_slice(text.as_bytes());
    out
}

/// What a new order with these fields, beside name, instrument, side, quantity and time, asks for.
fn entered(fields: &str) -> Result<OrderRequest, Fault> {
    let mut bench = Bench::new(Version::Fix50Sp2, false);
    let head = "11=a|55=ACME|60=20260102-03:04:05|";
    let asked = bench.ask("D", &format!("{head}{fields}")).expect("an order or a refusal");
    match asked {
        Ok(Ask::Enter(entering)) => {
            assert_eq!(entering.name, OrderName::Text(name("a")));
            Ok(entering.request)
        }
        Err(Refusal::Request { fault, .. }) => Err(fault),
        other => panic!("{other:?}"),
    }
}

fn limit() -> OrderRequest {
    let request = OrderRequest::limit(7, 0, Side::Buy, 1_012_500, 300);
    OrderRequest { stp: STP, ..request }
}

#[test]
fn an_order_asks_for_what_its_tags_say() {
    let plain = "54=1|38=300|40=2|44=101.25";
    let ends = parse_time(b"20260103-00:00:00").unwrap();
    let peg = |to, offset, limit| Pricing::Peg { to, offset, limit };
    let hidden = OrderRequest { display: Display::Hidden, ..limit() };
    let stp = |mode, scope| OrderRequest { stp: SelfTrade { mode, scope }, ..limit() };
    let cases = [
        ("", limit()),
        ("59=0", limit()),
        ("59=1", OrderRequest { life: Life::Gtc, ..limit() }),
        ("59=2", OrderRequest { auction: Auction::Open, ..limit() }),
        ("59=3", OrderRequest { life: Life::Ioc, ..limit() }),
        ("59=4", OrderRequest { life: Life::Fok, ..limit() }),
        ("59=6|432=20260102", OrderRequest { life: Life::Until(ends), ..limit() }),
        ("59=6|126=20260103-00:00:00", OrderRequest { life: Life::Until(ends), ..limit() }),
        ("59=7", OrderRequest { auction: Auction::Close, ..limit() }),
        ("18=6", OrderRequest { post_only: PostOnly::Reject, ..limit() }),
        ("20002=S", OrderRequest { post_only: PostOnly::Slide, ..limit() }),
        ("18=G", OrderRequest { size: SizeCondition::All, ..hidden }),
        ("110=100", OrderRequest { size: SizeCondition::Minimum(100), ..hidden }),
        ("110=0", limit()),
        ("18=G|110=0", OrderRequest { size: SizeCondition::All, ..hidden }),
        ("18=G|110=100", OrderRequest { size: SizeCondition::All, ..hidden }),
        ("18=G|110=300", OrderRequest { size: SizeCondition::All, ..hidden }),
        ("111=100", OrderRequest { display: Display::Reserve { displayed: 100 }, ..limit() }),
        ("1138=100", OrderRequest { display: Display::Reserve { displayed: 100 }, ..limit() }),
        ("111=0", hidden),
        ("1084=4", hidden),
        ("2964=0", stp(StpMode::Off, StpScope::Firm)),
        ("2964=2|20001=P", stp(StpMode::CancelOldest, StpScope::Port)),
        ("2964=4", stp(StpMode::Decrement, StpScope::Firm)),
        ("453=1|448=X|447=D|452=1|9999=?", limit()),
    ];
    for (fields, expected) in cases {
        assert_eq!(entered(&format!("{plain}|{fields}")), Ok(expected), "{fields}");
    }
    let sell = OrderRequest { side: Side::Sell, ..hidden };
    let cases = [
        ("54=1|38=300|40=1", OrderRequest { pricing: Pricing::Market, ..limit() }),
        (
            "54=1|38=300.0|40=3|99=102",
            OrderRequest { pricing: Pricing::Market, stop: Some(1_020_000), ..limit() },
        ),
        ("54=1|38=300|40=4|44=101.25|99=102", OrderRequest { stop: Some(1_020_000), ..limit() }),
        ("54=1|38=300|40=P|18=R", OrderRequest { pricing: peg(PegTo::Primary, 0, None), ..hidden }),
        (
            "54=1|38=300|40=P|1094=4|211=0.01|44=102",
            OrderRequest { pricing: peg(PegTo::Market, 100, Some(1_020_000)), ..hidden },
        ),
        (
            "54=2|38=300|40=P|18=M|211=0.01|836=0",
            OrderRequest { pricing: peg(PegTo::Midpoint, -100, None), ..sell },
        ),
        ("54=5|38=300|40=P|18=P", OrderRequest { pricing: peg(PegTo::Market, 0, None), ..sell }),
    ];
    for (fields, expected) in cases {
        assert_eq!(entered(fields), Ok(expected), "{fields}");
    }
}

#[test]
fn an_order_that_our_market_does_not_take_is_refused_with_the_field() {
    let plain = "54=1|38=300|40=2|44=101.25";
    for (fields, field) in [
        ("59=5", Field::TimeInForce),
        ("59=6", Field::ExpireTime),
        ("59=6|126=20260101-00:00:00", Field::ExpireTime),
        ("126=20260103-00:00:00", Field::ExpireTime),
        ("18=A", Field::Handling),
        ("18=R", Field::Peg),
        ("211=1", Field::Peg),
        ("836=1", Field::Peg),
        ("99=1", Field::Stop),
        ("111=1|1138=1", Field::MaxFloor),
        ("1084=2", Field::Display),
        ("110=301", Field::MinimumQuantity),
        ("110=301|18=G", Field::MinimumQuantity),
        ("20001=X", Field::SelfTrade),
        ("2964=5", Field::SelfTrade),
        ("20002=X", Field::PostOnly),
        ("1=ACCOUNT_TOO_LONG", Field::Firm),
        ("528=Z", Field::Capacity),
    ] {
        let fault = entered(&format!("{plain}|{fields}")).expect_err(fields);
        assert_eq!(fault, Fault { reason: RejectReason::FieldInvalid, field }, "{fields}");
    }
    for (fields, reason, field) in [
        ("54=8|38=1|40=1", RejectReason::FieldInvalid, Field::Side),
        ("54=1|38=1|40=2", RejectReason::FieldInvalid, Field::Price),
        ("54=1|38=1|40=1|44=1", RejectReason::FieldInvalid, Field::Price),
        ("54=1|38=1|40=9|44=1", RejectReason::FieldInvalid, Field::Price),
        ("54=1|38=1|40=3", RejectReason::FieldInvalid, Field::Stop),
        ("54=1|38=1|40=P", RejectReason::FieldInvalid, Field::Peg),
        ("54=1|38=1|40=P|18=R M", RejectReason::FieldInvalid, Field::Peg),
        ("54=1|38=1|40=2|44=1.00001", RejectReason::PriceInvalid, Field::Price),
        ("54=1|38=1.5|40=2|44=1", RejectReason::QtyInvalid, Field::Quantity),
        ("54=1|38=-1|40=2|44=1", RejectReason::QtyInvalid, Field::Quantity),
    ] {
        assert_eq!(entered(fields), Err(Fault { reason, field }), "{fields}");
    }
    let mut bench = Bench::new(Version::Fix44, false);
    let fields = "11=a|55=NONE|54=2|38=5|40=1|60=20260102-03:04:05";
    let Some(Err(Refusal::Request { name, cl_ord_id, fault })) = bench.ask("D", fields) else {
        panic!("it must be refused")
    };
    assert_eq!(fault.reason, RejectReason::InstrumentUnknown);
    assert_eq!(
        bench.say(&Answer::Rejected { name, cl_ord_id, fault }),
        "8|37=NONE|11=a|17=R2|150=8|39=8|103=1|55=NONE|54=2|38=5|151=0|14=0|6=0|\
         60=20260102-03:04:05.000|58=no instrument has this id: Symbol (55)"
    );
}

#[test]
fn what_cannot_be_read_is_rejected_by_the_session() {
    let order = "11=a|55=ACME|54=1|38=300|40=2|44=101.25|60=20260102-03:04:05";
    let long = order.replace("11=a", "11=123456789012345678901");
    for (msg_type, fields, expected) in [
        ("D", order.replace("|60=20260102-03:04:05", ""), "371=60|372=D|373=1"),
        ("D", order.replace("11=a|", ""), "371=11|372=D|373=1"),
        ("D", order.replace("|38=300", ""), "371=38|372=D|373=1"),
        ("D", long, "371=11|372=D|373=5"),
        ("D", order.replace("38=300", "38=x"), "371=38|372=D|373=6"),
        ("D", order.replace("44=101.25", "44=1e5"), "371=44|372=D|373=6"),
        ("D", order.replace("05", "5"), "371=60|372=D|373=6"),
        ("D", format!("{order}|44=1"), "371=44|372=D|373=13"),
        ("D", format!("{order}|59=00"), "371=59|372=D|373=6"),
        ("D", format!("{order}|59=6|126=now"), "371=126|372=D|373=6"),
        ("D", format!("{order}|59=6|432=2026"), "371=432|372=D|373=6"),
        ("F", "11=a".to_owned(), "371=41|372=F|373=1"),
        ("q", "11=a".to_owned(), "371=530|372=q|373=1"),
        ("H", String::new(), "371=11|372=H|373=1"),
    ] {
        let mut bench = Bench::new(Version::Fix44, false);
        assert_eq!(bench.ask(msg_type, &fields), None, "{fields}");
        assert_eq!(bench.sent.0, [format!("3|45=2|{expected}")], "{fields}");
    }
    let mut bench = Bench::new(Version::Fix44, false);
    assert_eq!(bench.ask("AE", "571=1"), None);
    let refused = "j|45=2|372=AE|380=3|58=this market takes D, F, G, H and q";
    assert_eq!(bench.sent.0, [refused]);
}

#[test]
fn cancels_replacements_and_questions_name_orders() {
    let mut bench = Bench::new(Version::Fix44, false);
    let Some(Ok(Ask::Cancel(asked))) = bench.ask("F", "41=a|11=b|55=ACME|54=1") else {
        panic!("a cancel")
    };
    assert_eq!((asked.name, asked.qty), (OrderName::Text(name("a")), 0));
    assert_eq!(asked.request, name("b"));
    let terms = "41=a|11=c|55=ACME|54=1|38=200|40=2|44=101|60=20260102-03:04:05";
    let Some(Ok(Ask::Replace(asked))) = bench.ask("G", terms) else { panic!("a replacement") };
    assert_eq!(asked.original, OrderName::Text(name("a")));
    assert_eq!((asked.change.qty, asked.change.price), (200, Some(1_010_000)));
    assert_eq!((asked.change.life, asked.change.display, asked.side), (None, None, b'B'));
    assert!(asked.keeps_original);
    assert_eq!(asked.instrument, Some(7));
    let is_refused = |refused: Option<Result<Ask, Refusal>>| {
        matches!(refused, Some(Err(Refusal::Replace { keeps_original: true, .. })))
    };
    for wrong in ["|59=7", "|18=A"] {
        assert!(is_refused(bench.ask("G", &format!("{terms}{wrong}"))), "{wrong}");
    }
    for (from, to) in [("38=200", "38=0.5"), ("44=101", "44=-1"), ("55=ACME", "55=NONE")] {
        assert!(is_refused(bench.ask("G", &terms.replace(from, to))), "{to}");
    }
    assert_eq!(
        bench.ask("H", "11=a|54=1|790=s"),
        Some(Ok(Ask::Status { name: OrderName::Text(name("a")), request: name("s") }))
    );
    let Some(Ok(Ask::MassCancel(asked))) = bench.ask("q", "11=m|530=1|55=ACME|54=2") else {
        panic!("a mass cancel")
    };
    assert_eq!((asked.instrument, asked.side), (Some(7), Some(b'S')));
    let Some(Ok(Ask::MassCancel(asked))) = bench.ask("q", "11=m|530=7") else { panic!("one") };
    assert_eq!((asked.instrument, asked.side), (None, None));
    let refused = bench.ask("q", "11=m|530=3");
    assert!(matches!(refused, Some(Err(Refusal::Request { .. }))));
    let Some(Err(Refusal::Request { name, cl_ord_id, fault })) = refused else { panic!("one") };
    let said = bench.say(&Answer::Rejected { name, cl_ord_id, fault });
    assert!(said.starts_with("r|11=m|37=M2|530=3|531=0|532=0|60="), "{said}");
}

fn open() -> OpenOrder {
    let mut echo = Echo::default();
    echo.letters[..12].copy_from_slice(b"ACC1        ");
    echo.letters[12] = b'P';
    OpenOrder {
        order_id: 42,
        name: OrderName::Text(name("a")),
        cl_ord_id: name("a"),
        firm: *b"FIRM",
        side: b'B',
        is_attributed: false,
        group: 0,
        echo,
        request: limit(),
        price: 1_012_500,
        leaves: 300,
        executed: 0,
        executed_notional: 0,
    }
}

/// A report about [`open`] in FIX 4.4, less what is the same in all.
fn said(version: Version, answer: &Answer<'_>) -> String {
    let said = Bench::new(version, false).say(answer);
    let terms = "1=ACC1|55=ACME|54=1|38=300|40=2|44=101.25|59=0|528=P|";
    assert!(said.contains(terms), "{said}");
    said.replace(terms, "").split("|60=").next().unwrap_or_default().to_owned()
}

#[test]
fn every_answer_about_an_order_is_a_report() {
    let order = &open();
    let partly =
        &OpenOrder { leaves: 200, executed: 100, executed_notional: 101_250_000, ..open() };
    let dead = &OpenOrder { leaves: 0, ..*partly };
    let done = &OpenOrder { leaves: 0, executed: 300, executed_notional: 303_750_000, ..open() };
    let (none, qty, price, match_id) = (name(""), 100, 1_012_500, 9);
    let four = |answer: Answer<'_>| said(Version::Fix44, &answer);
    assert_eq!(
        four(Answer::Accepted { order, is_dead: false }),
        "8|37=42|11=a|17=R2|150=0|39=0|151=300|14=0|6=0"
    );
    let original = OrderName::Text(name("z"));
    assert_eq!(
        four(Answer::Replaced { order: partly, original, is_dead: false }),
        "8|37=42|11=a|41=z|17=R2|150=5|39=1|151=200|14=100|6=101.25"
    );
    let role = TradeRole::Added;
    assert_eq!(
        four(Answer::Executed { order: partly, qty, price, match_id, role }),
        "8|37=42|11=a|17=T9B|527=9|150=F|39=1|32=100|31=101.25|851=1|151=200|14=100|6=101.25"
    );
    let role = TradeRole::Closing;
    assert_eq!(
        four(Answer::Executed { order: done, qty, price, match_id, role }),
        "8|37=42|11=a|17=T9B|527=9|150=F|39=2|32=100|31=101.25|151=0|14=300|6=101.25"
    );
    let canceled = |reason, request| four(Answer::Canceled { order: dead, qty, reason, request });
    assert_eq!(
        canceled(CancelReason::User, name("b")),
        "8|37=42|11=b|41=a|17=R2|150=4|39=4|151=0|14=100|6=101.25"
    );
    assert_eq!(
        canceled(CancelReason::Halted, none),
        "8|37=42|11=a|17=R2|150=4|39=4|378=6|151=0|14=100|6=101.25"
    );
    assert_eq!(
        canceled(CancelReason::Expired, none),
        "8|37=42|11=a|17=R2|150=C|39=C|151=0|14=100|6=101.25"
    );
    let (mode, role) = (StpMode::Decrement, TradeRole::Removed);
    let prevented = |order| {
        let prevented_qty = 100;
        four(Answer::Prevented { order, qty, prevented_qty, price, role, mode })
    };
    assert!(prevented(partly).contains("|150=D|39=1|378=5|151=200|"));
    assert!(prevented(dead).contains("|150=4|39=4|378=8|151=0|"));
    let restated =
        |version, reason| said(version, &Answer::Restated { order, reason, displayed: 1 });
    let peg = restated(Version::Fix44, RestateReason::Peg);
    assert!(peg.contains("|150=D|39=0|378=3|"), "{peg}");
    assert!(restated(Version::Fix44, RestateReason::Trigger).contains("|150=D|39=0|378=99|"));
    assert!(restated(Version::Fix50Sp2, RestateReason::Trigger).contains("|150=L|39=0|151="));
    let status = Answer::Status { name: order.name, request: name("s"), order: Some(partly) };
    assert!(four(status).contains("|11=a|790=s|17=R2|150=I|39=1|"));
}

#[test]
fn what_an_order_is_stands_in_its_reports() {
    let report = |request: OrderRequest| {
        let order = OpenOrder { request, side: b'S', ..open() };
        Bench::new(Version::Fix50Sp2, false)
            .say(&Answer::Accepted { order: &order, is_dead: false })
    };
    let pricing = Pricing::Peg { to: PegTo::Primary, offset: -100, limit: Some(1_000_000) };
    let request = OrderRequest { pricing, display: Display::Hidden, ..limit() };
    assert!(report(request).contains("|40=P|211=0.01|44=100|59=0|18=R|111=0|"));
    let life = Life::Until(NOW);
    let request = OrderRequest { life, stop: Some(5), pricing: Pricing::Market, ..limit() };
    assert!(report(request).contains("|40=3|99=0.0005|59=6|126=20260102-03:04:05.000000000|"));
    let display = Display::Reserve { displayed: 10 };
    let request = OrderRequest { display, post_only: PostOnly::Reject, ..limit() };
    assert!(report(request).contains("|59=0|18=6|111=10|"));
    let size = SizeCondition::Minimum(10);
    let request = OrderRequest { size, auction: Auction::Close, ..limit() };
    assert!(report(request).contains("|59=7|110=10|"));
    let request = OrderRequest { size: SizeCondition::All, life: Life::Fok, ..limit() };
    assert!(report(request).contains("|59=4|18=G|"));
}

#[test]
fn refusals_name_the_request_and_the_order() {
    let fault = Fault { reason: RejectReason::OrderUnknown, field: Field::Any };
    let mut bench = Bench::new(Version::Fix44, false);
    bench.ask("F", "41=a|11=b|55=ACME|54=1");
    let (name, request) = (OrderName::Text(name("a")), name("b"));
    let answer = Answer::CancelRejected { name, request, is_replace: false, order: None, fault };
    let said = bench.say(&answer);
    assert!(said.starts_with("9|37=NONE|11=b|41=a|39=8|434=1|102=1|60="), "{said}");
    let mut bench = Bench::new(Version::Fix44, false);
    bench.ask("G", "41=a|11=c|55=ACME|54=1|38=1|40=9|60=20260102-03:04:05");
    let order = Some(&open());
    let fault = Fault { reason: RejectReason::FieldInvalid, field: Field::Price };
    let answer =
        Answer::CancelRejected { name, request: self::name("c"), is_replace: true, order, fault };
    let said = bench.say(&answer);
    assert!(said.starts_with("9|37=42|11=c|41=a|39=0|434=2|102=99|60="), "{said}");
    let mut bench = Bench::new(Version::Fix44, false);
    bench.ask("H", "11=a|54=2|55=ACME");
    let request = self::name("");
    let said = bench.say(&Answer::Status { name, request, order: None });
    assert!(
        said.starts_with("8|37=NONE|11=a|17=R2|150=I|39=8|103=5|55=ACME|54=2|151=0|"),
        "{said}"
    );
}

#[test]
fn a_drop_copy_says_so_and_whose_it_is() {
    let mut bench = Bench::new(Version::Fix44, true);
    let name = OrderName::UserRef { index: 2, number: 17 };
    let order = OpenOrder { name, ..open() };
    let said = bench.say(&Answer::Accepted { order: &order, is_dead: false });
    assert!(said.contains("|11=002-0000000017|"), "{said}");
    assert!(said.ends_with("|797=Y|453=1|448=FIRM|447=C|452=1"), "{said}");
    let mut bench = Bench::new(Version::Fix44, false);
    assert_eq!(bench.say(&Answer::DayEnded), "5|58=end of day");
    assert_eq!(bench.say(&Answer::DayStarted), "5|58=end of day", "and nothing more");
    let (cl_ord_id, reason) = (order.cl_ord_id, BreakReason::Supervisory);
    let broken = Answer::Broken {
        name,
        cl_ord_id,
        order_id: 42,
        instrument: 7,
        side: Side::Sell,
        match_id: 9,
        price: 10_000,
        qty: 5,
        reason,
    };
    let said = bench.say(&broken);
    assert!(said.contains("|19=T9S|527=9|150=H|39=4|55=ACME|54=2|32=5|31=1|"), "{said}");
}
