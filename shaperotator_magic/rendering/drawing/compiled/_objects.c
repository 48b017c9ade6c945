/* Copies of objects, as every animation begins with, objects between two others, as a transformation
 * makes them for every frame, and what is to be seen of objects, as bytes: one call for all of them.
 *
 * Optional like the drawing, and compiled with it. Points, colours, widths and sheen are mixed by
 * manim's own products and sums, in its order, so that every number is the same to the last bit
 * (-ffp-contract=off). What is not plain is handed back to Python, in its place.
 */
#include "_module.h"

#define ARRAYS 5
#define NUMBERS 3
#define MOST_DIMENSIONS 2

static PyObject *array_names[ARRAYS], *number_names[NUMBERS], *s_copy, *s_deepcopy, *s_dtype,
    *s_original_id, *no_arguments;

/* --- objects between two others ----------------------------------------------------------- */

/* An array of doubles, as it is read or written. */
typedef struct {
    PyObject *array;
    Py_buffer view;
    int is_held;
} Numbers;

static void release(Numbers *numbers, int count) {
    for (int i = 0; i < count; i++) {
        if (numbers[i].is_held) PyBuffer_Release(&numbers[i].view);
        Py_XDECREF(numbers[i].array);
    }
}

/* 1: taken; 0: it is missing, or of another type or layout; -1: error. */
static int take(PyObject *object, PyObject *name, PyTypeObject *kind, Numbers *numbers) {
    numbers->is_held = 0;
    int found = find_attribute(object, name, &numbers->array);
    if (found < 1) return found;
    if (Py_TYPE(numbers->array) != kind) return 0;
    numbers->is_held = hold_doubles(numbers->array, &numbers->view);
    return numbers->is_held && numbers->view.ndim >= 1 && numbers->view.ndim <= MOST_DIMENSIONS;
}

static int have_same_shape(const Py_buffer *a, const Py_buffer *b) {
    if (a->ndim != b->ndim) return 0;
    for (int i = 0; i < a->ndim; i++)
        if (a->shape[i] != b->shape[i]) return 0;
    return 1;
}

/* Stands in for manim.utils.bezier.interpolate: a new array, rest * a + share * b. */
static PyObject *mix_arrays(const Numbers *a, const Numbers *b, double share) {
    PyObject *made = PyObject_CallMethodNoArgs(b->array, s_copy);
    Py_buffer view;
    if (!made) return NULL;
    if (PyObject_GetBuffer(made, &view, PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS)) {
        Py_DECREF(made);
        return NULL;
    }
    double rest = 1 - share, *mixed = view.buf;
    const double *from = a->view.buf, *to = b->view.buf;
    Py_ssize_t count = view.len / (Py_ssize_t)sizeof(double);
    for (Py_ssize_t i = 0; i < count; i++) mixed[i] = rest * from[i] + share * to[i];
    PyBuffer_Release(&view);
    return made;
}

static int set_mixed_array(PyObject *object, int which, const Numbers *first, const Numbers *second,
                           double share) {
    /* Colours that are those of the end are copied, not computed: one may be infinite. */
    PyObject *made = which && share == 1 ? PyObject_CallMethodNoArgs(second->array, s_copy)
                                         : mix_arrays(first, second, share);
    int failed = !made || PyObject_SetAttr(object, array_names[which], made);
    Py_XDECREF(made);
    return failed ? -1 : 0;
}

/* By Python's own arithmetic: a width may be of any type of numbers, and so is its mixture. */
static int set_mixed_number(PyObject *object, PyObject *name, PyObject *from, PyObject *to,
                            PyObject *share, PyObject *rest) {
    PyObject *before = PyNumber_Multiply(rest, from), *after = PyNumber_Multiply(share, to);
    PyObject *mixed = before && after ? PyNumber_Add(before, after) : NULL;
    int failed = !mixed || PyObject_SetAttr(object, name, PyFloat_AS_DOUBLE(share) == 1 ? to : mixed);
    Py_XDECREF(before);
    Py_XDECREF(after);
    Py_XDECREF(mixed);
    return failed ? -1 : 0;
}

static int is_number(PyObject *value) {
    return PyFloat_Check(value) || PyLong_CheckExact(value);
}

