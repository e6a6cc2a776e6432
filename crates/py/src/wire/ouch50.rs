// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! OUCH 5.0 for Python: messages and what is appended to them.

use super::fields::{FieldTuple, LayoutTuple, from_python, kind_name, layout_tuple};
use super::ouch::{Values, giver, no_such, ouch_error};
use onetape_core::wire::layout::FieldLayout;
use onetape_core::wire::ouch50::{
    Appendage, AppendageRule, AppendedLayout, TAGS, Tag, TagLayout, Writer, inbound, outbound,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

/// Room for a message and as many tags as its length can say.
const ROOM: usize = 80 + 65_535;

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(ouch50_layouts, module)?)?;
    module.add_function(wrap_pyfunction!(ouch50_tags, module)?)?;
    module.add_function(wrap_pyfunction!(ouch50_decode, module)?)?;
    module.add_function(wrap_pyfunction!(ouch50_encode, module)?)
}

type AppendedTuple = (LayoutTuple, &'static str, Vec<u32>);

/// Every message from the client or to it: its layout, its appendage, the tags it may have.
#[pyfunction]
fn ouch50_layouts(is_inbound: bool) -> Vec<AppendedTuple> {
    let layouts = if is_inbound { inbound::LAYOUTS } else { outbound::LAYOUTS };
    let described = |layout: &AppendedLayout| {
        let appendage = match layout.appendage {
            AppendageRule::None => "none",
            AppendageRule::Required => "required",
            AppendageRule::Optional => "optional",
        };
        let tags = layout.tags.iter().copied().map(u32::from).collect();
        (layout_tuple(&layout.message), appendage, tags)
    };
    layouts.iter().map(described).collect()
}

/// Every tag: its number, then name, number again, length, kind and meaning.
#[pyfunction]
fn ouch50_tags() -> Vec<(u8, FieldTuple)> {
    let described = |tag: &TagLayout| {
        (tag.number, (tag.name, usize::from(tag.number), tag.length, kind_name(tag.kind), tag.doc))
    };
    TAGS.iter().map(described).collect()
}

/// A tag's value as a field, for conversion.
fn field_of(number: u8) -> Option<FieldLayout> {
    TAGS.iter().find(|tag| tag.number == number).map(|tag| FieldLayout {
        name: tag.name,
        offset: 0,
        length: tag.length,
        kind: tag.kind,
        doc: tag.doc,
    })
}

type TagTuple<'py> = (u8, Bound<'py, PyAny>);
type Decoded<'py> = (char, Option<Bound<'py, PyTuple>>, Option<Vec<TagTuple<'py>>>);

/// One message's type, values and tags; no values when its type is not known, no tags (`None`)
/// when even their length was left out.
#[pyfunction]
fn ouch50_decode<'py>(
    py: Python<'py>,
    data: &[u8],
    is_inbound: bool,
    offset: u64,
) -> PyResult<Decoded<'py>> {
    let refused = |error| ouch_error(py, error, offset);
    let mut values = Values::default();
    let mut take = |field: &'static _, value| values.take(py, field, value);
    let (is_known, appendage) = if is_inbound {
        let message = inbound::Message::decode(data).map_err(refused)?;
        message.each_value(&mut take);
        (!matches!(message, inbound::Message::Unknown(_)), message.appendage())
    } else {
        let message = outbound::Message::decode(data).map_err(refused)?;
        message.each_value(&mut take);
        (!matches!(message, outbound::Message::Unknown(_)), message.appendage())
    };
    let code = char::from(data[0]);
    if !is_known {
        return Ok((code, None, None));
    }
    Ok((code, Some(values.tuple(py)?), tags_of(py, appendage)?))
}

/// Tags for Python: the value of a known one, the bytes of another.
fn tags_of<'py>(py: Python<'py>, appendage: Appendage<'_>) -> PyResult<Option<Vec<TagTuple<'py>>>> {
    if appendage.is_omitted() {
        return Ok(None);
    }
    let shown = |tag: Tag<'_>| {
        let value = match (tag, tag.value(), field_of(tag.number())) {
            (_, Some(value), Some(field)) => super::fields::to_python(py, &field, value)?,
            (Tag::Unknown { value, .. }, ..) => PyBytes::new(py, value).into_any(),
            _ => py.None().into_bound(py),
        };
        Ok((tag.number(), value))
    };
    appendage.tags().map(shown).collect::<PyResult<Vec<_>>>().map(Some)
}

/// A message of type `code` with these values and tags; `None` leaves even their length out.
#[pyfunction]
fn ouch50_encode<'py>(
    py: Python<'py>,
    code: char,
    is_inbound: bool,
    values: &Bound<'py, PyTuple>,
    tags: Option<Vec<(u8, Bound<'py, PyAny>)>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut out = vec![0; ROOM];
    let mut next = giver(code, values);
    let type_byte = u8::try_from(u32::from(code)).unwrap_or(0);
    let begun = if is_inbound {
        inbound::begin_values(type_byte, &mut next, &mut out)?
    } else {
        outbound::begin_values(type_byte, &mut next, &mut out)?
    };
    let mut writer =
        begun.ok_or_else(|| no_such(py, "5.0", &format!("message of type {code:?}")))?;
    append(code, &mut writer, tags)?;
    let length = writer.finish().map_err(|error| ouch_error(py, error, 0))?;
    Ok(PyBytes::new(py, &out[..length]))
}

/// Appends what Python gave.
fn append(
    code: char,
    writer: &mut Writer<'_>,
    tags: Option<Vec<(u8, Bound<'_, PyAny>)>>,
) -> PyResult<()> {
    writer.has_length(tags.is_some());
    for (number, item) in tags.unwrap_or_default() {
        let known = match field_of(number) {
            Some(field) => Tag::from_value(number, from_python(&item, code, &field)?),
            None => None,
        };
        if let Some(tag) = known {
            writer.tag(tag);
            continue;
        }
        let value: Vec<u8> = item.extract()?;
        if value.len() > 254 {
            let what = format!("tag {number} of {} bytes, over 254,", value.len());
            return Err(no_such(item.py(), "5.0", &what));
        }
        writer.tag(Tag::Unknown { number, value: &value });
    }
    Ok(())
}
