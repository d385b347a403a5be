"""What the names of mortice_compat.h do, against their documentation. Arguments: the module's file, its mode."""

import builtins
import gc
import importlib.machinery
import importlib.util
import sys
import types
import weakref

path, mode = sys.argv[1:]
loader = importlib.machinery.ExtensionFileLoader("compat", path)
spec = importlib.util.spec_from_file_location("compat", path, loader=loader)
m = importlib.util.module_from_spec(spec)
loader.exec_module(m)


class Thing:
    pass


def raises(kind, call, *args):
    try:
        call(*args)
    except kind:
        return True
    raise AssertionError("%s%r does not raise %s" % (call.__name__, args, kind.__name__))


def steady(call, *things):
    """Calls often; the objects' reference counts stay."""
    call()
    gc.collect()
    before = [sys.getrefcount(thing) for thing in things]
    for _ in range(20):
        call()
    gc.collect()
    after = [sys.getrefcount(thing) for thing in things]
    assert before == after, (call, before, after)


def quietly(call, *args):
    try:
        call(*args)
    except Exception:
        pass


# Objects
a, b = Thing(), Thing()
assert m.tests(None) == (1, 0, 0, 0) and m.tests(True) == (0, 1, 0, 0)
assert m.tests(False) == (0, 0, 1, 0) and m.tests(7) == (0, 0, 0, 1)
assert m.Py_Is(a, a) == 1 and m.Py_Is(a, b) == 0
assert m.Py_NewRef(a) is a and m.Py_XNewRef(a) is a and m.Py_SETREF(a, b) is b
steady(lambda: (m.Py_NewRef(a), m.Py_XNewRef(a), m.Py_SETREF(a, b)), a, b)


class Other(Thing):
    pass


one = Thing()
types_before = sys.getrefcount(Thing), sys.getrefcount(Other)
m.Py_SET_TYPE(one, Other)
assert type(one) is Other
m.Py_SET_TYPE(one, Thing)
assert type(one) is Thing
assert types_before == (sys.getrefcount(Thing), sys.getrefcount(Other))
assert m.Py_SET_SIZE((1, 2, 3), 2) == 2
assert m.Py_SET_REFCNT(Thing())
constants = m.constants()
assert constants == [None, False, True, ..., NotImplemented, 0, 1, "", b"", ()]
assert all(type(x) is type(y) for x, y in zip(constants, [None, False, True, ..., NotImplemented, 0, 1, "", b"", ()]))
raises(SystemError, m.Py_GetConstant, 10)

# Calls
def show(*args, **keywords):
    return args, keywords


class Speaker:
    def say(self, *args, **keywords):
        return args, keywords


speaker = Speaker()
assert m.PyObject_CallNoArgs(show) == ((), {})
assert m.PyObject_CallOneArg(show, a) == ((a,), {})
assert m.PyObject_CallOneArg(show, (1, 2)) == (((1, 2),), {})
assert m.PyObject_CallMethodNoArgs(speaker, "say") == ((), {})
assert m.PyObject_CallMethodOneArg(speaker, "say", (1,)) == (((1,),), {})
assert m.PyObject_Vectorcall(show, (1, 2), None) == ((1, 2), {})
assert m.PyObject_Vectorcall(show, (), None) == ((), {})
assert m.PyObject_Vectorcall(show, (1, 2, 3), ("x", "y")) == ((1,), {"x": 2, "y": 3})
assert m.PyObject_VectorcallMethod("say", (speaker, 1, 2), ("k",)) == ((1,), {"k": 2})
assert m.PyObject_VectorcallDict(show, 1, {"k": a}) == ((1,), {"k": a})
raises(AttributeError, m.PyObject_VectorcallMethod, "mute", (speaker,), None)
raises(TypeError, m.PyObject_Vectorcall, a, (), None)
steady(
    lambda: (
        m.PyObject_Vectorcall(show, (a, b), ("k",)),
        m.PyObject_VectorcallMethod("say", (speaker, a, b), ("k",)),
        m.PyObject_VectorcallDict(show, a, {"k": b}),
        m.PyObject_CallMethodOneArg(speaker, "say", a),
        quietly(m.PyObject_Vectorcall, a, (b,), None),
    ),
    a,
    b,
    speaker,
    show,
)