/* Stands in for Mobject.interpolate. 1: mixed; 0: something is not plain, nothing was changed; -1: error. */
static int mix_one(PyObject *object, PyObject *first, PyObject *second, PyObject *share,
                   PyTypeObject *kind) {
    Numbers from[ARRAYS], to[ARRAYS];
    PyObject *ends[2 * NUMBERS] = {NULL}, *one = NULL, *rest = NULL;
    int taken = 0, result = PyFloat_Check(share);
    for (; result == 1 && taken < ARRAYS; taken++) {
        to[taken].array = NULL;
        to[taken].is_held = 0;
        result = take(first, array_names[taken], kind, &from[taken]);
        if (result == 1) result = take(second, array_names[taken], kind, &to[taken]);
        if (result == 1) result = have_same_shape(&from[taken].view, &to[taken].view);
    }
    for (int i = 0; result == 1 && i < 2 * NUMBERS; i++) {
        ends[i] = PyObject_GetAttr(i % 2 ? second : first, number_names[i / 2]);
        if (ends[i]) result = is_number(ends[i]);
        else if (PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear(), result = 0;
        else result = -1;
    }
    if (result == 1) {
        one = PyLong_FromLong(1);
        rest = one ? PyNumber_Subtract(one, share) : NULL;
        if (!rest) result = -1;
    }
    double by = result == 1 ? PyFloat_AS_DOUBLE(share) : 0;
    for (int i = 0; result == 1 && i < ARRAYS; i++)
        if (set_mixed_array(object, i, &from[i], &to[i], by)) result = -1;
    for (int i = 0; result == 1 && i < NUMBERS; i++)
        if (set_mixed_number(object, number_names[i], ends[2 * i], ends[2 * i + 1], share, rest))
            result = -1;
    release(from, taken);
    release(to, taken);
    for (int i = 0; i < 2 * NUMBERS; i++) Py_XDECREF(ends[i]);
    Py_XDECREF(one);
    Py_XDECREF(rest);
    return result;
}

static PyObject *mix(PyObject *self, PyObject *args) {
    PyObject *object, *first, *second, *share, *kind;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOOO!", &object, &first, &second, &share, &PyType_Type, &kind))
        return NULL;
    int result = mix_one(object, first, second, share, (PyTypeObject *)kind);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

PyDoc_STRVAR(mix_doc,
             "mix(mobject, start, end, share, ndarray) -> bool\n\n"
             "Make an object what lies between two others; False, and nothing is changed, where\n"
             "anything of them is not plain.\n\n"
             "Stands in for Mobject.interpolate along a straight path, with\n"
             "VMobject.interpolate_color.");

static PyObject *mix_all(PyObject *self, PyObject *args) {
    PyObject *families, *shares, *plain, *leave, *kind;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!O!OOO!", &PyList_Type, &families, &PyList_Type, &shares, &plain,
                          &leave, &PyType_Type, &kind))
        return NULL;
    /* Their sizes are asked again each time: what is left to Python may do anything. */
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(families) && i < PyList_GET_SIZE(shares); i++) {
        PyObject *object, *first, *second, *share = PyList_GET_ITEM(shares, i);
        PyObject *row = PyList_GET_ITEM(families, i);
        if (!PyTuple_Check(row) || !PyArg_ParseTuple(row, "OOO", &object, &first, &second)) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a family is no tuple");
            return NULL;
        }
        Py_INCREF(row);
        Py_INCREF(share);
        PyObject *is_plain = PyObject_GetItem(plain, (PyObject *)Py_TYPE(object));
        int result = is_plain ? PyObject_IsTrue(is_plain) : -1;
        Py_XDECREF(is_plain);
        if (result == 1) result = mix_one(object, first, second, share, (PyTypeObject *)kind);
        if (result == 0) {
            PyObject *left = PyObject_CallFunctionObjArgs(leave, object, first, second, share, NULL);
            if (!left) result = -1;
            Py_XDECREF(left);
        }
        Py_DECREF(row);
        Py_DECREF(share);
        if (result < 0) return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(mix_all_doc,
             "mix_all(families, shares, plain, leave, ndarray)\n\n"
             "Mix every (mobject, start, end) by its share. ``plain[type]`` says of which mobjects;\n"
             "the others, and what is not plain of these, go to ``leave(mobject, start, end, share)``.\n\n"
             "Stands in for Transform.interpolate_mobject.");

/* --- copies ------------------------------------------------------------------------------- */

/* What Python's classify(type) says of a type of values. */
enum { OTHER = 0, SHARED = 1, ARRAY = 2, LIST = 3, COLOUR = 4, MOBJECT = 5 };

