//! What each instruction does.

use super::code_object::CodeBody;
use super::execute::Exit;
use super::frame::FrameBody;
use super::{build, exceptions, function, generator, import, names};
use crate::code::Code;
use crate::instruction::{
    BinaryOperator, Comparison, FunctionAttribute, Instruction, SpecialMethod, UnaryOperator,
};
use mortice::types::builtin::{self, cell, function as functions, method};
use mortice::types::native::flags;
use mortice::types::{Args, Borrowed, Context, Object, Raised, Result, SlotId, Type, tuple_items};

/// What an instruction works with.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// The context.
    pub cx: &'a Context,
    /// The frame.
    pub frame: &'a Object,
    /// Its body.
    pub body: &'a FrameBody,
    /// Its code.
    pub code: &'a Code,
    /// Its code's constants and names.
    pub code_body: &'a CodeBody,
}

/// Where to go on.
#[derive(Debug)]
pub enum Step {
    /// The next instruction.
    Next,
    /// Another instruction.
    Goto(u32),
    /// Out of the frame.
    Leave(Exit),
    /// To the handler, without a traceback entry; the frame shows the instruction that first raised.
    Again(Raised, Option<u32>),
}

impl Machine<'_> {
    /// Pops a value; the compiler proved that it is there.
    #[inline]
    pub fn pop(&self) -> Result<Object> {
        match self.body.pop() {
            Some(value) => Ok(value),
            None => Err(self.underflow()),
        }
    }

    #[cold]
    fn underflow(&self) -> Raised {
        self.cx
            .system_error(format_args!("a value is missing on the stack"))
    }

    /// A new reference to the value `n` places down; the top is 1.
    pub fn peek(&self, n: u32) -> Result<Object> {
        match self.body.values.at(self.body.place(n)) {
            Some(value) => Ok(value),
            None => Err(self.underflow()),
        }
    }

    /// Pushes a value.
    #[inline]
    pub fn push(&self, value: Object) -> Result<Step> {
        self.body.push(self.cx, Some(value))?;
        Ok(Step::Next)
    }

    /// A constant.
    #[inline]
    pub fn constant(&self, index: u32) -> Object {
        self.code_body
            .constants
            .get(index as usize)
            .unwrap_or_else(|| self.cx.none())
    }

    /// A name.
    #[inline]
    pub fn name(&self, index: u32) -> Object {
        self.code_body
            .names
            .get(index as usize)
            .unwrap_or_else(|| self.cx.none())
    }
}

fn binary_slot(operator: BinaryOperator) -> (SlotId, SlotId) {
    match operator {
        BinaryOperator::Add => (SlotId::Add, SlotId::IAdd),
        BinaryOperator::Subtract => (SlotId::Sub, SlotId::ISub),
        BinaryOperator::Multiply => (SlotId::Mul, SlotId::IMul),
        BinaryOperator::MatrixMultiply => (SlotId::MatMul, SlotId::IMatMul),
        BinaryOperator::TrueDivide => (SlotId::TrueDiv, SlotId::ITrueDiv),
        BinaryOperator::FloorDivide => (SlotId::FloorDiv, SlotId::IFloorDiv),
        BinaryOperator::Remainder => (SlotId::Mod, SlotId::IMod),
        BinaryOperator::Power => (SlotId::Pow, SlotId::IPow),
        BinaryOperator::LeftShift => (SlotId::LShift, SlotId::ILShift),
        BinaryOperator::RightShift => (SlotId::RShift, SlotId::IRShift),
        BinaryOperator::And => (SlotId::And, SlotId::IAnd),
        BinaryOperator::Or => (SlotId::Or, SlotId::IOr),
        BinaryOperator::Xor => (SlotId::Xor, SlotId::IXor),
    }
}

fn comparison_slot(comparison: Comparison) -> SlotId {
    match comparison {
        Comparison::Less => SlotId::Lt,
        Comparison::LessEqual => SlotId::Le,
        Comparison::Equal => SlotId::Eq,
        Comparison::NotEqual => SlotId::Ne,
        Comparison::Greater => SlotId::Gt,
        Comparison::GreaterEqual => SlotId::Ge,
    }
}

