// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The codec: framing, fields, writing, passwords, what is sent again.

use super::message::FixError;
use super::*;

/// A message from its fields, `|` for SOH, with length and checksum computed plainly.
pub(super) fn message(begin: &str, body: &str) -> Vec<u8> {
    let body = body.replace('|', "\u{1}");
    let head = format!("8={begin}\u{1}9={}\u{1}{body}", body.len());
    let sum = head.bytes().map(u32::from).sum::<u32>() % 256;
    format!("{head}10={sum:03}\u{1}").into_bytes()
}

/// Text of a message, `|` for SOH.
pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\u{1}', "|")
}

fn arrivals(decoder: &mut Decoder, mut chunk: &[u8]) -> Vec<String> {
    let mut seen = Vec::new();
    while let Some(arrival) = decoder.next(&mut chunk) {
        seen.push(match arrival {
            Arrival::Message(message) => shown(message.msg_type()),
            Arrival::Garbled { offset, bytes, why } => format!("{offset}+{bytes} {why:?}"),
        });
    }
    seen
}

#[test]
fn a_stream_is_framed_however_it_is_split() {
    let mut stream = message("FIX.4.4", "35=0|34=1|");
    stream.extend(message("FIXT.1.1", "35=AE|34=2|58=x|"));
    for cut in 0..=stream.len() {
        let mut decoder = Decoder::new();
        let mut seen = arrivals(&mut decoder, &stream[..cut]);
        seen.extend(arrivals(&mut decoder, &stream[cut..]));
        assert_eq!(seen, ["0", "AE"], "cut at {cut}");
        assert_eq!(decoder.offset(), stream.len() as u64);
        assert_eq!(decoder.pending_bytes(), 0);
    }
}

#[test]
fn what_is_garbled_is_skipped_and_the_next_message_is_found() {
    let good = message("FIX.4.4", "35=0|34=1|");
    let cases: [(Vec<u8>, &str); 7] = [
        (b"hello".to_vec(), "NoStart"),
        (message("FIX.4.4", "34=1|35=0|"), "Framing(MsgType)"),
        (message("FIX.4.4", "35=|34=1|"), "Framing(MsgType)"),
        (b"8=FIX.4.4\x0135=0\x0110=000\x01".to_vec(), "Framing(BodyLength)"),
        (b"8=FIX.4.4\x019=99999\x0135=0\x0110=000\x01".to_vec(), "Framing(BodyLength)"),
        (b"8=FIX.4.4444444444\x019=5\x0135=0\x0110=000\x01".to_vec(), "Framing(BeginString)"),
        (
            {
                let mut bad = good.clone();
                bad[14] ^= 1;
                bad
            },
            "Framing(BodyLength)",
        ),
    ];
    for (bad, why) in cases {
        let stream = [&bad[..], &good[..]].concat();
        let seen = arrivals(&mut Decoder::new(), &stream);
        assert_eq!(seen, [format!("0+{} {why}", bad.len()), "0".to_owned()], "{}", shown(&bad));
    }
    let mut bad = good.clone();
    let last = bad.len() - 2;
    bad[last] = b'0' + (bad[last] - b'0' + 1) % 10;
    let seen = arrivals(&mut Decoder::new(), &[&bad[..], &good[..]].concat());
    assert!(seen[0].contains("CheckSum"), "{seen:?}");
    assert_eq!(seen[1], "0");
}

#[test]
fn a_length_that_swallows_the_next_message_loses_only_its_own() {
    let good = message("FIX.4.4", "35=0|34=1|");
    let bad = shown(&good).replace("9=10", "9=43").replace('|', "\u{1}").into_bytes();
    let stream = [&bad[..], &good[..], &good[..]].concat();
    let seen = arrivals(&mut Decoder::new(), &stream);
    assert_eq!(seen, [format!("0+{} Framing(Trailer)", bad.len()), "0".into(), "0".into()]);
}