typedef struct {
    PyObject *kinds, *classify;   /* dict: type -> int, and what fills it */
    PyObject *plain, *find_plain; /* dict: type -> dict: name -> bool, and what fills it */
    PyObject *copy_other;         /* (value, memo) -> copy */
    PyObject *dtype;              /* of the arrays that are copied here */
    PyObject *memo, *kept;
} Copying;

static PyObject *copy_value(Copying *copying, PyObject *value);

/* The copy is known from now on, and the value lives as long, or its address could be another's. */
static int note(Copying *copying, PyObject *value, PyObject *made) {
    PyObject *address = PyLong_FromVoidPtr(value);
    int failed = !address || PyDict_SetItem(copying->memo, address, made);
    Py_XDECREF(address);
    return failed || PyList_Append(copying->kept, value) ? -1 : 0;
}

/* Give `made` a copy of each attribute of `object`; `plain` says which go into its dictionary
 * alone, NULL that all do. */
static int copy_attributes(Copying *copying, PyObject *object, PyObject *made, PyObject *plain) {
    PyObject *from = PyObject_GenericGetDict(object, NULL), *to = PyObject_GenericGetDict(made, NULL);
    int failed = !from || !to;
    Py_ssize_t at = 0, size = from ? PyDict_GET_SIZE(from) : 0;
    PyObject *name, *value;
    while (!failed && PyDict_Next(from, &at, &name, &value)) {
        Py_INCREF(name);
        Py_INCREF(value);
        PyObject *copied = copy_value(copying, value);
        int is_plain = 1;
        if (copied && plain) {
            PyObject *known = PyDict_GetItemWithError(plain, name);
            Py_XINCREF(known);
            if (!known && !PyErr_Occurred()) known = PyObject_GetItem(plain, name);
            is_plain = known ? PyObject_IsTrue(known) : -1;
            Py_XDECREF(known);
        }
        failed = !copied || is_plain < 0 ||
                 (is_plain ? PyDict_SetItem(to, name, copied) : PyObject_SetAttr(made, name, copied));
        Py_XDECREF(copied);
        Py_DECREF(name);
        Py_DECREF(value);
        if (!failed && PyDict_GET_SIZE(from) != size) {
            PyErr_SetString(PyExc_RuntimeError, "an object changed while it was copied");
            failed = 1;
        }
    }
    Py_XDECREF(from);
    Py_XDECREF(to);
    return failed ? -1 : 0;
}

static PyObject *create_like(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    return type->tp_new(type, no_arguments, NULL);
}

/* Stands in for Mobject.__deepcopy__. */
static PyObject *copy_mobject(Copying *copying, PyObject *object) {
    PyObject *plain = look_up(copying->plain, copying->find_plain, (PyObject *)Py_TYPE(object));
    if (!plain) return NULL;
    PyObject *made = create_like(object);
    /* Known before its attributes are: they may lead back to it. */
    if (!made || note(copying, object, made) || copy_attributes(copying, object, made, plain)) {
        Py_XDECREF(made);
        return NULL;
    }
    PyObject *address = PyLong_FromVoidPtr(object), *told = address ? PyObject_Str(address) : NULL;
    if (!told || PyObject_SetAttr(made, s_original_id, told)) Py_CLEAR(made);
    Py_XDECREF(address);
    Py_XDECREF(told);
    return made;
}

static PyObject *copy_list(Copying *copying, PyObject *list) {
    PyObject *made = PyList_New(0);
    if (!made || note(copying, list, made)) { /* it may be in itself */
        Py_XDECREF(made);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);
        Py_INCREF(item);
        PyObject *copied = copy_value(copying, item);
        Py_DECREF(item);
        if (!copied || PyList_Append(made, copied)) {
            Py_XDECREF(copied);
            Py_DECREF(made);
            return NULL;
        }
        Py_DECREF(copied);
    }
    return made;
}

/* NULL without an error where Python has to copy it. */
static PyObject *copy_array(Copying *copying, PyObject *array) {
    PyObject *dtype = PyObject_GetAttr(array, s_dtype);
    Py_XDECREF(dtype); /* the array holds it */
    if (dtype != copying->dtype) return NULL;
    PyObject *made = PyObject_CallMethodOneArg(array, s_deepcopy, copying->memo);
    if (made && note(copying, array, made)) Py_CLEAR(made);
    return made;
}

static PyObject *copy_colour(Copying *copying, PyObject *colour) {
    PyObject *made = create_like(colour);
    if (made && (copy_attributes(copying, colour, made, NULL) || note(copying, colour, made)))
        Py_CLEAR(made);
    return made;
}

