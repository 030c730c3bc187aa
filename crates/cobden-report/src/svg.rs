//! A tiny builder of XML elements: enough for SVG, escaping always.

use std::fmt::{self, Write};

/// An element with its attributes and children; [`fmt::Display`] writes it.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new() }
    }

    /// With an attribute more.
    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// With a child more.
    pub(crate) fn child(mut self, child: Element) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// With children more.
    pub(crate) fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// With text.
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"")?;
            escape(value, f)?;
            f.write_char('"')?;
        }
        if self.children.is_empty() {
            return f.write_str("/>");
        }
        f.write_char('>')?;
        for child in &self.children {
            match child {
                Node::Element(element) => element.fmt(f)?,
                Node::Text(text) => escape(text, f)?,
            }
        }
        write!(f, "</{}>", self.name)
    }
}

/// Writes text so that no mark-up is left in it; characters that XML does not allow become U+FFFD.
fn escape(text: &str, out: &mut impl Write) -> fmt::Result {
    for character in text.chars() {
        match character {
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '&' => out.write_str("&amp;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            '\n' | '\t' => out.write_char(character)?,
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.write_char('\u{fffd}')?,
            c => out.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Element;

    #[test]
    fn writes_nested_elements_and_closes_empty_ones() {
        let element = Element::new("g").with("id", 1).child(Element::new("path").with("d", "M0 0")).text("x");
        assert_eq!(element.to_string(), r#"<g id="1"><path d="M0 0"/>x</g>"#);
    }

    #[test]
    fn escapes_text_and_attributes() {
        let element = Element::new("title").with("a", "\"'").text("<script>&\u{0}\u{ffff}");
        assert_eq!(element.to_string(), "<title a=\"&quot;&#39;\">&lt;script&gt;&amp;\u{fffd}\u{fffd}</title>");
    }
}
