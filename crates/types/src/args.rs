//! Arguments of a call, in the vectorcall shape.

use crate::{Context, Object, Result};
use mortice_gc::Borrowed;

/// The arguments of a call: positional values, then the values of the keywords.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    values: &'a [Borrowed<'a>],
    /// Names (`str`) of the last values.
    names: &'a [Object],
}

impl<'a> Args<'a> {
    /// No arguments.
    pub const NONE: Args<'static> = Args {
        values: &[],
        names: &[],
    };

    /// Positional arguments only.
    #[inline]
    pub const fn new(values: &'a [Borrowed<'a>]) -> Args<'a> {
        Args { values, names: &[] }
    }

    /// Positional arguments from owned handles.
    #[inline]
    pub fn of(values: &'a [Object]) -> Args<'a> {
        Args {
            values: Object::borrow_all(values),
            names: &[],
        }
    }

    /// Positional arguments, then one value for each of `names`, which are strings.
    #[inline]
    pub fn with_names(values: &'a [Borrowed<'a>], names: &'a [Object]) -> Args<'a> {
        debug_assert!(names.len() <= values.len(), "each keyword has a value");
        Args { values, names }
    }

    /// The positional values.
    #[inline]
    pub fn positional(&self) -> &'a [Borrowed<'a>] {
        &self.values[..self.values.len() - self.names.len()]
    }

    /// All values: positional ones, then those of the keywords.
    #[inline]
    pub fn values(&self) -> &'a [Borrowed<'a>] {
        self.values
    }

    /// The keyword names.
    #[inline]
    pub fn names(&self) -> &'a [Object] {
        self.names
    }

    /// The keywords with their values.
    pub fn keywords(&self) -> impl Iterator<Item = (&'a Object, Borrowed<'a>)> + use<'a> {
        let count = self.values.len() - self.names.len();
        self.names.iter().zip(self.values[count..].iter().copied())
    }

    /// Tells whether there are keywords.
    #[inline]
    pub fn has_keywords(&self) -> bool {
        !self.names.is_empty()
    }

    /// The receiver: the first positional argument. Slots and methods are always called with one.
    #[inline]
    pub fn receiver(&self) -> Borrowed<'a> {
        self.values[0]
    }

    /// The arguments after the first positional one.
    #[inline]
    pub fn rest(&self) -> Args<'a> {
        match self.positional() {
            [] => *self,
            _ => Args {
                values: &self.values[1..],
                names: self.names,
            },
        }
    }

    /// The positional argument at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Borrowed<'a>> {
        self.positional().get(index).copied()
    }

    /// The value of a keyword.
    pub fn keyword(&self, name: &str) -> Option<Borrowed<'a>> {
        self.keywords()
            .find(|(key, _)| crate::text(key) == Some(name))
            .map(|(_, value)| value)
    }

    /// Refuses keywords in CPython's words: `name` is the function's, without parentheses.
    pub fn no_keywords(&self, cx: &Context, name: &str) -> Result<()> {
        if self.names.is_empty() {
            Ok(())
        } else {
            Err(cx.type_error(format_args!("{name}() takes no keyword arguments")))
        }
    }

    /// Exactly `N` positional arguments and no keywords, in the words of CPython's functions
    /// without a signature (`name expected 2 arguments, got 1`).
    pub fn exactly<const N: usize>(&self, cx: &Context, name: &str) -> Result<[Borrowed<'a>; N]> {
        self.no_keywords(cx, name)?;
        match <[Borrowed<'a>; N]>::try_from(self.values) {
            Ok(values) => Ok(values),
            Err(_) => {
                let got = self.values.len();
                Err(match N {
                    0 => cx.type_error(format_args!("{name}() takes no arguments ({got} given)")),
                    1 => cx.type_error(format_args!(
                        "{name}() takes exactly one argument ({got} given)"
                    )),
                    _ => cx.type_error(format_args!("{name} expected {N} arguments, got {got}")),
                })
            }
        }
    }

    /// Between `least` and `most` positional arguments and no keywords (`name expected at least 1
    /// argument, got 0`).
    pub fn between(
        &self,
        cx: &Context,
        name: &str,
        least: usize,
        most: usize,
    ) -> Result<&'a [Borrowed<'a>]> {
        self.no_keywords(cx, name)?;
        let got = self.values.len();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        if least == most && got != least {
            return Err(cx.type_error(format_args!(
                "{name} expected {least} argument{}, got {got}",
                plural(least)
            )));
        }
        if got < least {
            return Err(cx.type_error(format_args!(
                "{name} expected at least {least} argument{}, got {got}",
                plural(least)
            )));
        }
        if got > most {
            return Err(cx.type_error(format_args!(
                "{name} expected at most {most} argument{}, got {got}",
                plural(most)
            )));
        }
        Ok(self.values)
    }

    /// As [`Args::between`] for a method of a built-in type, whose own arguments these are: where
    /// CPython's message names the method with its type (`dict.copy() takes no arguments (1
    /// given)`), so does this.
    pub fn method(
        &self,
        cx: &Context,
        owner: &str,
        name: &str,
        least: usize,
        most: usize,
    ) -> Result<&'a [Borrowed<'a>]> {
        let got = self.positional().len();
        if self.has_keywords() {
            return Err(cx.type_error(format_args!("{owner}.{name}() takes no keyword arguments")));
        }
        match (least, most) {
            (0, 0) if got != 0 => Err(cx.type_error(format_args!(
                "{owner}.{name}() takes no arguments ({got} given)"
            ))),
            (1, 1) if got != 1 => Err(cx.type_error(format_args!(
                "{owner}.{name}() takes exactly one argument ({got} given)"
            ))),
            _ => self.between(cx, name, least, most),
        }
    }

    /// Binds arguments to named parameters, as CPython's generated argument parsers do: the first
    /// `required` ones must be given; each can be positional or a keyword.
    pub fn bind<const N: usize>(
        &self,
        cx: &Context,
        function: &str,
        parameters: [&str; N],
        required: usize,
    ) -> Result<[Option<Borrowed<'a>>; N]> {
        let positional = self.positional();
        if positional.len() + self.names.len() > N {
            let given = positional.len() + self.names.len();
            let plural = if N == 1 { "" } else { "s" };
            let keyword = if positional.is_empty() {
                "keyword "
            } else {
                ""
            };
            return Err(cx.type_error(format_args!(
                "{function}() takes at most {N} {keyword}argument{plural} ({given} given)"
            )));
        }
        let mut bound = [None; N];
        for (place, value) in bound.iter_mut().zip(positional) {
            *place = Some(*value);
        }
        for (name, value) in self.keywords() {
            let text = crate::text(name).unwrap_or_default();
            let Some(index) = parameters.iter().position(|parameter| *parameter == text) else {
                return Err(cx.type_error(format_args!(
                    "{function}() got an unexpected keyword argument '{text}'"
                )));
            };
            if bound[index].is_some() {
                let position = index + 1;
                return Err(cx.type_error(format_args!(
                    "argument for {function}() given by name ('{text}') and position ({position})"
                )));
            }
            bound[index] = Some(value);
        }
        for (index, place) in bound.iter().enumerate().take(required) {
            if place.is_none() {
                let (parameter, position) = (parameters[index], index + 1);
                return Err(cx.type_error(format_args!(
                    "{function}() missing required argument '{parameter}' (pos {position})"
                )));
            }
        }
        Ok(bound)
    }
}