/// Carries out one instruction.
///
/// # Errors
///
/// What it raises.
#[inline]
pub fn step(m: &Machine<'_>, instruction: Instruction) -> Result<Step> {
    let (cx, body) = (m.cx, m.body);
    match instruction {
        Instruction::PopTop => {
            drop(body.values.pop());
            Ok(Step::Next)
        }
        Instruction::Copy(n) => {
            let value = body.values.at(body.place(n));
            body.push(cx, value)?;
            Ok(Step::Next)
        }
        Instruction::Swap(n) => {
            let top = body.pop();
            let place = body.place(n - 1);
            let other = body.values.put(place, top);
            body.push(cx, other)?;
            Ok(Step::Next)
        }
        Instruction::PushNull => {
            body.push(cx, None)?;
            Ok(Step::Next)
        }
        Instruction::LoadConstant(index) => m.push(m.constant(index)),
        Instruction::LoadFast(slot) => match body.values.at(slot as usize) {
            Some(value) => m.push(value),
            None => Err(names::unbound(m, slot)),
        },
        Instruction::LoadFastAndClear(slot) => {
            let value = body.values.put(slot as usize, None);
            body.push(cx, value)?;
            Ok(Step::Next)
        }
        Instruction::StoreFast(slot) => {
            let value = body.pop();
            drop(body.values.put(slot as usize, value));
            Ok(Step::Next)
        }
        Instruction::DeleteFast(slot) => match body.values.put(slot as usize, None) {
            Some(value) => {
                drop(value);
                Ok(Step::Next)
            }
            None => Err(names::unbound(m, slot)),
        },
        Instruction::MakeCell(slot) => {
            let content = body.values.put(slot as usize, None);
            let made = cell::new_cell(cx, content)?;
            drop(body.values.put(slot as usize, Some(made)));
            Ok(Step::Next)
        }
        Instruction::CopyFreeVariables(count) => names::copy_free_variables(m, count),
        Instruction::LoadClosure(slot) => match body.values.at(slot as usize) {
            Some(value) => m.push(value),
            None => Err(names::unbound(m, slot)),
        },
        Instruction::LoadDeref(slot) => names::load_deref(m, slot),
        Instruction::StoreDeref(slot) => names::store_deref(m, slot),
        Instruction::DeleteDeref(slot) => names::delete_deref(m, slot),
        Instruction::LoadClassDeref(slot) => names::load_class_deref(m, slot),
        Instruction::LoadNamespace => m.push(body.namespace.get().unwrap_or_else(|| cx.none())),
        Instruction::UseNamespace(slot) => {
            let namespace = names::cell_content(m, slot);
            drop(body.namespace.replace(namespace));
            Ok(Step::Next)
        }
        Instruction::LoadName(index) => names::load_name(m, index),
        Instruction::StoreName(index) => names::store_name(m, index),
        Instruction::DeleteName(index) => names::delete_name(m, index),
        Instruction::LoadGlobal(index) => names::load_global(m, index),
        Instruction::StoreGlobal(index) => names::store_global(m, index),
        Instruction::DeleteGlobal(index) => names::delete_global(m, index),
        Instruction::LoadAttribute(index) => {
            let object = m.pop()?;
            let value = cx.get_attribute(&object, &m.name(index))?;
            drop(object);
            m.push(value)
        }
        Instruction::LoadMethod(index) => load_method(m, index),
        Instruction::StoreAttribute(index) => {
            let object = m.pop()?;
            let value = m.pop()?;
            cx.set_attribute(&object, &m.name(index), &value)?;
            drop(value);
            drop(object);
            Ok(Step::Next)
        }
        Instruction::DeleteAttribute(index) => {
            let object = m.pop()?;
            cx.delete_attribute(&object, &m.name(index))?;
            Ok(Step::Next)
        }
        Instruction::LoadSpecial(which) => load_special(m, which),
        Instruction::LoadSubscript => {
            let key = m.pop()?;
            let container = m.pop()?;
            let item = cx.get_item(&container, &key)?;
            drop(key);
            drop(container);
            m.push(item)
        }
        Instruction::StoreSubscript => {
            let key = m.pop()?;
            let container = m.pop()?;
            let value = m.pop()?;
            cx.set_item(&container, &key, &value)?;
            drop(key);
            drop(container);
            drop(value);
            Ok(Step::Next)
        }
        Instruction::DeleteSubscript => {
            let key = m.pop()?;
            let container = m.pop()?;
            cx.delete_item(&container, &key)?;
            drop(key);
            drop(container);
            Ok(Step::Next)
        }
        Instruction::Binary(operator) => {
            let right = m.pop()?;
            let left = m.pop()?;
            let result = cx.binary(&left, &right, binary_slot(operator).0)?;
            drop(right);
            drop(left);
            m.push(result)
        }
        Instruction::InPlace(operator) => {
            let right = m.pop()?;
            let left = m.pop()?;
            let result = cx.in_place(&left, &right, binary_slot(operator).1)?;
            drop(right);
            drop(left);
            m.push(result)
        }
        Instruction::Unary(operator) => {
            let operand = m.pop()?;
            let slot = match operator {
                UnaryOperator::Negative => SlotId::Neg,
                UnaryOperator::Positive => SlotId::Pos,
                UnaryOperator::Invert => SlotId::Invert,
            };
            let result = cx.unary_operator(&operand, slot)?;
            drop(operand);
            m.push(result)
        }
        Instruction::Not => {
            let operand = m.pop()?;
            let truth = cx.truth(&operand)?;
            drop(operand);
            m.push(cx.bool(!truth))
        }
        Instruction::Compare(comparison) => {
            let right = m.pop()?;
            let left = m.pop()?;
            let result = cx.compare(&left, &right, comparison_slot(comparison))?;
            drop(right);
            drop(left);
            m.push(result)
        }
        Instruction::Is(negated) => {
            let right = m.pop()?;
            let left = m.pop()?;
            let same = left.is(&right);
            drop(right);
            drop(left);
            m.push(cx.bool(same != negated))
        }
        Instruction::Contains(negated) => {
            let container = m.pop()?;
            let item = m.pop()?;
            let found = cx.contains(&container, &item)?;
            drop(container);
            drop(item);
            m.push(cx.bool(found != negated))
        }
        Instruction::BuildTuple(count) => build::tuple(m, count),
        Instruction::BuildList(count) => build::list(m, count),
        Instruction::BuildSet(count) => build::set(m, count),
        Instruction::BuildMap(count) => build::map(m, count),
        Instruction::BuildString(count) => build::string(m, count),
        Instruction::BuildSlice(count) => build::slice(m, count),
        Instruction::ListAppend(n) => build::list_append(m, n),
        Instruction::SetAdd(n) => build::set_add(m, n),
        Instruction::MapAdd(n) => build::map_add(m, n),
        Instruction::ListExtend(n) => build::list_extend(m, n),
        Instruction::SetUpdate(n) => build::set_update(m, n),
        Instruction::DictUpdate(n) => build::dict_update(m, n),
        Instruction::DictMerge(n) => build::dict_merge(m, n),
        Instruction::ListToTuple => build::list_to_tuple(m),
        Instruction::ConvertValue(conversion) => build::convert(m, conversion),
        Instruction::FormatSimple => build::format_simple(m),
        Instruction::FormatWithSpec => build::format_with_spec(m),
        Instruction::UnpackSequence(count) => build::unpack(m, count as usize, None),
        Instruction::UnpackStarred { before, after } => {
            build::unpack(m, before as usize, Some(after as usize))
        }
        Instruction::Call(count) => call(m, count, &[]),
        Instruction::CallKeyword(count) => {
            let names = m.pop()?;
            call(m, count, tuple_items(&names).unwrap_or_default())
        }
        Instruction::CallExtended => call_extended(m),
        Instruction::MakeFunction(index) => make_function(m, index),
        Instruction::SetFunctionAttribute(attribute) => set_function_attribute(m, attribute),
        Instruction::LoadBuildClass => names::load_builtin(m, "__build_class__"),
        Instruction::Return => Ok(Step::Leave(Exit::Returned(m.pop()?))),
        Instruction::Jump(target) => Ok(Step::Goto(target)),
        Instruction::PopJumpIfTrue(target) => {
            let value = m.pop()?;
            let truth = cx.truth(&value)?;
            drop(value);
            Ok(if truth {
                Step::Goto(target)
            } else {
                Step::Next
            })
        }
        Instruction::PopJumpIfFalse(target) => {
            let value = m.pop()?;
            let truth = cx.truth(&value)?;
            drop(value);
            Ok(if truth {
                Step::Next
            } else {
                Step::Goto(target)
            })
        }
        Instruction::JumpIfTrueOrPop(target) => keep_or_pop(m, target, true),
        Instruction::JumpIfFalseOrPop(target) => keep_or_pop(m, target, false),
        Instruction::GetIterator => {
            let iterable = m.pop()?;
            let iterator = cx.iterate(&iterable)?;
            drop(iterable);
            m.push(iterator)
        }
        Instruction::ForIterate(target) => {
            let iterator = m.peek(1)?;
            match cx.next(&iterator)? {
                Some(item) => m.push(item),
                None => {
                    drop(iterator);
                    drop(body.values.pop());
                    Ok(Step::Goto(target))
                }
            }
        }
        Instruction::ReturnGenerator => generator::make(m),
        Instruction::YieldValue { .. } => Ok(Step::Leave(Exit::Yielded(m.pop()?))),
        Instruction::GetYieldFromIterator => {
            let iterable = m.pop()?;
            if cx.is_exactly(&iterable, &super::GENERATOR) {
                return m.push(iterable);
            }
            let iterator = cx.iterate(&iterable)?;
            drop(iterable);
            m.push(iterator)
        }
        Instruction::Send(target) => generator::send_on(m, target),
        Instruction::EndSend => {
            let value = m.pop()?;
            drop(body.values.pop());
            m.push(value)
        }
        Instruction::CleanupThrow => generator::cleanup_throw(m),
        Instruction::StopIterationError => generator::stop_iteration_error(m),
        Instruction::PushExceptionInfo => {
            let exception = m.pop()?;
            let previous = cx.handled.replace(Some(exception.clone()));
            body.push(cx, previous)?;
            m.push(exception)
        }
        Instruction::CheckExceptionMatch => {
            let wanted = m.pop()?;
            let exception = m.peek(1)?;
            let caught = exceptions::matches(cx, &exception, &wanted)?;
            drop(wanted);
            m.push(cx.bool(caught))
        }
        Instruction::PopException => {
            let previous = body.pop();
            drop(cx.handled.replace(previous));
            Ok(Step::Next)
        }
        Instruction::Reraise(n) => {
            let exception = m.pop()?;
            let index = if n == 0 { None } else { m.peek(n)?.as_small() };
            let index = index.and_then(|index| u32::try_from(index).ok());
            Ok(Step::Again(Raised::new(exception), index))
        }
        Instruction::Raise(operands) => raise(m, operands),
        Instruction::LoadNotImplementedError => m.push(
            cx.builtin_ref(&builtin::NOT_IMPLEMENTED_ERROR)
                .object()
                .clone(),
        ),
        Instruction::LoadAssertionError => {
            m.push(cx.builtin_ref(&builtin::ASSERTION_ERROR).object().clone())
        }
        Instruction::WithExceptStart => with_except_start(m),
        Instruction::ImportName(index) => import::import_name(m, index),
        Instruction::ImportFrom(index) => import::import_from(m, index),
        Instruction::ImportStar => import::import_star(m),
    }
}