# Attributes and items
class Odd:
    there = a

    @property
    def broken(self):
        raise KeyError("broken")

    def __getitem__(self, key):
        raise {"absent": KeyError}.get(key, IndexError)(key)


odd = Odd()
for get in (m.PyObject_GetOptionalAttr, m.PyObject_GetOptionalAttrString):
    assert get(odd, "there") == (1, a) and get(odd, "absent") == (0, None)
    raises(KeyError, get, odd, "broken")
    steady(lambda: (get(odd, "there"), get(odd, "absent"), quietly(get, odd, "broken")), a, odd)
raises(TypeError, m.PyObject_GetOptionalAttr, odd, 1)
for has in (m.PyObject_HasAttrWithError, m.PyObject_HasAttrStringWithError):
    assert has(odd, "there") == 1 and has(odd, "absent") == 0
    raises(KeyError, has, odd, "broken")
    steady(lambda: (has(odd, "there"), quietly(has, odd, "broken")), a, odd)
box = {"k": a}
for get in (m.PyMapping_GetOptionalItem, m.PyMapping_GetOptionalItemString):
    assert get(box, "k") == (1, a) and get(box, "x") == (0, None) and get(odd, "absent") == (0, None)
    raises(IndexError, get, odd, "other")
    raises(TypeError, get, 7, "k")
    steady(lambda: (get(box, "k"), quietly(get, odd, "other")), a, box, odd)
for has in (m.PyMapping_HasKeyWithError, m.PyMapping_HasKeyStringWithError):
    assert has(box, "k") == 1 and has(box, "x") == 0
    raises(IndexError, has, odd, "other")

# Lists and dictionaries
items = [a, b]
assert m.PyList_GetItemRef(items, 1) is b
raises(IndexError, m.PyList_GetItemRef, items, 2)
raises(IndexError, m.PyList_GetItemRef, items, -1)
raises(TypeError, m.PyList_GetItemRef, (a,), 0)
steady(lambda: (m.PyList_GetItemRef(items, 0), quietly(m.PyList_GetItemRef, items, 5)), a, items)
assert m.PyList_Extend(items, (x for x in [a])) == 0 and items == [a, b, a]
assert m.PyList_Extend(items, items) == 0 and len(items) == 6
raises(TypeError, m.PyList_Extend, items, 7)
raises(SystemError, m.PyList_Extend, (), [])
assert m.PyList_Clear(items) == 0 and items == []
raises(SystemError, m.PyList_Clear, ())
for get in (m.PyDict_GetItemRef, m.PyDict_GetItemStringRef):
    assert get(box, "k") == (1, a) and get(box, "x") == (0, None)
    raises(SystemError, get, [], "k")
    steady(lambda: (get(box, "k"), get(box, "x"), quietly(get, [], "k")), a, box)
raises(TypeError, m.PyDict_GetItemRef, box, [])
fresh = {}
assert m.PyDict_SetDefaultRef(fresh, "k", a) == (0, a) and fresh == {"k": a}
assert m.PyDict_SetDefaultRef(fresh, "k", b) == (1, a) and fresh == {"k": a}
raises(TypeError, m.PyDict_SetDefaultRef, fresh, [], a)
raises(SystemError, m.PyDict_SetDefaultRef, [], "k", a)
steady(lambda: m.PyDict_SetDefaultRef({}, "k", a), a)
steady(lambda: m.PyDict_SetDefaultRef(fresh, "k", b), a, b)
for pop in (m.PyDict_Pop, m.PyDict_PopString):
    full = {"k": a, "l": b}
    assert pop(full, "x") == (0, None) and pop(full, "k") == (1, a) and full == {"l": b}
    raises(SystemError, pop, [], "k")
    steady(lambda: pop({"k": a, "l": b}, "k"), a, b)
