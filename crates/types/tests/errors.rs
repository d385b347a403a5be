//! Fields and words of the built-in exceptions, and weak references to types; the values are what
//! CPython 3.15 shows.

use mortice_types::builtin;
use mortice_types::{Args, Borrowed, Context, NativeType, Object, Result, text, tuple_items};

fn make(cx: &Context, kind: &'static NativeType, arguments: &[&Object]) -> Result<Object> {
    let arguments: Vec<Borrowed<'_>> = arguments.iter().map(|object| object.borrow()).collect();
    cx.call(cx.builtin(kind).object(), &arguments)
}

fn shown(cx: &Context, object: &Object) -> String {
    text(&cx.repr(object).unwrap()).unwrap().to_string()
}

fn words(cx: &Context, object: &Object) -> String {
    text(&cx.str(object).unwrap()).unwrap().to_string()
}

fn message(cx: &Context, result: Result<Object>) -> String {
    let raised = result.unwrap_err();
    let name = cx.type_name(raised.exception());
    format!("{name}: {}", words(cx, raised.exception()))
}

fn field(cx: &Context, object: &Object, name: &str) -> Object {
    cx.get_attribute_text(object, name).unwrap()
}

#[test]
fn an_error_number_chooses_the_subclass() {
    let cx = Context::new().unwrap();
    let (two, why, file) = (
        Object::small32(2),
        cx.string("why").unwrap(),
        cx.string("f").unwrap(),
    );
    let error = make(&cx, &builtin::OS_ERROR, &[&two, &why, &file]).unwrap();
    assert!(cx.is_exactly(&error, &builtin::FILE_NOT_FOUND_ERROR));
    assert_eq!(words(&cx, &error), "[Errno 2] why: 'f'");
    assert_eq!(shown(&cx, &error), "FileNotFoundError(2, 'why')");
    assert!(field(&cx, &error, "filename").is(&file));
    let name = cx.intern("__reduce__").unwrap();
    let reduced = cx.call_method(&error, &name, &[]).unwrap();
    assert_eq!(
        shown(&cx, &tuple_items(&reduced).unwrap()[1]),
        "(2, 'why', 'f')"
    );
    let raised = cx.error_with(&builtin::OS_ERROR, &[Object::small32(17), why.clone()]);
    assert!(cx.is_exactly(raised.exception(), &builtin::FILE_EXISTS_ERROR));
    let one = make(&cx, &builtin::OS_ERROR, &[&two]).unwrap();
    assert!(cx.is_exactly(&one, &builtin::OS_ERROR));
    assert!(cx.is_none(&field(&cx, &one, "errno")));
}

#[test]
fn a_syntax_error_takes_its_place_from_the_second_argument() {
    let cx = Context::new().unwrap();
    let why = cx.string("bad").unwrap();
    let parts = [
        cx.string("/a/f.py").unwrap(),
        Object::small32(3),
        Object::small32(2),
        cx.string("x").unwrap(),
        Object::small32(4),
    ];
    let place = builtin::tuple::from_slice(&cx, &parts[..4]).unwrap();
    let error = make(&cx, &builtin::SYNTAX_ERROR, &[&why, &place]).unwrap();
    assert_eq!(words(&cx, &error), "bad (f.py, line 3)");
    let five = builtin::tuple::from_slice(&cx, &parts).unwrap();
    assert_eq!(
        message(&cx, make(&cx, &builtin::SYNTAX_ERROR, &[&why, &five])),
        "TypeError: end_offset must be provided when end_lineno is provided"
    );
}

#[test]
fn an_import_error_shows_its_name() {
    let cx = Context::new().unwrap();
    let names = [cx.intern("name").unwrap()];
    let (why, name) = (cx.string("a").unwrap(), cx.string("n").unwrap());
    let values = [why.borrow(), name.borrow()];
    let of = cx.builtin(&builtin::IMPORT_ERROR);
    let error = cx
        .call_args(of.object(), Args::with_names(&values, &names))
        .unwrap();
    assert_eq!(shown(&cx, &error), "ImportError('a', name='n')");
    assert!(field(&cx, &error, "msg").is(&why));
    assert!(cx.is_none(&field(&cx, &error, "path")));
}

#[test]
fn groups_split_by_type_and_keep_their_shape() {
    let cx = Context::new().unwrap();
    let value = make(&cx, &builtin::VALUE_ERROR, &[]).unwrap();
    let kind = make(&cx, &builtin::TYPE_ERROR, &[]).unwrap();
    let (inner, outer) = (cx.string("in").unwrap(), cx.string("out").unwrap());
    let list = builtin::list::from_slice(&cx, &[value.clone(), kind]).unwrap();
    let nested = make(&cx, &builtin::BASE_EXCEPTION_GROUP, &[&inner, &list]).unwrap();
    assert!(cx.is_exactly(&nested, &builtin::EXCEPTION_GROUP));
    let list = builtin::list::from_slice(&cx, &[nested, value]).unwrap();
    let group = make(&cx, &builtin::EXCEPTION_GROUP, &[&outer, &list]).unwrap();
    assert_eq!(words(&cx, &group), "out (2 sub-exceptions)");
    let by = cx.builtin(&builtin::TYPE_ERROR).into_object();
    let name = cx.intern("split").unwrap();
    let sides = cx.call_method(&group, &name, &[by.borrow()]).unwrap();
    assert_eq!(
        shown(&cx, &sides),
        "(ExceptionGroup('out', [ExceptionGroup('in', [TypeError()])]), \
         ExceptionGroup('out', [ExceptionGroup('in', [ValueError()]), ValueError()]))"
    );
    let stop = make(&cx, &builtin::KEYBOARD_INTERRUPT, &[]).unwrap();
    let list = builtin::list::from_slice(&cx, &[stop]).unwrap();
    assert_eq!(
        message(&cx, make(&cx, &builtin::EXCEPTION_GROUP, &[&outer, &list])),
        "TypeError: Cannot nest BaseExceptions in an ExceptionGroup"
    );
}

#[test]
fn an_exception_group_has_two_bases() {
    let cx = Context::new().unwrap();
    let of = cx.builtin(&builtin::EXCEPTION_GROUP).into_object();
    let names: Vec<String> = tuple_items(&field(&cx, &of, "__mro__"))
        .unwrap()
        .iter()
        .map(|class| text(&field(&cx, class, "__name__")).unwrap().to_string())
        .collect();
    let expected = [
        "ExceptionGroup",
        "BaseExceptionGroup",
        "Exception",
        "BaseException",
        "object",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_weak_reference_to_a_built_in_type_never_dies() {
    let cx = Context::new().unwrap();
    let int = cx.builtin(&builtin::INT).into_object();
    let reference = builtin::weakref::new_reference(&cx, &int).unwrap();
    assert!(cx.call(&reference, &[]).unwrap().is(&int));
    assert!(
        builtin::weakref::new_reference(&cx, &int)
            .unwrap()
            .is(&reference)
    );
    assert_eq!(builtin::weakref::references(&cx, &int).unwrap().len(), 1);
    let refused = builtin::weakref::new_reference(&cx, &Object::small32(3));
    assert_eq!(
        message(&cx, refused),
        "TypeError: cannot create weak reference to 'int' object"
    );
}

#[test]
fn a_built_in_function_knows_its_name() {
    let cx = Context::new().unwrap();
    let list = builtin::list::from_slice(&cx, &[]).unwrap();
    let append = field(&cx, &list, "append");
    assert_eq!(text(&field(&cx, &append, "__name__")), Some("append"));
}
