//! Text, bytes and formatting, against what CPython 3.15 prints.

mod methods;
mod numbers;
mod operators;
mod percent;
mod show;
mod template;
