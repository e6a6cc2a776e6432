// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The tags that are read or written here, by their names in the standard.

/// Account.
pub const ACCOUNT: u32 = 1;
/// Average price.
pub const AVG_PX: u32 = 6;
/// First message wanted again.
pub const BEGIN_SEQ_NO: u32 = 7;
/// Client's id of the order.
pub const CL_ORD_ID: u32 = 11;
/// Quantity executed.
pub const CUM_QTY: u32 = 14;
/// Currency.
pub const CURRENCY: u32 = 15;
/// Last message wanted again; 0 is all.
pub const END_SEQ_NO: u32 = 16;
/// Id of an execution report.
pub const EXEC_ID: u32 = 17;
/// How to execute: letters with spaces between them.
pub const EXEC_INST: u32 = 18;
/// Id of the execution report meant.
pub const EXEC_REF_ID: u32 = 19;
/// Price of a fill.
pub const LAST_PX: u32 = 31;
/// Quantity of a fill.
pub const LAST_QTY: u32 = 32;
/// Number of the message.
pub const MSG_SEQ_NUM: u32 = 34;
/// Number of the next message.
pub const NEW_SEQ_NO: u32 = 36;
/// The exchange's id of the order.
pub const ORDER_ID: u32 = 37;
/// Quantity.
pub const ORDER_QTY: u32 = 38;
/// State of the order.
pub const ORD_STATUS: u32 = 39;
/// Kind of order.
pub const ORD_TYPE: u32 = 40;
/// Id of the order meant.
pub const ORIG_CL_ORD_ID: u32 = 41;
/// Sent again under the same number.
pub const POSS_DUP_FLAG: u32 = 43;
/// Price.
pub const PRICE: u32 = 44;
/// Number of the message meant.
pub const REF_SEQ_NUM: u32 = 45;
/// Instrument, by an id.
pub const SECURITY_ID: u32 = 48;
/// Sender.
pub const SENDER_COMP_ID: u32 = 49;
/// When it was sent.
pub const SENDING_TIME: u32 = 52;
/// Side.
pub const SIDE: u32 = 54;
/// Instrument.
pub const SYMBOL: u32 = 55;
/// Target.
pub const TARGET_COMP_ID: u32 = 56;
/// Text for people.
pub const TEXT: u32 = 58;
/// How long the order lives.
pub const TIME_IN_FORCE: u32 = 59;
/// When it happened.
pub const TRANSACT_TIME: u32 = 60;
/// Length of raw data.
pub const RAW_DATA_LENGTH: u32 = 95;
/// Raw data.
pub const RAW_DATA: u32 = 96;
/// Perhaps sent before under another number.
pub const POSS_RESEND: u32 = 97;
/// Encryption: none is 0.
pub const ENCRYPT_METHOD: u32 = 98;
/// Stop price.
pub const STOP_PX: u32 = 99;
/// Why a cancel is refused.
pub const CXL_REJ_REASON: u32 = 102;
/// Why an order is refused.
pub const ORD_REJ_REASON: u32 = 103;
/// Seconds between heartbeats.
pub const HEART_BT_INT: u32 = 108;
/// Least quantity that may trade.
pub const MIN_QTY: u32 = 110;
/// Quantity displayed.
pub const MAX_FLOOR: u32 = 111;
/// Id of a test request.
pub const TEST_REQ_ID: u32 = 112;
/// When it was sent first.
pub const ORIG_SENDING_TIME: u32 = 122;
/// Whether a sequence reset fills a gap.
pub const GAP_FILL_FLAG: u32 = 123;
/// When the order ends.
pub const EXPIRE_TIME: u32 = 126;
/// Both ends count from 1 again.
pub const RESET_SEQ_NUM_FLAG: u32 = 141;
/// What an execution report reports.
pub const EXEC_TYPE: u32 = 150;
/// Quantity that is left.
pub const LEAVES_QTY: u32 = 151;
/// Market of the instrument.
pub const SECURITY_EXCHANGE: u32 = 207;
/// Offset of a peg.
pub const PEG_OFFSET_VALUE: u32 = 211;
/// Tag meant.
pub const REF_TAG_ID: u32 = 371;
/// Type of the message meant.
pub const REF_MSG_TYPE: u32 = 372;
/// Why the session rejects.
pub const SESSION_REJECT_REASON: u32 = 373;
/// Why an order is restated.
pub const EXEC_RESTATEMENT_REASON: u32 = 378;
/// Id of what is refused.
pub const BUSINESS_REJECT_REF_ID: u32 = 379;
/// Why the application refuses.
pub const BUSINESS_REJECT_REASON: u32 = 380;
/// Day on which the order ends.
pub const EXPIRE_DATE: u32 = 432;
/// What a refused cancel was.
pub const CXL_REJ_RESPONSE_TO: u32 = 434;
/// How many parties.
pub const NO_PARTY_IDS: u32 = 453;
/// A party.
pub const PARTY_ID: u32 = 448;
/// Where its id comes from.
pub const PARTY_ID_SOURCE: u32 = 447;
/// Its role.
pub const PARTY_ROLE: u32 = 452;
/// Another id of an execution.
pub const SECONDARY_EXEC_ID: u32 = 527;
/// Another id of the order.
pub const SECONDARY_CL_ORD_ID: u32 = 526;
/// Capacity.
pub const ORDER_CAPACITY: u32 = 528;
/// What is to be cancelled.
pub const MASS_CANCEL_REQUEST_TYPE: u32 = 530;
/// What was done.
pub const MASS_CANCEL_RESPONSE: u32 = 531;
/// Why nothing was.
pub const MASS_CANCEL_REJECT_REASON: u32 = 532;
/// How many orders.
pub const TOTAL_AFFECTED_ORDERS: u32 = 533;
/// User.
pub const USERNAME: u32 = 553;
/// Password.
pub const PASSWORD: u32 = 554;
/// Id of a mass status request.
pub const MASS_STATUS_REQ_ID: u32 = 584;
/// What the status is asked of.
pub const MASS_STATUS_REQ_TYPE: u32 = 585;
/// Number of the next message expected.
pub const NEXT_EXPECTED_MSG_SEQ_NUM: u32 = 789;
/// Id of a status request.
pub const ORD_STATUS_REQ_ID: u32 = 790;
/// Whether the message is a copy.
pub const COPY_MSG_INDICATOR: u32 = 797;
/// Whether a peg moves.
pub const PEG_MOVE_TYPE: u32 = 835;
/// Unit of a peg's offset.
pub const PEG_OFFSET_TYPE: u32 = 836;
/// Whether liquidity was added or removed.
pub const LAST_LIQUIDITY_IND: u32 = 851;
/// How many reports.
pub const TOT_NUM_REPORTS: u32 = 911;
/// Whether the report is the last.
pub const LAST_RPT_REQUESTED: u32 = 912;
/// New password.
pub const NEW_PASSWORD: u32 = 925;
/// Whether a person entered it.
pub const MANUAL_ORDER_INDICATOR: u32 = 1_028;
/// How the displayed part is made.
pub const DISPLAY_METHOD: u32 = 1_084;
/// What a peg follows.
pub const PEG_PRICE_TYPE: u32 = 1_094;
/// Version of the application.
pub const APPL_VER_ID: u32 = 1_128;
/// Version of the session's application.
pub const DEFAULT_APPL_VER_ID: u32 = 1_137;
/// Quantity displayed.
pub const DISPLAY_QTY: u32 = 1_138;
/// Id of a mass cancel's report.
pub const MASS_ACTION_REPORT_ID: u32 = 1_369;
/// How a password is encrypted.
pub const ENCRYPTED_PASSWORD_METHOD: u32 = 1_400;
/// Length of an encrypted password.
pub const ENCRYPTED_PASSWORD_LEN: u32 = 1_401;
/// Encrypted password.
pub const ENCRYPTED_PASSWORD: u32 = 1_402;
/// Length of an encrypted new password.
pub const ENCRYPTED_NEW_PASSWORD_LEN: u32 = 1_403;
/// Encrypted new password.
pub const ENCRYPTED_NEW_PASSWORD: u32 = 1_404;
/// Self-trade prevention.
pub const SELF_MATCH_PREVENTION_INSTRUCTION: u32 = 2_964;
/// Between whom self-trade prevention acts (of this exchange, not of the standard).
pub const SELF_TRADE_SCOPE: u32 = 20_001;
/// What becomes of a post-only order that would take (of this exchange, not of the standard).
pub const POST_ONLY_MODE: u32 = 20_002;

