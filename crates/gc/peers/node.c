/* The node of the comparison as an extension module would write it: a static type, three references, traverse and
   clear. The program that measures makes and links nodes; what is counted here is how many of them ended. */

#include <Python.h>
#include <stddef.h>

#define EDGES 3

typedef struct {
    PyObject_HEAD
    PyObject *edges[EDGES];
} Node;

static size_t ended;

static int
traverse(PyObject *self, visitproc visit, void *arg)
{
    Node *node = (Node *)self;
    Py_VISIT(node->edges[0]);
    Py_VISIT(node->edges[1]);
    Py_VISIT(node->edges[2]);
    return 0;
}

static int
clear(PyObject *self)
{
    Node *node = (Node *)self;
    Py_CLEAR(node->edges[0]);
    Py_CLEAR(node->edges[1]);
    Py_CLEAR(node->edges[2]);
    return 0;
}

static void
dealloc(PyObject *self)
{
    Node *node = (Node *)self;
    PyObject_GC_UnTrack(self);
    /* Up to 3.13 a deep chain needs these; later they are empty. */
    Py_TRASHCAN_BEGIN(self, dealloc)
    for (int edge = 0; edge < EDGES; edge++) {
        Py_XDECREF(node->edges[edge]);
    }
    ended++;
    PyObject_GC_Del(self);
    Py_TRASHCAN_END
}

static PyTypeObject NodeType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "peers.Node",
    .tp_basicsize = sizeof(Node),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = traverse,
    .tp_clear = clear,
    .tp_dealloc = dealloc,
};

/* Where the first edge lies, or -1 where the type cannot be made. */
Py_ssize_t
node_ready(void)
{
    return PyType_Ready(&NodeType) < 0 ? -1 : (Py_ssize_t)offsetof(Node, edges);
}

/* A node without edges, tracked; NULL where memory runs out. */
PyObject *
node_new(void)
{
    Node *node = PyObject_GC_New(Node, &NodeType);
    if (node == NULL) {
        return NULL;
    }
    for (int edge = 0; edge < EDGES; edge++) {
        node->edges[edge] = NULL;
    }
    PyObject_GC_Track(node);
    return (PyObject *)node;
}

size_t
node_ended(void)
{
    return ended;
}