/* Stands in for copy.deepcopy(value, memo). */
static PyObject *copy_value(Copying *copying, PyObject *value) {
    long kind = look_up_kind(copying->kinds, copying->classify, value);
    if (kind < 0) return NULL;
    if (kind == SHARED) {
        Py_INCREF(value);
        return value;
    }
    PyObject *address = PyLong_FromVoidPtr(value);
    if (!address) return NULL;
    PyObject *made = PyDict_GetItemWithError(copying->memo, address);
    Py_DECREF(address);
    if (made && made != Py_None) {
        Py_INCREF(made);
        return made;
    }
    if (PyErr_Occurred() || Py_EnterRecursiveCall(" while an object is copied")) return NULL;
    made = kind == ARRAY     ? copy_array(copying, value)
           : kind == LIST    ? copy_list(copying, value)
           : kind == COLOUR  ? copy_colour(copying, value)
           : kind == MOBJECT ? copy_mobject(copying, value)
                             : NULL;
    if (!made && !PyErr_Occurred())
        made = PyObject_CallFunctionObjArgs(copying->copy_other, value, copying->memo, NULL);
    Py_LeaveRecursiveCall();
    return made;
}

static PyObject *copy_object(PyObject *self, PyObject *args) {
    Copying copying;
    PyObject *object;
    (void)self;
    if (!PyArg_ParseTuple(args, "OO!(O!OO!OOO)", &object, &PyDict_Type, &copying.memo, &PyDict_Type,
                          &copying.kinds, &copying.classify, &PyDict_Type, &copying.plain,
                          &copying.find_plain, &copying.copy_other, &copying.dtype))
        return NULL;
    PyObject *address = PyLong_FromVoidPtr(copying.memo), *empty = PyList_New(0), *made = NULL;
    copying.kept = address && empty ? PyDict_SetDefault(copying.memo, address, empty) : NULL;
    Py_XINCREF(copying.kept);
    if (copying.kept && PyList_Check(copying.kept)) made = copy_mobject(&copying, object);
    else if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "the memo is not one of copy's");
    Py_XDECREF(copying.kept);
    Py_XDECREF(address);
    Py_XDECREF(empty);
    return made;
}

PyDoc_STRVAR(copy_object_doc,
             "copy_object(mobject, memo, facts) -> mobject\n\n"
             "What Mobject.__deepcopy__ returns. The facts: of types of values their kinds as bits\n"
             "and what finds them, of types of objects the attributes that are set in their\n"
             "dictionary alone and what finds those, what copies other values, a dtype.\n\n"
             "Stands in for Mobject.__deepcopy__.");

/* --- what is to be seen of objects -------------------------------------------------------- */

#define TOLD 6 /* numbers that an object itself has; its joints and caps come after them */

static PyObject *told_names[TOLD], *s_joint, *s_cap, *s_value, *s_number, *s_submobjects, *s_updaters;

typedef struct {
    unsigned char *bytes;
    size_t used, room;
} Written;

static int put(Written *written, const void *bytes, size_t count) {
    if (written->used + count > written->room) {
        size_t room = 2 * (written->used + count);
        unsigned char *more = PyMem_Realloc(written->bytes, room);
        if (!more) return PyErr_NoMemory(), -1;
        written->bytes = more;
        written->room = room;
    }
    memcpy(written->bytes + written->used, bytes, count);
    written->used += count;
    return 0;
}

/* Each part has its kind and its size before it, so that no two can be taken for another two. */
static int put_part(Written *written, char kind, const void *bytes, size_t count) {
    uint64_t size = count;
    return put(written, &kind, 1) || put(written, &size, sizeof size) || put(written, bytes, count) ? -1
                                                                                                   : 0;
}

/* 1: written; 0: it is something else; -1: error. Takes the reference. */
static int put_number(Written *written, PyObject *value) {
    int result = 0;
    if (!value) return -1;
    if (value == Py_None || PyBool_Check(value)) {
        char told = value == Py_True ? 1 : value == Py_False ? 0 : 2;
        result = put_part(written, 'b', &told, 1) ? -1 : 1;
    } else if (PyFloat_Check(value)) {
        double number = PyFloat_AS_DOUBLE(value);
        result = put_part(written, 'f', &number, sizeof number) ? -1 : 1;
    } else if (PyLong_CheckExact(value)) {
        int is_large;
        long long number = PyLong_AsLongLongAndOverflow(value, &is_large);
        if (!is_large) result = put_part(written, 'i', &number, sizeof number) ? -1 : 1;
    }
    Py_DECREF(value);
    return result;
}