/// The tag of the data whose length `tag` gives: that field may hold any byte.
#[inline]
#[must_use]
pub const fn data_of(tag: u32) -> Option<u32> {
    Some(match tag {
        93 => 89,
        90 | 95 | 212 | 348 | 350 | 352 | 354 | 356 | 358 | 360 | 362 | 364 | 445 | 618 | 621
        | 1_184 | 1_277 | 1_280 | 1_282 | 1_397 | 1_401 | 1_403 | 1_468 | 1_525 | 1_578 | 1_621
        | 1_664 | 1_678 | 1_697 | 1_733 | 1_735 => tag + 1,
        _ => return None,
    })
}

/// Whether `tag` belongs to a header (or a hop of it), where it may stand in a body of no message.
#[inline]
#[must_use]
pub const fn is_header(tag: u32) -> bool {
    matches!(
        tag,
        8 | 9
            | 34
            | 35
            | 43
            | 49
            | 50
            | 52
            | 56
            | 57
            | 90
            | 91
            | 97
            | 115
            | 116
            | 122
            | 128
            | 129
            | 142
            | 143
            | 144
            | 145
            | 212
            | 213
            | 347
            | 369
            | 627
            | 628
            | 629
            | 630
            | 1_128
            | 1_129
            | 1_156
    )
}