assert m.PyDict_Pop({}, []) == (0, None)
raises(TypeError, m.PyDict_Pop, {1: 2}, [])
assert m.pop_quietly({"k": a}, "k") == 1 and m.pop_quietly({"k": a}, "x") == 0
steady(lambda: m.pop_quietly({"k": a}, "k"), a)
assert m.PyDict_ContainsString(box, "k") == 1 and m.PyDict_ContainsString(box, "x") == 0

# Integers and text
assert m.PyLong_AsInt(-(2**31)) == -(2**31) and m.PyLong_AsInt(2**31 - 1) == 2**31 - 1 and m.PyLong_AsInt(-1) == -1
for big in (2**31, -(2**31) - 1, 2**64, -(2**64)):
    raises(OverflowError, m.PyLong_AsInt, big)
raises(TypeError, m.PyLong_AsInt, "1")
assert m.integers() == (-(2**31), 2**32 - 1, -(2**63), 2**64 - 1)
word = "gr\u00fc\u00df"
assert m.PyUnicode_EqualToUTF8(word, word.encode()) == (1, 1)
assert m.PyUnicode_EqualToUTF8(word, b"gruess") == (0, 0)
assert m.PyUnicode_EqualToUTF8("a\0b", b"a\0b") == (1, 0)
assert m.PyUnicode_EqualToUTF8("a\0b", b"a") == (0, 0) and m.PyUnicode_EqualToUTF8("a", b"a\0b") == (0, 1)
assert m.PyUnicode_EqualToUTF8("\ud800", b"\xed\xa0\x80") == (0, 0)
assert m.PyUnicode_Equal(word, "".join(["gr", "\u00fc\u00df"])) == 1 and m.PyUnicode_Equal("a", "b") == 0
raises(TypeError, m.PyUnicode_Equal, "a", 1)
raises(TypeError, m.PyUnicode_Equal, b"a", "a")