fn keep_or_pop(m: &Machine<'_>, target: u32, wanted: bool) -> Result<Step> {
    let value = m.peek(1)?;
    if m.cx.truth(&value)? == wanted {
        return Ok(Step::Goto(target));
    }
    drop(m.body.values.pop());
    drop(value);
    Ok(Step::Next)
}

/// Finds a method without making a bound one, where attribute access would find just that.
fn load_method(m: &Machine<'_>, index: u32) -> Result<Step> {
    let cx = m.cx;
    let object = m.pop()?;
    let name = m.name(index);
    let generic = cx.builtin_ref(&builtin::OBJECT).slot(SlotId::GetAttribute);
    let own = cx.slot_of(&object, SlotId::GetAttribute);
    let is_generic = match (own, generic) {
        (Some(own), Some(generic)) => std::ptr::fn_addr_eq(own, generic),
        _ => false,
    };
    if is_generic
        && let Some(found) = cx.type_of(&object).lookup(cx, &name)?
        && cx.flags_of(&found) & flags::METHOD_DESCRIPTOR != 0
    {
        let shadowed = match cx.instance_dict(&object) {
            Some(dict) => match mortice::types::dict_view(&dict) {
                Some(view) => view.get(cx, &name)?.is_some(),
                None => false,
            },
            None => false,
        };
        if !shadowed {
            m.push(found)?;
            return m.push(object);
        }
    }
    let attribute = cx.get_attribute(&object, &name)?;
    drop(object);
    m.push(attribute)?;
    m.body.push(cx, None)?;
    Ok(Step::Next)
}