/* A new reference to an attribute of an attribute; NULL with an error. */
static PyObject *read_member(PyObject *object, PyObject *name) {
    PyObject *member = PyObject_GetAttr(object, name);
    PyObject *value = member ? PyObject_GetAttr(member, s_value) : NULL;
    Py_XDECREF(member);
    return value;
}

static int put_array(Written *written, PyObject *array, char kind) {
    Py_buffer view;
    if (!PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)) {
        int failed = put_part(written, kind, view.buf, (size_t)view.len);
        PyBuffer_Release(&view);
        return failed;
    }
    PyErr_Clear(); /* in another order */
    PyObject *bytes = PyObject_CallMethod(array, "tobytes", NULL);
    int failed = !bytes || !PyBytes_Check(bytes) ||
                 put_part(written, kind, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
    Py_XDECREF(bytes);
    return failed ? -1 : 0;
}

static int put_arrays(Written *written, PyObject *attributes, PyTypeObject *kind) {
    for (int i = 0; i < ARRAYS - 1; i++) { /* without the direction of the sheen */
        PyObject *array = PyDict_GetItemWithError(attributes, array_names[i]);
        if (!array && PyErr_Occurred()) return -1;
        if (array && PyObject_TypeCheck(array, kind) && put_array(written, array, (char)('0' + i)))
            return -1;
    }
    return 0;
}

static int put_numbers(Written *written, PyObject *object, PyObject *attributes) {
    int result = 1;
    for (int i = 0; result == 1 && i < TOLD; i++)
        result = put_number(written, PyObject_GetAttr(object, told_names[i]));
    if (result == 1) result = put_number(written, read_member(object, s_joint));
    if (result == 1) result = put_number(written, read_member(object, s_cap));
    if (result == 1) {
        PyObject *number = PyDict_GetItemWithError(attributes, s_number);
        if (!number && PyErr_Occurred()) return -1;
        if (!number) number = Py_None;
        Py_INCREF(number);
        result = put_number(written, number);
    }
    if (result < 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear(); /* it is no vector object */
        result = 0;
    }
    return result;
}

static int put_sizes(Written *written, PyObject *object, PyObject *inner, Py_ssize_t updaters) {
    PyObject *points = PyObject_GetAttr(object, array_names[0]);
    int64_t sizes[3] = {points ? PyObject_Length(points) : -1, PyList_GET_SIZE(inner), updaters};
    Py_XDECREF(points);
    const char *name = Py_TYPE(object)->tp_name;
    return sizes[0] < 0 || put_part(written, 's', sizes, sizeof sizes) ||
                   put_part(written, 't', name, strlen(name))
               ? -1
               : 0;
}

/* Write what one object shows; `inner` are its parts, `describe` tells of objects that are not plain. */
static int put_object(Written *written, PyObject *object, PyObject *inner, Py_ssize_t updaters,
                      PyTypeObject *kind, PyObject *describe) {
    PyObject *attributes = PyObject_GenericGetDict(object, NULL);
    if (!attributes) return -1;
    size_t began_at = written->used;
    int result = put_numbers(written, object, attributes);
    if (result == 1)
        result = put_arrays(written, attributes, kind) || put_sizes(written, object, inner, updaters)
                     ? -1
                     : 1;
    Py_DECREF(attributes);
    if (result) return result < 0 ? -1 : 0;
    written->used = began_at;
    PyObject *told = PyObject_CallOneArg(describe, object);
    if (told && !PyBytes_Check(told)) PyErr_SetString(PyExc_TypeError, "bytes are needed");
    int failed = !told || !PyBytes_Check(told) ||
                 put_part(written, 'o', PyBytes_AS_STRING(told), (size_t)PyBytes_GET_SIZE(told));
    Py_XDECREF(told);
    return failed ? -1 : 0;
}

/* 1: met before, which is written; 0: new, and noted; -1: error. */
static int put_again(Written *written, PyObject *seen, PyObject *object) {
    PyObject *address = PyLong_FromVoidPtr(object);
    PyObject *known = address ? PyDict_GetItemWithError(seen, address) : NULL;
    int result = -1;
    if (known) {
        long long index = PyLong_AsLongLong(known);
        result = put_part(written, '=', &index, sizeof index) ? -1 : 1;
    } else if (address && !PyErr_Occurred()) {
        PyObject *index = PyLong_FromSsize_t(PyDict_GET_SIZE(seen));
        if (index && !PyDict_SetItem(seen, address, index)) result = 0;
        Py_XDECREF(index);
    }
    Py_XDECREF(address);
    return result;
}