#[test]
fn the_longest_message_passes_and_a_longer_one_does_not() {
    let text = |length: usize| message("FIX.4.4", &format!("35=B|58={}|", "x".repeat(length)));
    let room = MESSAGE_BYTES_MAX - text(1_000).len() + 1_000;
    assert_eq!(arrivals(&mut Decoder::new(), &text(room)), ["B"]);
    assert_eq!(Message::parse(&text(room + 1)), Err(FixError::BodyLength));
}

#[test]
fn fields_are_read_in_order_and_data_may_hold_anything() {
    let bytes = message("FIX.4.4", "35=B|34=7|95=5|96=a|b=c|58=end|");
    let message = Message::parse(&bytes).unwrap();
    assert_eq!((message.begin_string(), message.msg_type()), (&b"FIX.4.4"[..], &b"B"[..]));
    let fields: Vec<_> = message.fields().map(|field| field.unwrap()).collect();
    assert_eq!(fields.len(), 4);
    assert_eq!((fields[2].tag, fields[2].value), (96, &b"a\x01b=c"[..]));
    assert_eq!(message.find(58), Some(&b"end"[..]));
    assert_eq!(message.find(59), None);
}

#[test]
fn a_field_that_is_none_is_a_fault() {
    let fault = |body: &str| {
        let bytes = message("FIX.4.4", &format!("35=B|{body}|58=end|"));
        let message = Message::parse(&bytes).unwrap();
        let last = message.fields().last().unwrap();
        last.expect_err("it is wrong")
    };
    assert_eq!(fault("34="), Fault { tag: 34, reason: Reason::TagWithoutValue });
    for tag in ["x=1", "=1", "0=1", "034=1", "-3=1", "34", "12345678901=1"] {
        assert_eq!(fault(tag), Fault { tag: 0, reason: Reason::InvalidTag }, "{tag}");
    }
    assert_eq!(fault("95=x|96=a"), Fault { tag: 95, reason: Reason::IncorrectFormat });
    assert_eq!(fault("95=2|96=a"), Fault { tag: 96, reason: Reason::IncorrectFormat });
}

#[test]
fn a_written_message_is_the_plain_one() {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer, Version::Fix50Sp2);
    writer.text(35, b"8");
    writer.number(34, 0);
    writer.number(38, u64::MAX);
    writer.price(44, 1_012_500);
    writer.price(31, -1);
    writer.price(6, 100_000);
    writer.price(99, i64::MIN);
    writer.flag(43, true);
    writer.padded(11, b"abc  \0");
    writer.padded(1, b"    ");
    writer.parts(58, &[Part::Text(b"n="), Part::Number(10)]);
    writer.time(60, 1_767_323_045_000_000_678, Precision::Milliseconds);
    writer.time(52, -1, Precision::Nanoseconds);
    let body = "35=8|34=0|38=18446744073709551615|44=101.25|31=-0.0001|6=10|99=-922337203685477.5808|\
                43=Y|11=abc|58=n=10|60=20260102-03:04:05.000|52=19691231-23:59:59.999999999|";
    assert_eq!(shown(writer.finish()), shown(&message("FIXT.1.1", body)));
}

#[test]
fn times_are_read_as_they_are_written_or_not_at_all() {
    let ts_ns = 1_767_323_045_123_456_789;
    for (text, cut_ns) in [
        ("20260102-03:04:05", 1_000_000_000),
        ("20260102-03:04:05.1", 100_000_000),
        ("20260102-03:04:05.123", 1_000_000),
        ("20260102-03:04:05.123456", 1_000),
        ("20260102-03:04:05.123456789", 1),
        ("20260102-03:04:05.123456789999", 1),
    ] {
        assert_eq!(parse_time(text.as_bytes()), Some(ts_ns / cut_ns * cut_ns), "{text}");
    }
    assert_eq!(parse_time(b"20161231-23:59:60"), parse_time(b"20161231-23:59:59"));
    for wrong in [
        "",
        "20260102",
        "20260102-03:04",
        "20260229-00:00:00",
        "20260102-24:00:00",
        "20260102-03:60:05",
        "20260102-03:04:61",
        "20260102-03:04:05.",
        "20260102 03:04:05",
        "20260102-03:04:05.12345678x",
        "20260102-03:04:05.1234567890123",
        "+2026102-03:04:05",
    ] {
        assert_eq!(parse_time(wrong.as_bytes()), None, "{wrong}");
    }
}

