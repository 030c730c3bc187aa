//! A light check that a document is well formed: tags nest, attributes are quoted and distinct, entities are known,
//! identifiers are unique. The page is written so that it is XML too, which browsers do not ask for but tools like.

use std::collections::BTreeSet;

/// What a document is made of.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The name of every element.
    pub(crate) elements: Vec<String>,
    /// Every `id`.
    pub(crate) ids: BTreeSet<String>,
    /// Every identifier that an attribute or a style refers to.
    pub(crate) references: BTreeSet<String>,
}

/// Reads a document.
///
/// # Errors
/// What is wrong first, with the text around it.
pub(crate) fn check(text: &str) -> Result<Document, String> {
    let mut document = Document::default();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    rest = rest.strip_prefix("<!DOCTYPE html>").unwrap_or(rest);
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start])?;
        let end = tag_end(&rest[start..]).ok_or_else(|| format!("a tag does not end: {}", excerpt(&rest[start..])))?;
        let tag = &rest[start + 1..start + end];
        rest = &rest[start + end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes nothing, before: {}", excerpt(rest)));
            }
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split_whitespace().next().unwrap_or_default();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(format!("not a name: <{}>", excerpt(tag)));
        }
        document.elements.push(name.to_string());
        check_attributes(&tag[name.len()..], &mut document)?;
        if name == "style" {
            // What a style sheet holds is not mark-up, up to its end tag.
            let end = rest.find("</style>").ok_or("no end of <style>")?;
            collect_urls(&rest[..end], &mut document);
            rest = &rest[end..];
        }
        if !is_empty {
            open.push(name.to_string());
        }
    }
    check_text(rest)?;
    if open.is_empty() { Ok(document) } else { Err(format!("not closed: {open:?}")) }
}

/// The `>` of a tag, outside of quotes.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, character)| {
        quoted ^= character == '"';
        (character == '>' && !quoted).then_some(at)
    })
}

fn check_attributes(text: &str, document: &mut Document) -> Result<(), String> {
    let mut names = BTreeSet::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("not an attribute: {}", excerpt(rest)))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("no end of {name}"))?;
        if !names.insert(name) || name.contains(|c: char| !(c.is_ascii_alphanumeric() || "-:".contains(c))) {
            return Err(format!("attribute {name} is repeated or has no proper name"));
        }
        if value.contains('<') {
            return Err(format!("< in {name}"));
        }
        check_text(value)?;
        if name == "id" && !document.ids.insert(value.to_string()) {
            return Err(format!("two elements have the id {value}"));
        }
        if let Some(id) = value.strip_prefix('#').filter(|_| name == "href") {
            document.references.insert(id.to_string());
        }
        if name == "aria-labelledby" {
            document.references.extend(value.split(' ').map(String::from));
        }
        collect_urls(value, document);
        rest = after.trim_start();
    }
    Ok(())
}

/// The identifiers in `url(#...)`.
fn collect_urls(text: &str, document: &mut Document) {
    let references = text.split("url(#").skip(1).filter_map(|part| part.split_once(')'));
    document.references.extend(references.map(|(id, _)| id.to_string()));
}

fn check_text(text: &str) -> Result<(), String> {
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(format!("a control character in: {}", excerpt(text)));
    }
    for part in text.split('&').skip(1) {
        let entity = part.split_once(';').map_or("", |(entity, _)| entity);
        let known = ["lt", "gt", "amp", "quot"].contains(&entity) || entity.starts_with('#');
        if !known {
            return Err(format!("& without an entity: {}", excerpt(part)));
        }
    }
    Ok(())
}

fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}