/* Write the next of those that wait, and let its parts wait before the others. */
static int put_next(Written *written, PyObject *waiting, PyObject *seen, PyTypeObject *kind,
                    PyObject *describe, int *have_updaters) {
    Py_ssize_t last = PyList_GET_SIZE(waiting) - 1;
    PyObject *object = PyList_GET_ITEM(waiting, last);
    Py_INCREF(object);
    int result = PyList_SetSlice(waiting, last, last + 1, NULL) ? -1 : put_again(written, seen, object);
    if (result == 0) {
        PyObject *inner = PyObject_GetAttr(object, s_submobjects);
        PyObject *updaters = PyObject_GetAttr(object, s_updaters);
        Py_ssize_t count = updaters ? PyObject_Length(updaters) : -1;
        if (inner && !PyList_Check(inner)) {
            PyObject *list = PySequence_List(inner);
            Py_SETREF(inner, list);
        }
        if (!inner || count < 0 || put_object(written, object, inner, count, kind, describe)) result = -1;
        for (Py_ssize_t i = result ? 0 : PyList_GET_SIZE(inner); i > 0; i--)
            if (PyList_Append(waiting, PyList_GET_ITEM(inner, i - 1))) result = -1;
        *have_updaters |= count > 0;
        Py_XDECREF(inner);
        Py_XDECREF(updaters);
    }
    Py_DECREF(object);
    return result < 0 ? -1 : 0;
}

static PyObject *show(PyObject *self, PyObject *args) {
    PyObject *waiting, *describe, *kind, *made = NULL;
    Written written = {NULL, 0, 0};
    int have_updaters = 0, failed = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!OO!", &PyList_Type, &waiting, &describe, &PyType_Type, &kind))
        return NULL;
    PyObject *seen = PyDict_New();
    if (!seen) return NULL;
    while (!failed && PyList_GET_SIZE(waiting))
        failed = put_next(&written, waiting, seen, (PyTypeObject *)kind, describe, &have_updaters);
    if (!failed)
        made = Py_BuildValue("y#N", written.bytes ? (char *)written.bytes : "", (Py_ssize_t)written.used,
                             PyBool_FromLong(have_updaters));
    PyMem_Free(written.bytes);
    Py_DECREF(seen);
    return made;
}

PyDoc_STRVAR(show_doc,
             "show(waiting, describe, ndarray) -> (bytes, bool)\n\n"
             "What is to be seen of objects and their parts, the last of the list first, which is\n"
             "emptied; and whether any of them has an updater. ``describe(mobject)`` returns bytes of\n"
             "one that is not plain.\n\n"
             "Stands in for nothing of manim: checkpoints/digests.py hashes the bytes.");

static PyMethodDef functions[] = {
    FUNCTION(copy_object), FUNCTION(mix), FUNCTION(mix_all), FUNCTION(show), {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_objects", "Copies of objects, objects between two others, and digests of objects.", -1,
    functions,
};

PyMODINIT_FUNC PyInit__objects(void) {
    const Name names[] = {
        {&array_names[0], "points"}, {&array_names[1], "fill_rgbas"}, {&array_names[2], "stroke_rgbas"},
        {&array_names[3], "background_stroke_rgbas"}, {&array_names[4], "sheen_direction"},
        {&number_names[0], "stroke_width"}, {&number_names[1], "background_stroke_width"},
        {&number_names[2], "sheen_factor"}, {&told_names[0], "stroke_width"},
        {&told_names[1], "background_stroke_width"}, {&told_names[2], "z_index"},
        {&told_names[3], "sheen_factor"}, {&told_names[4], "shade_in_3d"},
        {&told_names[5], "updating_suspended"}, {&s_copy, "copy"}, {&s_deepcopy, "__deepcopy__"},
        {&s_dtype, "dtype"}, {&s_joint, "joint_type"}, {&s_cap, "cap_style"}, {&s_value, "_value_"},
        {&s_number, "number"}, {&s_submobjects, "submobjects"}, {&s_updaters, "updaters"},
        {&s_original_id, "original_id"},
    };
    if (!(no_arguments = PyTuple_New(0))) return NULL;
    return create_module(&module, names, COUNT(names));
}