#[test]
fn no_password_is_left_in_a_logon() {
    let mut buffer = [0; BUFFER_BYTES];
    let body = "35=A|34=1|49=C|56=X|52=20260102-03:04:05|95=6|96=raw|pw|98=0|108=30|553=user|\
                554=secret|925=hidden|1401=4|1402=a|bc|";
    let bytes = message("FIXT.1.1", body);
    let blank = without_passwords(Message::parse(&bytes).unwrap(), &mut buffer);
    let kept = "35=A|34=1|49=C|56=X|52=20260102-03:04:05|95=1|96=*|98=0|108=30|553=user|554=*|\
                925=*|1401=1|1402=*|";
    assert_eq!(shown(blank.bytes()), shown(&message("FIXT.1.1", kept)));
    let order = message("FIX.4.4", "35=D|34=2|554=x|");
    let order = Message::parse(&order).unwrap();
    assert_eq!(without_passwords(order, &mut buffer), order);
    let broken = message("FIX.4.4", "35=A|34=1|95=99|96=secret|554=secret|");
    let blank = without_passwords(Message::parse(&broken).unwrap(), &mut buffer);
    assert!(!shown(blank.bytes()).contains("secret"));
}

#[test]
fn a_login_is_put_in_at_the_border() {
    let mut buffer = [0; BUFFER_BYTES];
    let bytes = message("FIX.4.4", "35=A|34=1|98=0|108=30|");
    let sent = with_login(&Message::parse(&bytes).unwrap(), b"user", b"pass", &mut buffer);
    let body = "35=A|34=1|98=0|108=30|553=user|554=pass|";
    assert_eq!(shown(sent.bytes()), shown(&message("FIX.4.4", body)));
}

#[test]
fn what_is_sent_again_is_a_possible_duplicate_or_a_gap_fill() {
    let stored = |msg_type: &str, sequence: u32| {
        let body = format!("35={msg_type}|49=X|56=C|34={sequence}|52=20260102-03:04:05.000|58=t|");
        message("FIX.4.4", &body)
    };
    let now = "20260102-03:04:09.000";
    let mut resend = Resend::new(parse_time(now.as_bytes()).unwrap());
    let (mut buffer, mut again_sent) = ([0; BUFFER_BYTES], Vec::new());
    let mut send = |message: &[u8]| again_sent.push(shown(message));
    let types = ["A", "0", "8", "3", "1", "j", "0", "5"];
    for (message, sequence) in types.iter().zip(4..).map(|(&t, n)| (stored(t, n), n)) {
        resend.message(&message, &mut buffer, &mut send);
        assert!(sequence < 12);
    }
    resend.finish(&mut buffer, &mut send);
    resend.finish(&mut buffer, &mut send);
    let again = |msg_type: &str, sequence: u32| {
        let body = format!(
            "35={msg_type}|49=X|56=C|34={sequence}|43=Y|52={now}|122=20260102-03:04:05.000|58=t|"
        );
        shown(&message("FIX.4.4", &body))
    };
    let fill = |from: u32, next: u32| {
        let body = format!("35=4|49=X|56=C|34={from}|43=Y|52={now}|122={now}|123=Y|36={next}|");
        shown(&message("FIX.4.4", &body))
    };
    let expected =
        [fill(4, 6), again("8", 6), again("3", 7), fill(8, 9), again("j", 9), fill(10, 12)];
    assert_eq!(again_sent, expected);
}
