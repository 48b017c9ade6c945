/* What the C files of this folder share: names of attributes, answers by type, arrays of doubles, and
 * how a module is made. hatch_build.py compiles each file; extensions.py loads it.
 *
 * A file defines its functions with docstrings NAME_doc, lists them as FUNCTION(NAME), and ends with
 * create_module(). Each docstring says which of manim's functions the function stands in for.
 */
#ifndef SHAPEROTATOR_MODULE_H
#define SHAPEROTATOR_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FUNCTION(name) {#name, name, METH_VARARGS, name##_doc}

/* An attribute's name, interned once. */
typedef struct {
    PyObject **name;
    const char *text;
} Name;

/* What PyInit_… returns: a module whose names are interned. */
static inline PyObject *create_module(PyModuleDef *definition, const Name *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!(*names[i].name = PyUnicode_InternFromString(names[i].text))) return NULL;
    return PyModule_Create(definition);
}

/* What is known of a type: a borrowed reference out of the dictionary, which `find(type)` fills the
 * first time; NULL with an error. */
static inline PyObject *look_up(PyObject *known, PyObject *find, PyObject *type) {
    PyObject *found = PyDict_GetItemWithError(known, type);
    if (found || PyErr_Occurred()) return found;
    PyObject *made = PyObject_CallOneArg(find, type);
    if (made && PyDict_SetItem(known, type, made)) Py_CLEAR(made);
    Py_XDECREF(made); /* the dictionary holds it */
    return made;
}

/* The number that `find(type)` returns for an object's type; -1 with an error. */
static inline long look_up_kind(PyObject *known, PyObject *find, PyObject *object) {
    PyObject *found = look_up(known, find, (PyObject *)Py_TYPE(object));
    return found ? PyLong_AsLong(found) : -1;
}

/* A new reference to an attribute: 1; it is missing: 0; error: -1. */
static inline int find_attribute(PyObject *object, PyObject *name, PyObject **value) {
    *value = PyObject_GetAttr(object, name);
    if (*value) return 1;
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    PyErr_Clear();
    return 0;
}

/* Whether an array has C order and doubles; then `view` holds its buffer. Sets no error. */
static inline int hold_doubles(PyObject *array, Py_buffer *view) {
    if (PyObject_GetBuffer(array, view, PyBUF_ND | PyBUF_FORMAT | PyBUF_C_CONTIGUOUS)) {
        PyErr_Clear();
        return 0;
    }
    if (view->format && !strcmp(view->format, "d")) return 1;
    PyBuffer_Release(view);
    return 0;
}

#endif