fn load_special(m: &Machine<'_>, which: SpecialMethod) -> Result<Step> {
    let cx = m.cx;
    let object = m.pop()?;
    let (name, word) = match which {
        SpecialMethod::Enter => (&cx.names().enter, "__enter__"),
        SpecialMethod::Exit => (&cx.names().exit, "__exit__"),
    };
    match cx.special_method(&object, name)? {
        Some(method) => {
            m.push(method)?;
            m.body.push(cx, None)?;
            Ok(Step::Next)
        }
        None => Err(no_context_manager(cx, &object, word)?),
    }
}

/// The TypeError for a `with` statement over an object without that method; it knows asynchronous ones.
#[cold]
fn no_context_manager(cx: &Context, object: &Object, missed: &str) -> Result<Raised> {
    let mut is_asynchronous = true;
    for name in ["__aenter__", "__aexit__"] {
        is_asynchronous =
            is_asynchronous && cx.type_of(object).lookup(cx, &cx.intern(name)?)?.is_some();
    }
    let hint = if is_asynchronous {
        " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
    } else {
        ""
    };
    Ok(cx.type_error(format_args!(
        "'{}' object does not support the context manager protocol (missed {missed} method){hint}",
        cx.told_name(object)?
    )))
}

/// `callable, self or null, argument × n → result`.
fn call(m: &Machine<'_>, count: u32, keyword_names: &[Object]) -> Result<Step> {
    let count = count as usize;
    let result = if count < function::FEW {
        let mut values = [const { None }; function::FEW];
        call_values(m, &mut values[..=count], keyword_names)
    } else {
        let mut values = allocator_api2::vec::Vec::new_in(m.cx.heap().memory());
        values
            .try_reserve_exact(count + 1)
            .map_err(|_| m.cx.out_of_memory())?;
        values.resize_with(count + 1, || None);
        call_values(m, &mut values, keyword_names)
    }?;
    super::hooks::safe_point(m.cx);
    m.push(result)
}