# Iterators and weak references
iterator = iter([a])
assert m.PyIter_NextItem(iterator) == (1, a) and m.PyIter_NextItem(iterator) == (0, None)
raises(TypeError, m.PyIter_NextItem, [a])
raises(ZeroDivisionError, m.PyIter_NextItem, (1 // 0 for _ in [1]))
steady(lambda: (m.PyIter_NextItem(iter([a])), quietly(m.PyIter_NextItem, a)), a)
reference, proxy = weakref.ref(a), weakref.proxy(a)
assert m.PyWeakref_GetRef(reference) == (1, a) and m.PyWeakref_GetRef(proxy)[1] is a
assert m.PyWeakref_IsDead(reference) == 0
steady(lambda: (m.PyWeakref_GetRef(reference), m.PyWeakref_GetRef(proxy), m.PyWeakref_IsDead(reference)), a)
raises(TypeError, m.PyWeakref_GetRef, a)
raises(TypeError, m.PyWeakref_IsDead, a)
dead = weakref.ref(Thing())
assert m.PyWeakref_GetRef(dead) == (0, None) and m.PyWeakref_IsDead(dead) == 1

# Modules and types
module = types.ModuleType("made")
m.add(module, a)
assert module.borrowed is a and module.taken is a and not hasattr(module, "nothing")
steady(lambda: m.add(module, a), a, module)
raises((TypeError, SystemError), m.refused, a)
steady(lambda: quietly(m.refused, a), a)
assert m.PyModule_AddType(module, Thing) == 0 and module.Thing is Thing
steady(lambda: m.PyModule_AddType(module, Thing), Thing, module)
sys_refs = sys.getrefcount(sys)
assert m.PyImport_AddModuleRef("sys") is sys and sys_refs == sys.getrefcount(sys)
assert m.PyImport_AddModuleRef("made.by.compat") is sys.modules["made.by.compat"]
assert m.PyImport_ImportModuleAttr("sys", "path") is sys.path
assert m.PyImport_ImportModuleAttrString("os.path", "join") is __import__("os").path.join
raises(ImportError, m.PyImport_ImportModuleAttrString, "no.such.module", "x")
raises(AttributeError, m.PyImport_ImportModuleAttr, "sys", "no such name")


class Inner:
    class Type:
        pass


Thing.__module__ = "some.where"
assert m.PyType_GetName(Inner.Type) == "Type" and m.PyType_GetQualName(Inner.Type) == "Inner.Type"
assert m.PyType_GetModuleName(Thing) == "some.where" and m.PyType_GetModuleName(int) == "builtins"
assert m.PyType_GetFullyQualifiedName(Thing) == "some.where.Thing"
assert m.PyType_GetFullyQualifiedName(Inner.Type) == "Inner.Type" and m.PyType_GetFullyQualifiedName(int) == "int"
made = m.Made()
assert made.count == 0 and made.module() in (m, None)
raises((AttributeError, TypeError), setattr, made, "count", 1)


class Derived(m.Made):
    pass


assert Derived().module() is made.module()
steady(lambda: Derived().module(), m)


# Exceptions
def fail(exception=ValueError("why")):
    raise exception


exception = m.raised(fail)
assert type(exception) is ValueError and exception.args == ("why",) and exception.__traceback__ is not None
assert exception.__traceback__.tb_frame.f_code is fail.__code__
assert m.raised(show) is None
assert type(m.raised(lambda: 1 // 0)) is ZeroDivisionError
error = KeyError("k")
try:
    m.PyErr_SetRaisedException(error)
except KeyError as caught:
    assert caught is error and caught.__traceback__ is not None
steady(lambda: (m.raised(show), quietly(m.PyErr_SetRaisedException, error), error.with_traceback(None)), error)
assert m.PyErr_GetHandledException() is None
try:
    raise error
except KeyError:
    assert m.PyErr_GetHandledException() is error and sys.exc_info()[1] is error
    other = ValueError("other")
    m.PyErr_SetHandledException(other)
    assert sys.exc_info()[1] is other and sys.exc_info()[0] is ValueError
    m.PyErr_SetHandledException(None)
    assert sys.exc_info() == (None, None, None)
    m.PyErr_SetHandledException(error)
error.with_traceback(None)
steady(lambda: (m.PyErr_GetHandledException(), m.PyErr_SetHandledException(None)), error)
assert m.arguments(error, (1, 2)) == (1, 2) and error.args == (1, 2)
assert m.sections(a, b) == 2

# Frames and threads
if hasattr(m, "PyFrame_GetCode"):

    def framed():
        local = a
        frame = sys._getframe()
        assert m.PyFrame_GetCode(frame) is framed.__code__
        assert m.PyFrame_GetBack(frame) is sys._getframe(1)
        assert m.PyFrame_GetLocals(frame)["local"] is a
        assert m.PyFrame_GetGlobals(frame) is globals()
        assert m.PyFrame_GetBuiltins(frame) is vars(builtins)
        assert 0 < m.PyFrame_GetLasti(frame) <= frame.f_lasti
        assert m.PyFrame_GetVar(frame, "local") is a and m.PyFrame_GetVarString(frame, "local") is a
        raises(NameError, m.PyFrame_GetVar, frame, "nowhere")
        raises(NameError, m.PyFrame_GetVarString, frame, "nowhere")
        return local

    steady(framed, a, framed.__code__)
    bottom = sys._getframe()
    while bottom.f_back is not None:
        bottom = bottom.f_back
    assert m.PyFrame_GetBack(bottom) is None
if mode == "full":

    def generator():
        yield sys._getframe()

    made = generator()
    assert m.PyFrame_GetGenerator(next(made)) is made
    assert m.PyFrame_GetGenerator(sys._getframe()) is None
    assert m.threads() is sys._getframe()

print("checked", len([name for name in dir(m) if name[0] != "_"]), "names")
