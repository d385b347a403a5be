//! `complex.__format__`: both parts by the same spec, then the width.

use super::{receiver, text};
use crate::builtin::format_spec::{self, Align, Spec};
use crate::builtin::string::push_fill;
use crate::format::Text;
use crate::{Args, Context, Object, Result};

pub(super) fn format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [spec] = args.rest().exactly::<1>(cx, "complex.__format__")?;
    let source = format_spec::text(cx, &spec)?;
    if source.is_empty() {
        return cx.str(&this);
    }
    let name = cx.type_name(&this);
    let spec = format_spec::parse(cx, source, name.as_str())?;
    if spec.fill == '0' {
        return Err(cx.value_error(format_args!(
            "Zero padding is not allowed in complex format specifier"
        )));
    }
    if spec.align == Align::AfterSign {
        return Err(cx.value_error(format_args!(
            "'=' alignment flag is not allowed in complex format specifier"
        )));
    }
    let value = receiver(args);
    let mut body = Text::new(cx);
    // Without a type the number looks as in its repr: in parentheses, a positive zero left out.
    let bare = spec.kind.is_none();
    let pure = bare && value.real == 0.0 && value.real.is_sign_positive();
    if bare && !pure {
        cx.fallible(body.push("("))?;
    }
    if !pure {
        part(cx, &mut body, value.real, &spec)?;
    }
    let sign = if pure { spec.sign } else { Some('+') };
    part(cx, &mut body, value.imaginary, &Spec { sign, ..spec })?;
    cx.fallible(body.push(if bare && !pure { "j)" } else { "j" }))?;
    let shown = body.as_str();
    let margins = format_spec::margins(spec.align, spec.width, shown.chars().count());
    let mut out = Text::new(cx);
    push_fill(cx, &mut out, spec.fill, margins.0)?;
    cx.fallible(out.push(shown))?;
    push_fill(cx, &mut out, spec.fill, margins.1)?;
    out.finish(cx)
}

fn part(cx: &Context, out: &mut Text<'_>, value: f64, spec: &Spec<'_>) -> Result<()> {
    if spec.kind.is_none() && spec.precision.is_none() && spec.grouping.is_none() {
        let space = spec.sign == Some(' ') && !value.is_sign_negative();
        cx.fallible(out.push(if space { " " } else { "" }))?;
        return text::write_part(cx, out, value, spec.sign == Some('+'));
    }
    let kind = spec.kind.or(spec.precision.map(|_| 'g'));
    let mut shown = Text::new(cx);
    let spec = Spec {
        width: 0,
        kind,
        ..*spec
    };
    format_spec::write_spec(cx, &mut shown, value, &spec)?;
    let shown = shown.as_str();
    let shown = match kind {
        None => shown.strip_suffix(".0").unwrap_or(shown),
        Some(_) => shown,
    };
    cx.fallible(out.push(shown))
}