/// Pops arguments, receiver and callable into `values` and calls. What is left in `values` is
/// dropped from the last to the first.
fn call_values(m: &Machine<'_>, values: &mut [Option<Object>], names: &[Object]) -> Result<Object> {
    let count = values.len() - 1;
    for place in values[1..].iter_mut().rev() {
        *place = Some(m.pop()?);
    }
    values[0] = m.body.pop();
    let mut callable = m.pop()?;
    if values[0].is_none()
        && m.cx.is_exactly(&callable, &builtin::METHOD)
        && let Some((target, receiver)) = method::parts(&callable)
    {
        values[0] = Some(receiver);
        callable = target;
    }
    let first = usize::from(values[0].is_none());
    let result = call_owned(m.cx, &callable, &mut values[first..=count], names);
    for value in values.iter_mut().rev() {
        drop(value.take());
    }
    drop(callable);
    result
}

/// Calls with owned arguments: they move into the frame of a function of ours.
pub fn call_owned(
    cx: &Context,
    callable: &Object,
    values: &mut [Option<Object>],
    names: &[Object],
) -> Result<Object> {
    if functions::view(callable).is_some_and(function::is_ours) {
        return function::call(cx, callable, values, names);
    }
    if values.len() <= function::FEW {
        let mut borrowed: [Borrowed<'_>; function::FEW + 1] =
            [callable.borrow(); function::FEW + 1];
        for (place, value) in borrowed[1..].iter_mut().zip(values.iter().flatten()) {
            *place = value.borrow();
        }
        return cx.call_with_receiver(Args::with_names(&borrowed[..=values.len()], names));
    }
    let mut borrowed = allocator_api2::vec::Vec::new_in(cx.heap().memory());
    borrowed
        .try_reserve_exact(values.len() + 1)
        .map_err(|_| cx.out_of_memory())?;
    borrowed.push(callable.borrow());
    borrowed.extend(values.iter().flatten().map(Object::borrow));
    cx.call_with_receiver(Args::with_names(&borrowed, names))
}

/// `callable, null, iterable, dict or null → result`.
fn call_extended(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let keywords = m.body.pop();
    let iterable = m.pop()?;
    drop(m.body.values.pop());
    let callable = m.pop()?;
    let positional = match tuple_items(&iterable) {
        Some(items) => cx.fallible(mortice::types::Buffer::copied(cx.heap(), items))?,
        None => {
            if !cx.is_iterable(&iterable) {
                return Err(cx.type_error(format_args!(
                    "Value after * must be an iterable, not {}",
                    cx.type_name(&iterable)
                )));
            }
            cx.collect(&iterable)?
        }
    };
    let mut names = mortice::types::Buffer::new();
    let mut values = allocator_api2::vec::Vec::new_in(cx.heap().memory());
    let extra = keywords
        .as_ref()
        .and_then(mortice::types::dict_view)
        .map_or(0, |view| view.len());
    values
        .try_reserve_exact(positional.len() + extra)
        .map_err(|_| cx.out_of_memory())?;
    values.extend(positional.into_iter().map(Some));
    if let Some(view) = keywords.as_ref().and_then(mortice::types::dict_view) {
        let mut at = 0;
        while let Some((index, key, value)) = view.next_entry(at) {
            cx.fallible(names.push(cx.heap(), key))?;
            values.try_reserve(1).map_err(|_| cx.out_of_memory())?;
            values.push(Some(value));
            at = index + 1;
        }
    }
    drop(iterable);
    let result = call_owned(cx, &callable, &mut values, &names)?;
    for value in values.iter_mut().rev() {
        drop(value.take());
    }
    drop(keywords);
    drop(callable);
    super::hooks::safe_point(cx);
    m.push(result)
}

fn make_function(m: &Machine<'_>, index: u32) -> Result<Step> {
    let (Some(globals), Some(builtins)) = (m.body.globals.get(), m.body.builtins.get()) else {
        return Err(m.cx.system_error(format_args!("a frame without globals")));
    };
    m.push(function::make(
        m.cx,
        &m.constant(index),
        &globals,
        &builtins,
    )?)
}

/// `value, function → function`.
fn set_function_attribute(m: &Machine<'_>, attribute: FunctionAttribute) -> Result<Step> {
    let function = m.pop()?;
    let value = m.pop()?;
    if let Some(body) = functions::view(&function) {
        match attribute {
            FunctionAttribute::Defaults => body.defaults.set(value),
            FunctionAttribute::KeywordDefaults => body.keyword_defaults.set(value),
            FunctionAttribute::Closure => body.closure.set(value),
            FunctionAttribute::Annotate => body.annotate.set(value),
        }
    }
    m.push(function)
}

fn raise(m: &Machine<'_>, operands: u32) -> Result<Step> {
    match operands {
        0 => {
            let raised = exceptions::reraise(m.cx);
            if raised.is(m.cx, &builtin::RUNTIME_ERROR) && m.cx.handled.get().is_none() {
                return Err(raised);
            }
            Ok(Step::Again(raised, None))
        }
        1 => {
            let exception = m.pop()?;
            Err(exceptions::raise(m.cx, &exception, None))
        }
        _ => {
            let cause = m.pop()?;
            let exception = m.pop()?;
            Err(exceptions::raise(m.cx, &exception, Some(&cause)))
        }
    }
}

/// `exit, self or null, index, previous, exception → …, result`.
fn with_except_start(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let exception = m.peek(1)?;
    let receiver = m.body.values.at(m.body.place(4));
    let exit = m.peek(5)?;
    let of: Type = cx.type_of(&exception);
    let traceback = builtin::exception::view(&exception)
        .and_then(|body| body.traceback.get())
        .unwrap_or_else(|| cx.none());
    let arguments = [of.borrow(), exception.borrow(), traceback.borrow()];
    let result = match &receiver {
        Some(receiver) => {
            let [of, exception, traceback] = arguments;
            cx.call(&exit, &[receiver.borrow(), of, exception, traceback])?
        }
        None => cx.call(&exit, &arguments)?,
    };
    m.push(result)
}
