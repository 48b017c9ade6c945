/* Drawing of many vector objects with one call from Python: the same cairo operations, in the same
 * order and with the same numbers, that manim's cameras make one by one. And the finished picture's
 * way into a video's colours.
 *
 * Optional: hatch_build.py compiles it where a C compiler and cairo's headers are found, and
 * drawing/ works without it. Objects that are not plain (more than four colours, methods overridden
 * in a subclass, arrays of other types) are handed back to Python, one by one and in their place.
 * Compiled with -ffp-contract=off, so that no machine rounds differently.
 */
#include "_module.h"
#include <cairo.h>
#include <math.h>

#define DEEPEST 200
#define MOST_SPARE 8
#define MOST_COLOURS 4
#define RELATIVE_TOLERANCE 1e-5 /* numpy.isclose's own */

/* What Python's classify(type) says of a type. */
enum { STOCK_FAMILY = 1, VECTOR = 2, STOCK_STYLE = 4, STOCK_CENTER = 8, UNSEEN = 16 };

static PyObject *s_points, *s_fill, *s_stroke, *s_width, *s_back, *s_back_width, *s_joint, *s_cap,
    *s_tolerance, *s_submobjects, *s_image, *s_shade, *s_group, *s_dict, *s_gradient;

typedef struct {
    PyObject *kinds;    /* dict: type -> int */
    PyObject *classify; /* type -> int */
} Kinds;

static long find_kind(const Kinds *kinds, PyObject *object) {
    return look_up_kind(kinds->kinds, kinds->classify, object);
}

/* --- arrays ------------------------------------------------------------------------------- */

typedef struct {
    Py_buffer view;
    int is_held;
    const double *data;
    Py_ssize_t rows;
} Rows;

/* Take attribute `name` of `object` as rows of `columns` doubles.
 * 1: taken; 0: missing or of another type; -1: error. */
static int take_rows(PyObject *object, PyObject *name, Py_ssize_t columns, Rows *rows) {
    PyObject *array;
    rows->is_held = 0;
    int found = find_attribute(object, name, &array);
    if (found < 1) return found;
    rows->is_held = hold_doubles(array, &rows->view);
    Py_DECREF(array);
    if (!rows->is_held) return 0;
    const Py_buffer *view = &rows->view;
    if (view->ndim != 2 || view->shape[1] != columns) {
        PyBuffer_Release(&rows->view);
        rows->is_held = 0;
        return 0;
    }
    rows->data = view->buf;
    rows->rows = view->shape[0];
    return 1;
}

static void release(Rows *rows) {
    if (rows->is_held) PyBuffer_Release(&rows->view);
    rows->is_held = 0;
}

/* 1: a number; 0: something else, such as a text; -1: error. */
static int take_number(PyObject *object, PyObject *name, double *number) {
    PyObject *value = PyObject_GetAttr(object, name);
    if (!value) return -1;
    int is_number = PyFloat_Check(value) || PyLong_Check(value);
    if (is_number) *number = PyFloat_AsDouble(value);
    Py_DECREF(value);
    return is_number && PyErr_Occurred() ? -1 : is_number;
}

static int are_finite(const double *data, Py_ssize_t count) {
    double sum = 0;
    for (Py_ssize_t i = 0; i < count; i++) sum += data[i] * 0.0;
    return sum == 0.0;
}

/* --- paths -------------------------------------------------------------------------------- */

static int is_close(double a, double b, double tolerance) {
    return a == b || fabs(a - b) <= tolerance + RELATIVE_TOLERANCE * fabs(b);
}

static int meet(const double *a, const double *b, double tolerance) {
    return is_close(a[0], b[0], tolerance) && is_close(a[1], b[1], tolerance);
}

/* Stands in for Camera.set_cairo_context_path. Append n points of `stride` doubles; returns whether there was a curve. A subpath ends where a
 * curve's end and the next one's start do not meet, and is closed where its own ends meet. */
static int append_path(cairo_t *context, const double *p, Py_ssize_t n, int stride, double tolerance) {
    Py_ssize_t usable = n - n % 4;
    if (usable == 0) return 0;
    for (Py_ssize_t first = 0; first < usable;) {
        const double *start = p + first * stride;
        cairo_new_sub_path(context);
        cairo_move_to(context, start[0], start[1]);
        Py_ssize_t at = first;
        const double *end;
        do {
            const double *curve = p + at * stride;
            end = curve + 3 * stride;
            cairo_curve_to(context, curve[stride], curve[stride + 1], curve[2 * stride],
                           curve[2 * stride + 1], end[0], end[1]);
            at += 4;
        } while (at < usable && meet(end, p + at * stride, tolerance));
        if (meet(start, end, tolerance)) cairo_close_path(context);
        first = at;
    }
    return 1;
}

/* --- styles ------------------------------------------------------------------------------- */

typedef struct {
    PyObject *member;
    int value;
} Choice;

typedef struct {
    Choice choices[16];
    int count;
} Choices;

/* Enum members are singletons, so they are told apart by their address: their hash is slow. */
static int read_choices(PyObject *map, Choices *choices) {
    PyObject *member, *value;
    Py_ssize_t position = 0;
    choices->count = 0;
    while (choices->count < 16 && PyDict_Next(map, &position, &member, &value)) {
        choices->choices[choices->count].member = member;
        choices->choices[choices->count++].value = (int)PyLong_AsLong(value);
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int choose(PyObject *object, PyObject *name, const Choices *choices, int *value) {
    PyObject *member = PyObject_GetAttr(object, name);
    if (!member) return -1;
    Py_DECREF(member); /* the object holds it */
    for (int i = 0; i < choices->count; i++)
        if (choices->choices[i].member == member) {
            *value = choices->choices[i].value;
            return 1;
        }
    return 0;
}

/* A colour, or several at even distances along a line. Manim's pixels are RGBA where cairo writes
 * BGRA, so red and blue change places. */
typedef struct {
    double rgba[MOST_COLOURS][4];
    int count;
} Paint;

/* `line` leads from (x0, y0) to (x1, y1). */
typedef struct {
    Paint back, fill, stroke;
    double back_width, width, tolerance, line[4];
    int join, cap;
} Style;

/* Stands in for Camera.set_cairo_context_color. */
static void set_source(cairo_t *context, const Paint *paint, const double *line) {
    if (paint->count == 1) {
        const double *only = paint->rgba[0];
        cairo_set_source_rgba(context, only[2], only[1], only[0], only[3]);
        return;
    }
    cairo_pattern_t *pattern = cairo_pattern_create_linear(line[0], line[1], line[2], line[3]);
    int last = paint->count - 1;
    for (int i = 0; i <= last; i++) {
        const double *rgba = paint->rgba[i];
        cairo_pattern_add_color_stop_rgba(pattern, i == last ? 1 : i * (1.0 / last), rgba[2], rgba[1], rgba[0],
                                          rgba[3]);
    }
    cairo_set_source(context, pattern);
    cairo_pattern_destroy(pattern);
}

static int is_visible(const Paint *paint) {
    for (int i = 0; i < paint->count; i++)
        if (paint->rgba[i][3] != 0) return 1;
    return 0;
}

/* How light falls on a shaded object: what is added at its start corner and at its end corner. */
typedef struct {
    int is_shaded;
    double light[2];
    double line[4];
} Shade;

/* Stands in for Camera.get_fill_rgbas, get_stroke_rgbas and ThreeDCamera.modified_rgbas.
 * 1: taken; 0: too many colours; -1: error. */
static int take_paint(PyObject *object, PyObject *name, const Shade *shade, Paint *paint) {
    Rows rows;
    int taken = take_rows(object, name, 4, &rows);
    if (taken < 0) return -1;
    paint->count = 1;
    paint->rgba[0][3] = 0; /* without the attribute manim takes an invisible black */
    if (!taken) return !PyObject_HasAttr(object, name);
    int is_plain = rows.rows > 0 && (shade->is_shaded || rows.rows <= MOST_COLOURS);
    if (is_plain) {
        paint->count = shade->is_shaded ? 2 : (int)rows.rows;
        for (int stop = 0; stop < paint->count; stop++) {
            const double *rgba = rows.data + (rows.rows > 1 ? 4 * stop : 0);
            for (int i = 0; i < 4; i++)
                paint->rgba[stop][i] = rgba[i] + (shade->is_shaded && i < 3 ? shade->light[stop] : 0);
        }
    }
    release(&rows);
    return is_plain;
}

static int take_style(PyObject *object, const Choices *joins, const Choices *caps, const Shade *shade,
                      Style *style) {
    int found;
    if ((found = take_number(object, s_width, &style->width)) < 1) return found;
    if ((found = take_number(object, s_back_width, &style->back_width)) < 1) return found;
    if ((found = take_number(object, s_tolerance, &style->tolerance)) < 1) return found;
    if ((found = choose(object, s_joint, joins, &style->join)) < 1) return found;
    if ((found = choose(object, s_cap, caps, &style->cap)) < 1) return found;
    if ((found = take_paint(object, s_fill, shade, &style->fill)) < 1) return found;
    if ((found = take_paint(object, s_stroke, shade, &style->stroke)) < 1) return found;
    style->back.count = 1;
    style->back.rgba[0][3] = 0;
    memcpy(style->line, shade->line, sizeof style->line);
    if (style->back_width > 0) return take_paint(object, s_back, shade, &style->back);
    return 1;
}

/* Stands in for Camera.apply_stroke. */
static void stroke(cairo_t *context, double width, const Style *style) {
    cairo_set_line_width(context, width);
    cairo_set_line_join(context, style->join);
    cairo_set_line_cap(context, style->cap);
    cairo_stroke_preserve(context);
}

/* Stands in for Camera.display_vectorized. */
static void paint_path(cairo_t *context, const double *points, Py_ssize_t count, int stride,
                       const Style *style, double multiple) {
    int has_back = style->back_width > 0 && is_visible(&style->back);
    int has_fill = is_visible(&style->fill);
    int has_stroke = style->width > 0 && is_visible(&style->stroke);
    if (!(has_back || has_fill || has_stroke)) return;
    cairo_new_path(context);
    if (!append_path(context, points, count, stride, style->tolerance)) return;
    if (has_back) {
        set_source(context, &style->back, style->line);
        stroke(context, style->back_width * multiple, style);
    }
    if (has_fill) {
        set_source(context, &style->fill, style->line);
        cairo_fill_preserve(context);
    }
    if (has_stroke) {
        set_source(context, &style->stroke, style->line);
        stroke(context, style->width * multiple, style);
    }
}

/* --- space -------------------------------------------------------------------------------- */

typedef struct {
    double rotation[9], center[3], light[3];
    double focal_distance, zoom;
    int is_exponential, does_shade;
    PyObject *in_frame;    /* set of objects that are not projected */
    PyObject *orientation; /* dict of objects of which only the center is projected, to what returns it */
    double *points;        /* of the object that is drawn, projected: room for `room` of them */
    Py_ssize_t room;
} View;

/* Stands in for ThreeDCamera.project_points. */
static void project(const View *view, const double *point, double *projected) {
    double d[3], r[3];
    for (int i = 0; i < 3; i++) d[i] = point[i] - view->center[i];
    for (int i = 0; i < 3; i++) {
        const double *row = view->rotation + 3 * i;
        r[i] = d[0] * row[0] + d[1] * row[1] + d[2] * row[2];
    }
    double depth = view->focal_distance - r[2], factor;
    if (view->is_exponential)
        factor = r[2] < 0 ? view->focal_distance / depth : exp(r[2] / view->focal_distance);
    else
        factor = depth < 0 ? 1e6 : view->focal_distance / depth;
    projected[0] = r[0] * (factor * view->zoom);
    projected[1] = r[1] * (factor * view->zoom);
}

static double largest(const double *v) {
    return fmax(fmax(fabs(v[0]), fabs(v[1])), fabs(v[2]));
}

static void set(double *v, double x, double y, double z) {
    v[0] = x;
    v[1] = y;
    v[2] = z;
}

static void divide(double *v, double by) {
    for (int i = 0; i < 3; i++) v[i] /= by;
}

/* Stands in for manim.utils.space_ops.get_unit_normal, with its choices for vectors that are nothing or in one line. */
static void find_normal(const double *v1, const double *v2, double *normal) {
    const double tolerance = 1e-6;
    double size1 = largest(v1), size2 = largest(v2), u[3], w[3];
    for (int i = 0; i < 3; i++) {
        u[i] = size1 ? v1[i] / size1 : 0;
        w[i] = size2 ? v2[i] / size2 : 0;
    }
    if (!size1 && !size2) {
        set(normal, 0, -1, 0);
        return;
    }
    if (size1 && size2) {
        set(normal, u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]);
        double length = sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
        if (length > tolerance) {
            divide(normal, length);
            return;
        }
    }
    const double *only = size1 ? u : w;
    if (fabs(only[0]) < tolerance && fabs(only[1]) < tolerance) {
        set(normal, 0, -1, 0);
        return;
    }
    set(normal, -only[0] * only[2], -only[1] * only[2], only[0] * only[0] + only[1] * only[1]);
    divide(normal, sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]));
}

/* Stands in for manim.utils.color.get_shaded_rgb and three_d_utils' normals at corners: what light adds
 * to the colour at point `i` of the n points of a face. */
static double find_light(const View *view, const double *points, Py_ssize_t n, Py_ssize_t i) {
    const double *corner = points + 3 * i;
    double normal[3] = {0, 1, 0}, sun[3];
    if (n >= 8) { /* with two anchors or fewer the normal is UP */
        const double *before = points + 3 * (i > 2 ? i - 3 : n - 4);
        const double *after = points + 3 * (i < n - 3 ? i + 3 : 3);
        double v1[3], v2[3];
        for (int k = 0; k < 3; k++) {
            v1[k] = after[k] - corner[k];
            v2[k] = before[k] - corner[k];
        }
        find_normal(v1, v2, normal);
    }
    for (int k = 0; k < 3; k++) sun[k] = view->light[k] - corner[k];
    double distance = sqrt(sun[0] * sun[0] + sun[1] * sun[1] + sun[2] * sun[2]);
    if (distance > 0) divide(sun, distance);
    double light = 0.5 * pow(normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2], 3);
    return light < 0 ? light * 0.5 : light;
}

static int read_doubles(PyObject *sequence, double *numbers, Py_ssize_t count) {
    PyObject *fast = PySequence_Fast(sequence, "a sequence of numbers is needed");
    if (!fast) return -1;
    int is_wrong = PySequence_Fast_GET_SIZE(fast) != count;
    for (Py_ssize_t i = 0; !is_wrong && i < count; i++)
        numbers[i] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(fast, i));
    Py_DECREF(fast);
    if (is_wrong) PyErr_SetString(PyExc_ValueError, "not as many numbers as needed");
    return PyErr_Occurred() ? -1 : 0;
}

/* Where an object's points go in the picture. */
typedef struct {
    const View *view;
    int is_flat;  /* as they are, but moved by what follows */
    double by[2];
} Place;

/* Find how far an object that keeps its orientation is moved; 0, or -1 with an error set. */
static int find_shift(const View *view, PyObject *object, double *by) {
    PyObject *find_center = PyDict_GetItemWithError(view->orientation, object);
    if (!find_center) return -1;
    double center[3], projected[2];
    PyObject *found = PyObject_CallNoArgs(find_center);
    int failed = !found || read_doubles(found, center, 3);
    Py_XDECREF(found);
    if (failed) return -1;
    project(view, center, projected);
    for (int k = 0; k < 2; k++) by[k] = projected[k] - center[k];
    return 0;
}

/* Stands in for the choice of ThreeDCamera.transform_points_pre_display. 0, or -1 with an error set. */
static int find_place(const View *view, PyObject *object, Place *place) {
    *place = (Place){view, 0, {0, 0}};
    int is_in_frame = PySet_Contains(view->in_frame, object);
    int has_orientation = PyDict_Contains(view->orientation, object);
    if (is_in_frame < 0 || has_orientation < 0) return -1;
    place->is_flat = is_in_frame || has_orientation;
    return has_orientation && !is_in_frame ? find_shift(view, object, place->by) : 0;
}

/* Stands in for ThreeDCamera.transform_points_pre_display, a point. */
static void put(const Place *place, const double *point, double *put_at) {
    if (!place->is_flat) {
        project(place->view, point, put_at);
        return;
    }
    for (int k = 0; k < 2; k++) put_at[k] = point[k] + place->by[k];
}

static int has_gradient(const Style *style) {
    return style->back.count > 1 || style->fill.count > 1 || style->stroke.count > 1;
}

/* Find the line along which an object's colours change; 0, or -1 with an error set. */
static int find_line(PyObject *object, const Place *place, double *line) {
    PyObject *ends = PyObject_CallMethodNoArgs(object, s_gradient);
    PyObject *both = ends ? PySequence_Fast(ends, "two points are needed") : NULL;
    Py_XDECREF(ends);
    int failed = !both;
    if (!failed && PySequence_Fast_GET_SIZE(both) != 2) {
        PyErr_SetString(PyExc_ValueError, "two points are needed");
        failed = 1;
    }
    for (int end = 0; end < 2 && !failed; end++) {
        double point[3];
        failed = read_doubles(PySequence_Fast_GET_ITEM(both, end), point, 3);
        if (!failed) put(place, point, line + 2 * end);
    }
    Py_XDECREF(both);
    return failed ? -1 : 0;
}

/* 1: done; 0: Python has to; -1: error. Sets *points and *stride to what is drawn. */
static int digest_scene(View *view, PyObject *object, const Rows *rows, const Place *place, Shade *shade,
                   const double **points, int *stride) {
    PyObject *shades = PyObject_GetAttr(object, s_shade);
    if (!shades) return -1;
    int is_shaded = view->does_shade ? PyObject_IsTrue(shades) : 0;
    Py_DECREF(shades);
    if (is_shaded < 0) return -1;
    if (rows->rows > view->room) {
        double *grown = PyMem_Realloc(view->points, sizeof(double) * 2 * 2 * rows->rows);
        if (!grown) {
            PyErr_NoMemory();
            return -1;
        }
        view->points = grown;
        view->room = 2 * rows->rows;
    }
    for (Py_ssize_t i = 0; i < rows->rows; i++) put(place, rows->data + 3 * i, view->points + 2 * i);
    *points = view->points;
    *stride = 2;
    shade->is_shaded = is_shaded;
    if (is_shaded) {
        if (rows->rows % 4) return 0;
        Py_ssize_t end = (rows->rows - 1) / 6 * 3;
        shade->light[0] = find_light(view, rows->data, rows->rows, 0);
        shade->light[1] = find_light(view, rows->data, rows->rows, end);
        const double *at = *points + *stride * end;
        shade->line[0] = (*points)[0];
        shade->line[1] = (*points)[1];
        shade->line[2] = at[0];
        shade->line[3] = at[1];
    }
    return 1;
}

/* --- what is drawn later -------------------------------------------------------------------- */

/* An object of which Python is asked no more. */
typedef struct {
    size_t first; /* of its points, two doubles each */
    Py_ssize_t count;
    Style style;
    int is_shaded;
} Item;

/* What is to be drawn, in order. */
typedef struct {
    Item *items;
    size_t item_count, item_room;
    double *points;
    size_t point_count, point_room;
    double multiple; /* width of a line in the units of the points */
} Recording;

/* A picture that a recording is drawn in. */
typedef struct {
    const Recording *recording;
    cairo_matrix_t matrix;
    unsigned char *pixels;
    int width, height, stride;
    unsigned char *mask; /* how much of every pixel a shaded object covers; nothing between two of them */
    int mask_stride;
    cairo_status_t status;
} Canvas;

/* Pixels beyond which nothing of an object is. */
typedef struct {
    double left, right, top, bottom;
} Box;

/* Make room for `more` beyond `used` things of `size` bytes; 0, or -1 for want of memory. */
static int reserve(void **memory, size_t *room, size_t used, size_t more, size_t size) {
    if (used + more <= *room) return 0;
    size_t wanted = 2 * (used + more);
    void *grown = PyMem_RawRealloc(*memory, wanted * size);
    if (!grown) {
        PyErr_NoMemory();
        return -1;
    }
    *memory = grown;
    *room = wanted;
    return 0;
}

static int record_one(Recording *recording, const double *points, Py_ssize_t count, int stride,
                  const Style *style, int is_shaded) {
    if (reserve((void **)&recording->items, &recording->item_room, recording->item_count, 1, sizeof(Item)) ||
        reserve((void **)&recording->points, &recording->point_room, recording->point_count,
                2 * (size_t)count, sizeof(double)))
        return -1;
    Item *item = recording->items + recording->item_count++;
    *item = (Item){recording->point_count, count, *style, is_shaded};
    for (Py_ssize_t i = 0; i < count; i++) {
        recording->points[recording->point_count++] = points[stride * i];
        recording->points[recording->point_count++] = points[stride * i + 1];
    }
    return 1;
}

/* Functions that are compiled for wider instructions, too. They take integers, or round every
 * operation alone, so that these change no result. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* Two products by a number of which 255 stands for 1, rounded as pixman does. */
static inline uint32_t multiply_two(uint32_t pair, uint32_t by) {
    uint32_t product = pair * by + 0x800080;
    return (product + (product >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
}

static inline double limit(double number) {
    return number > 0 ? (number < 1 ? number : 1) : 0;
}

/* Two colours along a line: of the pixel in `column` it is `start + step * column` of the way. */
typedef struct {
    float from[4], change[4], start, step;
} Ramp;

/* Paint `count` pixels from `column` on, as far as they are covered. Wider instructions do the same
 * operations, each rounded alone, so they change no result. What is not covered stays. */
WIDE static void blend_run(const Ramp *ramp, int column, int count, const unsigned char *restrict covers,
                           uint32_t *restrict pixels) {
    const float start = ramp->start, step = ramp->step;
    const float red = ramp->from[0], green = ramp->from[1], blue = ramp->from[2], opacity = ramp->from[3];
    const float more_red = ramp->change[0], more_green = ramp->change[1], more_blue = ramp->change[2];
    const float more_opacity = ramp->change[3];
    for (int i = 0; i < count; i++) {
        float at = start + step * (float)(column + i);
        at = at > 0 ? at : 0;
        at = at < 1 ? at : 1;
        float alpha = 255 * (opacity + at * more_opacity);
        uint32_t covered = covers[i], pixel = pixels[i];
        uint32_t r = (uint32_t)(int32_t)(alpha * (red + at * more_red) + 0.5f);
        uint32_t g = (uint32_t)(int32_t)(alpha * (green + at * more_green) + 0.5f);
        uint32_t b = (uint32_t)(int32_t)(alpha * (blue + at * more_blue) + 0.5f);
        uint32_t a = (uint32_t)(int32_t)(alpha + 0.5f);
        uint32_t rb = multiply_two(r | b << 16, covered), ga = multiply_two(g | a << 16, covered);
        uint32_t rest = 255 - (ga >> 16);
        rb += multiply_two(pixel & 0xff00ff, rest);
        ga += multiply_two(pixel >> 8 & 0xff00ff, rest);
        pixels[i] = (rb & 0xff00ff) | (ga & 0xff00ff) << 8;
    }
}

/* Whether none of the next pixels is covered, eight at a time. */
static int is_empty(const unsigned char *covers) {
    uint64_t eight;
    memcpy(&eight, covers, sizeof eight);
    return !eight;
}

/* Paint what is covered of the pixels from `column` to `right`, and empty that part of the mask. */
static void blend_row(const Ramp *ramp, int column, int right, unsigned char *covers, uint32_t *pixels) {
    while (column < right) {
        int first = column;
        while (column + 8 <= right && !is_empty(covers + column)) column += 8;
        int last = column + 8 <= right ? column : right;
        if (last > first) {
            blend_run(ramp, first, last - first, covers + first, pixels + first);
            memset(covers + first, 0, last - first);
        }
        column = column + 8 <= right ? column + 8 : right;
    }
}

/* A part of a colour as cairo rounds it. */
static int round_part(double part) {
    return (int)(limit(part) * 65535 + 0.5);
}

/* Where cairo paints one colour, for both are the same or there is no line, take that one, rounded as
 * a colour is and not as a gradient. */
static int find_single(const Paint *paint, double length, Ramp *ramp) {
    double parts[4];
    for (int i = 0; i < 4; i++) {
        double first = paint->rgba[0][i], second = paint->rgba[1][i];
        if (length > 0 && round_part(first) != round_part(second)) return 0;
        parts[i] = (limit(first) + limit(second)) / 2;
    }
    float alpha = (float)(round_part(parts[3]) >> 8);
    for (int i = 0; i < 4; i++) ramp->change[i] = 0;
    for (int i = 0; i < 3; i++) ramp->from[i] = (float)(round_part(parts[i] * parts[3]) >> 8) / fmaxf(alpha, 1);
    ramp->from[3] = alpha / 255;
    return 1;
}

/* Paint what the mask covers with two colours along the object's line, and empty the mask. */
static void blend(const Canvas *canvas, const Item *item, const Box *box, const Paint *paint) {
    Ramp ramp;
    const double *line = item->style.line;
    double dx = line[2] - line[0], dy = line[3] - line[1], length = dx * dx + dy * dy;
    int is_single = find_single(paint, length, &ramp);
    for (int i = 0; i < 4 && !is_single; i++) {
        ramp.from[i] = (float)limit(paint->rgba[0][i]);
        ramp.change[i] = (float)(limit(paint->rgba[1][i]) - ramp.from[i]);
    }
    cairo_matrix_t back = canvas->matrix;
    cairo_matrix_invert(&back);
    int left = (int)fmax(box->left, 0), right = (int)fmin(box->right + 1, canvas->width);
    int last = (int)fmin(box->bottom + 1, canvas->height);
    for (int row = (int)fmax(box->top, 0); row < last; row++) {
        /* How far along the line the middle of the row's first pixel is, and how far a pixel leads. */
        double x = 0.5, y = row + 0.5;
        cairo_matrix_transform_point(&back, &x, &y);
        ramp.start = (float)(length > 0 ? ((x - line[0]) * dx + (y - line[1]) * dy) / length : 0);
        ramp.step = (float)(length > 0 ? (back.xx * dx + back.yx * dy) / length : 0);
        blend_row(&ramp, left, right, canvas->mask + (size_t)canvas->mask_stride * row,
                  (uint32_t *)(canvas->pixels + (size_t)canvas->stride * row));
    }
}

static Box find_box(const Canvas *canvas, const Item *item) {
    const double *points = canvas->recording->points + item->first;
    Box box = {HUGE_VAL, -HUGE_VAL, HUGE_VAL, -HUGE_VAL};
    for (Py_ssize_t i = 0; i < item->count; i++) {
        double x = points[2 * i], y = points[2 * i + 1];
        cairo_matrix_transform_point(&canvas->matrix, &x, &y);
        box.left = x < box.left ? x : box.left;
        box.right = x > box.right ? x : box.right;
        box.top = y < box.top ? y : box.top;
        box.bottom = y > box.bottom ? y : box.bottom;
    }
    double width = canvas->recording->multiple * fmax(item->style.width, item->style.back_width), none = 0;
    cairo_matrix_transform_distance(&canvas->matrix, &width, &none);
    /* A mitre reaches ten half widths beyond its corner at most, cairo's own limit. */
    double beyond = 5 * hypot(width, none) + 2;
    return (Box){box.left - beyond, box.right + beyond, box.top - beyond, box.bottom + beyond};
}

/* Draw an object on which light falls: cairo says what it covers, and takes twice the time for
 * painting that with its gradients. The context is the mask's. */
static void paint_shaded(cairo_t *context, const Canvas *canvas, const Item *item) {
    const Style *style = &item->style;
    double multiple = canvas->recording->multiple;
    cairo_new_path(context);
    if (!append_path(context, canvas->recording->points + item->first, item->count, 2, style->tolerance))
        return;
    Box box = find_box(canvas, item);
    if (style->back_width > 0 && is_visible(&style->back)) {
        stroke(context, style->back_width * multiple, style);
        blend(canvas, item, &box, &style->back);
    }
    if (is_visible(&style->fill)) {
        cairo_fill_preserve(context);
        blend(canvas, item, &box, &style->fill);
    }
    if (style->width > 0 && is_visible(&style->stroke)) {
        stroke(context, style->width * multiple, style);
        blend(canvas, item, &box, &style->stroke);
    }
}

static cairo_t *create_context(unsigned char *pixels, cairo_format_t format, const Canvas *canvas, int stride) {
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, format, canvas->width, canvas->height, stride);
    cairo_t *context = cairo_create(surface);
    cairo_surface_destroy(surface); /* the context holds it */
    cairo_set_matrix(context, &canvas->matrix);
    return context;
}

/* Draw a recording; any thread may, without Python's lock. */
static void paint_canvas(Canvas *canvas) {
    const Recording *recording = canvas->recording;
    cairo_t *context = create_context(canvas->pixels, CAIRO_FORMAT_ARGB32, canvas, canvas->stride);
    cairo_t *masked = create_context(canvas->mask, CAIRO_FORMAT_A8, canvas, canvas->mask_stride);
    for (size_t i = 0; i < recording->item_count; i++) {
        const Item *item = recording->items + i;
        if (item->is_shaded)
            paint_shaded(masked, canvas, item);
        else
            paint_path(context, recording->points + item->first, item->count, 2, &item->style,
                       recording->multiple);
    }
    canvas->status = cairo_status(context) ? cairo_status(context) : cairo_status(masked);
    cairo_destroy(context);
    cairo_destroy(masked);
}

/* The last pictures' masks, so that the next ones find their memory mapped. They are taken and
 * given back while Python's lock is held, and given back empty. */
typedef struct {
    unsigned char *memory;
    size_t size;
} Spare;

static Spare spares[MOST_SPARE];

static unsigned char *take_spare(size_t size) {
    for (int i = 0; i < MOST_SPARE; i++)
        if (spares[i].memory && spares[i].size == size) {
            unsigned char *memory = spares[i].memory;
            spares[i].memory = NULL;
            return memory;
        }
    unsigned char *memory = PyMem_RawCalloc(size, 1);
    if (!memory) PyErr_NoMemory();
    return memory;
}

static void give_back(unsigned char *memory, size_t size) {
    int i = 0;
    while (i < MOST_SPARE - 1 && spares[i].memory) i++;
    PyMem_RawFree(spares[i].memory);
    spares[i] = (Spare){memory, size};
}

/* Draw a recording, over `base` where there is one, while other threads go on; 0, or -1 with an error set. */
static int paint_picture(Canvas *canvas, const void *base) {
    canvas->mask_stride = cairo_format_stride_for_width(CAIRO_FORMAT_A8, canvas->width);
    size_t size = (size_t)canvas->mask_stride * canvas->height;
    canvas->mask = take_spare(size);
    if (!canvas->mask) return -1;
    Py_BEGIN_ALLOW_THREADS;
    if (base) memcpy(canvas->pixels, base, (size_t)canvas->stride * canvas->height);
    paint_canvas(canvas);
    Py_END_ALLOW_THREADS;
    if (canvas->status) { /* then the mask may not be empty */
        PyMem_RawFree(canvas->mask);
        PyErr_SetString(PyExc_RuntimeError, cairo_status_to_string(canvas->status));
        return -1;
    }
    give_back(canvas->mask, size);
    return 0;
}

/* Draw what was gathered on a context's picture, and forget it; 0, or -1 with an error set. */
static int draw_recording(cairo_t *context, Recording *recording) {
    if (!recording->item_count) return 0;
    cairo_surface_t *target = cairo_get_target(context);
    cairo_surface_flush(target);
    Canvas canvas = {.recording = recording,
                     .pixels = cairo_image_surface_get_data(target),
                     .width = cairo_image_surface_get_width(target),
                     .height = cairo_image_surface_get_height(target),
                     .stride = cairo_image_surface_get_stride(target)};
    cairo_get_matrix(context, &canvas.matrix);
    int failed = paint_picture(&canvas, NULL);
    cairo_surface_mark_dirty(target);
    recording->item_count = recording->point_count = 0;
    return failed;
}

static void forget(Recording *recording) {
    PyMem_RawFree(recording->items);
    PyMem_RawFree(recording->points);
}

/* Whether a context draws whole rows of pixels, as a recording does. */
static int has_pixels(cairo_t *context) {
    cairo_surface_t *target = cairo_get_target(context);
    return cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_IMAGE &&
           cairo_image_surface_get_format(target) == CAIRO_FORMAT_ARGB32;
}

/* --- the calls ---------------------------------------------------------------------------- */

typedef struct {
    cairo_t *context; /* NULL: everything is recorded */
    Kinds kinds;
    Choices joins, caps;
    int is_in_space, is_recorded;
    View view;
    Recording recording;
} Drawing;

/* 1: drawn or recorded; 0: Python has to; -1: error. */
static int draw_one(Drawing *drawing, PyObject *object) {
    long kind = find_kind(&drawing->kinds, object);
    if (kind < 0) return -1;
    if (!(kind & STOCK_STYLE)) return 0;
    Rows rows;
    int found = take_rows(object, s_points, 3, &rows);
    if (found < 1) return found;
    Shade shade = {0};
    Style style;
    const double *points = rows.data;
    int stride = 3;
    if (!are_finite(rows.data, 3 * rows.rows)) {
        release(&rows); /* manim draws nothing of it */
        return 1;
    }
    Place place = {.is_flat = 1};
    if (drawing->is_in_space && find_place(&drawing->view, object, &place)) found = -1;
    if (found == 1 && drawing->is_in_space)
        found = digest_scene(&drawing->view, object, &rows, &place, &shade, &points, &stride);
    if (found == 1) found = take_style(object, &drawing->joins, &drawing->caps, &shade, &style);
    if (found == 1 && !shade.is_shaded && has_gradient(&style) && find_line(object, &place, style.line))
        found = -1;
    if (found == 1 && drawing->is_recorded)
        found = record_one(&drawing->recording, points, rows.rows, stride, &style, shade.is_shaded);
    else if (found == 1)
        paint_path(drawing->context, points, rows.rows, stride, &style, drawing->recording.multiple);
    release(&rows);
    return found;
}

/* Take what is said of the drawing, but what and where; 0, or -1 with an error set. */
static int read_drawing(Drawing *drawing, PyObject *facts) {
    PyObject *joins, *caps, *view_facts;
    if (!PyArg_ParseTuple(facts, "O!OO!O!dO", &PyDict_Type, &drawing->kinds.kinds, &drawing->kinds.classify,
                          &PyDict_Type, &joins, &PyDict_Type, &caps, &drawing->recording.multiple,
                          &view_facts) ||
        read_choices(joins, &drawing->joins) || read_choices(caps, &drawing->caps))
        return -1;
    if (view_facts == Py_None) return 0;
    View *view = &drawing->view;
    PyObject *rotation, *center, *light;
    drawing->is_in_space = 1;
    if (!PyArg_ParseTuple(view_facts, "OOOddppO!O!", &rotation, &center, &light, &view->focal_distance,
                          &view->zoom, &view->is_exponential, &view->does_shade, &PySet_Type,
                          &view->in_frame, &PyDict_Type, &view->orientation))
        return -1;
    return read_doubles(rotation, view->rotation, 9) || read_doubles(center, view->center, 3) ||
                   read_doubles(light, view->light, 3)
               ? -1
               : 0;
}

PyDoc_STRVAR(draw_doc,
"draw(address, objects, facts, fallback)\n\n"
"Draw vector objects, in order, on the cairo_t at address. fallback(object) draws what is not\n"
"plain. facts is (kinds, classify, joins, caps, multiple, view); view is None for a plane, else\n"
"(rotation[9], center[3], light[3], focal_distance, zoom, is_exponential, does_shade, in_frame,\n"
"orientation).\n\n"
"Stands in for Camera.display_multiple_non_background_colored_vmobjects.");

static PyObject *draw(PyObject *self, PyObject *args) {
    Drawing drawing = {0};
    unsigned long long address;
    PyObject *objects, *facts, *fallback;
    if (!PyArg_ParseTuple(args, "KO!O!O", &address, &PyList_Type, &objects, &PyTuple_Type, &facts, &fallback) ||
        read_drawing(&drawing, facts))
        return NULL;
    drawing.context = (cairo_t *)(uintptr_t)address;
    drawing.is_recorded = drawing.is_in_space && has_pixels(drawing.context);
    int found = 1;
    for (Py_ssize_t i = 0; found >= 0 && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = Py_NewRef(PyList_GET_ITEM(objects, i));
        found = draw_one(&drawing, object);
        if (found == 0 && draw_recording(drawing.context, &drawing.recording)) found = -1;
        if (found == 0) {
            PyObject *done = PyObject_CallOneArg(fallback, object);
            found = done ? 1 : -1;
            Py_XDECREF(done);
        }
        Py_DECREF(object);
    }
    if (found >= 0) found = draw_recording(drawing.context, &drawing.recording);
    forget(&drawing.recording);
    PyMem_Free(drawing.view.points);
    if (found < 0) return NULL;
    Py_RETURN_NONE;
}

static const char recording_name[] = "shaperotator_magic.recording";

static void free_recording(PyObject *capsule) {
    Recording *recording = PyCapsule_GetPointer(capsule, recording_name);
    forget(recording);
    PyMem_RawFree(recording);
}

static PyObject *keep_recording(const Recording *made) {
    Recording *recording = PyMem_RawMalloc(sizeof *recording);
    if (!recording) return PyErr_NoMemory();
    *recording = *made;
    PyObject *capsule = PyCapsule_New(recording, recording_name, free_recording);
    if (!capsule) PyMem_RawFree(recording);
    return capsule;
}

PyDoc_STRVAR(record_doc,
"record(objects, facts)\n\n"
"Return what draw() would draw of the objects as they are now, to be drawn by paint(); None where\n"
"one of them is not plain.\n\n"
"Stands in for Camera.capture_mobjects, the part that reads the objects.");

static PyObject *record(PyObject *self, PyObject *args) {
    Drawing drawing = {.is_recorded = 1};
    PyObject *objects, *facts;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &objects, &PyTuple_Type, &facts) ||
        read_drawing(&drawing, facts))
        return NULL;
    int found = 1;
    for (Py_ssize_t i = 0; found > 0 && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = Py_NewRef(PyList_GET_ITEM(objects, i));
        found = draw_one(&drawing, object);
        Py_DECREF(object);
    }
    PyMem_Free(drawing.view.points);
    PyObject *kept = found > 0 ? keep_recording(&drawing.recording) : NULL;
    if (!kept) forget(&drawing.recording);
    if (found == 0) Py_RETURN_NONE;
    return kept;
}

PyDoc_STRVAR(paint_doc,
"paint(recording, base, pixels, width, height, matrix)\n\n"
"Draw a recording over a copy of the picture base into pixels, both of width * height * 4 bytes;\n"
"other threads go on meanwhile. matrix leads from its points to pixels: (xx, yx, xy, yy, x0, y0).\n\n"
"Stands in for Camera.capture_mobjects, the part that draws, and Camera.set_frame_to_background.");

static PyObject *paint(PyObject *self, PyObject *args) {
    PyObject *capsule;
    Py_buffer base, pixels;
    Canvas canvas = {0};
    cairo_matrix_t *matrix = &canvas.matrix;
    if (!PyArg_ParseTuple(args, "Oy*w*ii(dddddd)", &capsule, &base, &pixels, &canvas.width, &canvas.height,
                          &matrix->xx, &matrix->yx, &matrix->xy, &matrix->yy, &matrix->x0, &matrix->y0))
        return NULL;
    canvas.recording = PyCapsule_GetPointer(capsule, recording_name);
    canvas.pixels = pixels.buf;
    canvas.stride = 4 * canvas.width;
    Py_ssize_t size = (Py_ssize_t)canvas.stride * canvas.height;
    int failed = !canvas.recording;
    if (!failed && (canvas.width <= 0 || canvas.height <= 0 || base.len != size || pixels.len != size)) {
        PyErr_SetString(PyExc_ValueError, "the sizes of the pictures do not fit");
        failed = 1;
    }
    if (!failed) failed = paint_picture(&canvas, base.buf);
    PyBuffer_Release(&base);
    PyBuffer_Release(&pixels);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* Stands in for Mobject.get_family and family_members_with_points. 0: done; 1: Python has to; -1: error. */
static int add_family(const Kinds *kinds, PyObject *object, PyObject *found, int depth) {
    long kind = find_kind(kinds, object);
    if (kind < 0) return -1;
    if (depth > DEEPEST || !(kind & STOCK_FAMILY)) return 1;
    PyObject *points = PyObject_GetAttr(object, s_points);
    if (!points) return -1;
    Py_ssize_t count = PyObject_Size(points);
    Py_DECREF(points);
    if (count < 0 || (count > 0 && PyList_Append(found, object))) return -1;
    PyObject *below = PyObject_GetAttr(object, s_submobjects);
    if (!below) return -1;
    int state = PyList_CheckExact(below) ? 0 : 1;
    for (Py_ssize_t i = 0; state == 0 && i < PyList_GET_SIZE(below); i++)
        state = add_family(kinds, PyList_GET_ITEM(below, i), found, depth + 1);
    Py_DECREF(below);
    return state;
}

/* Stands in for manim.utils.iterables.remove_list_redundancies. */
static PyObject *drop_earlier(PyObject *all) {
    PyObject *seen = PySet_New(NULL), *kept = PyList_New(0);
    if (!seen || !kept) goto failed;
    for (Py_ssize_t i = PyList_GET_SIZE(all) - 1; i >= 0; i--) {
        PyObject *object = PyList_GET_ITEM(all, i);
        int is_seen = PySet_Contains(seen, object);
        if (is_seen < 0) goto failed;
        if (!is_seen && (PySet_Add(seen, object) || PyList_Append(kept, object))) goto failed;
    }
    if (PyList_Reverse(kept)) goto failed;
    Py_DECREF(seen);
    return kept;
failed:
    Py_XDECREF(seen);
    Py_XDECREF(kept);
    return NULL;
}

PyDoc_STRVAR(families_doc,
"families(objects, kinds, classify)\n\n"
"Return the members with points of the objects' families, each once, at its last place; None\n"
"where a type overrides what a family is.\n\n"
"Stands in for manim.utils.family.extract_mobject_family_members, as\n"
"Camera.get_mobjects_to_display calls it.");

static PyObject *families(PyObject *self, PyObject *args) {
    Kinds kinds;
    PyObject *objects;
    if (!PyArg_ParseTuple(args, "O!O!O", &PyList_Type, &objects, &PyDict_Type, &kinds.kinds,
                          &kinds.classify))
        return NULL;
    PyObject *found = PyList_New(0);
    if (!found) return NULL;
    int state = 0;
    for (Py_ssize_t i = 0; state == 0 && i < PyList_GET_SIZE(objects); i++)
        state = add_family(&kinds, PyList_GET_ITEM(objects, i), found, 0);
    PyObject *kept = state == 0 ? drop_earlier(found) : NULL;
    Py_DECREF(found);
    if (state == 1) Py_RETURN_NONE;
    return kept;
}

PyDoc_STRVAR(find_plain_doc,
"find_plain(objects, kinds, classify)\n\n"
"Return the objects without those of which nothing is seen; None where one is not a vector object\n"
"or has a background image.\n\n"
"Stands in for Camera.type_or_raise, as Camera.capture_mobjects calls it.");

static PyObject *find_plain(PyObject *self, PyObject *args) {
    Kinds kinds;
    PyObject *objects;
    if (!PyArg_ParseTuple(args, "O!O!O", &PyList_Type, &objects, &PyDict_Type, &kinds.kinds,
                          &kinds.classify))
        return NULL;
    PyObject *found = PyList_New(0);
    int is_plain = 1;
    for (Py_ssize_t i = 0; found && is_plain && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = PyList_GET_ITEM(objects, i);
        long kind = find_kind(&kinds, object);
        if (kind < 0) Py_CLEAR(found);
        if (kind < 0 || kind & UNSEEN) continue;
        PyObject *image = kind & VECTOR ? PyObject_GetAttr(object, s_image) : Py_NewRef(Py_True);
        is_plain = image == Py_None;
        if (!image || (is_plain && PyList_Append(found, object))) Py_CLEAR(found);
        Py_XDECREF(image);
    }
    if (!found || is_plain) return found;
    Py_DECREF(found);
    Py_RETURN_NONE;
}

/* Stands in for Mobject.get_center. 1: center written; 0: Python has to; -1: error. */
static int find_center(const Kinds *kinds, PyObject *object, double *center) {
    long kind = find_kind(kinds, object);
    if (kind < 0) return -1;
    if (!(kind & STOCK_CENTER)) return 0;
    PyObject *below = PyObject_GetAttr(object, s_submobjects);
    if (!below) return -1;
    Py_ssize_t children = PyObject_Size(below);
    Py_DECREF(below);
    if (children) return children < 0 ? -1 : 0;
    PyObject *own = PyObject_GetAttr(object, s_dict);
    if (!own) return -1;
    int is_grouped = PyDict_Contains(own, s_group);
    Py_DECREF(own);
    if (is_grouped) return is_grouped < 0 ? -1 : 0;
    Rows rows;
    int found = take_rows(object, s_points, 3, &rows);
    if (found < 1) return found;
    found = rows.rows > 0 && rows.rows % 4 == 0 && are_finite(rows.data, 3 * rows.rows);
    for (int k = 0; found && k < 3; k++) {
        double low = rows.data[k], high = low;
        for (Py_ssize_t i = 0; i < rows.rows; i += (i % 4 ? 1 : 3)) { /* anchors: 0, 3, 4, 7, … */
            double value = rows.data[3 * i + k];
            if (value < low) low = value;
            if (value > high) high = value;
        }
        center[k] = (low + high) / 2;
    }
    release(&rows);
    return found;
}

PyDoc_STRVAR(centers_doc,
"centers(objects, kinds, classify, out)\n\n"
"Write the centers of the objects' boxes into out, a writable buffer of (n, 3) doubles; return\n"
"the indices of those that Python has to find.\n\n"
"Stands in for Mobject.get_z_index_reference_point, as ThreeDCamera sorts by it.");

static PyObject *centers(PyObject *self, PyObject *args) {
    Kinds kinds;
    PyObject *objects;
    Py_buffer out;
    if (!PyArg_ParseTuple(args, "O!O!Ow*", &PyList_Type, &objects, &PyDict_Type, &kinds.kinds,
                          &kinds.classify, &out))
        return NULL;
    PyObject *left = PyList_New(0);
    int found = left ? 1 : -1;
    Py_ssize_t count = PyList_GET_SIZE(objects);
    if (found > 0 && out.len < (Py_ssize_t)(3 * sizeof(double)) * count) {
        PyErr_SetString(PyExc_ValueError, "out is too small");
        found = -1;
    }
    for (Py_ssize_t i = 0; found >= 0 && i < count; i++) {
        found = find_center(&kinds, PyList_GET_ITEM(objects, i), (double *)out.buf + 3 * i);
        if (found == 0) {
            PyObject *index = PyLong_FromSsize_t(i);
            if (!index || PyList_Append(left, index)) found = -1;
            Py_XDECREF(index);
        }
    }
    PyBuffer_Release(&out);
    if (found < 0) Py_CLEAR(left);
    return left;
}

/* --- pictures of a video ---------------------------------------------------------------------- */

/* A pixel as one number, the same on machines of both byte orders after the shifts below. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RED(p) ((int32_t)((p) >> 24))
#define GREEN(p) ((int32_t)((p) >> 16 & 255))
#define BLUE(p) ((int32_t)((p) >> 8 & 255))
#else
#define RED(p) ((int32_t)((p) & 255))
#define GREEN(p) ((int32_t)((p) >> 8 & 255))
#define BLUE(p) ((int32_t)((p) >> 16 & 255))
#endif

WIDE static void find_luma(const uint32_t *restrict rgba, Py_ssize_t width, uint8_t *restrict y) {
    for (Py_ssize_t x = 0; x < width; x++) {
        uint32_t p = rgba[x];
        y[x] = (uint8_t)((16829 * RED(p) + 33039 * GREEN(p) + 6416 * BLUE(p) + (16 << 16) + 32768) >> 16);
    }
}

/* One colour for 2 x 2 pixels: their mean. */
WIDE static void find_chroma(const uint32_t *restrict above, const uint32_t *restrict below,
                             Py_ssize_t half, uint8_t *restrict u, uint8_t *restrict v) {
    for (Py_ssize_t x = 0; x < half; x++) {
        uint32_t a = above[2 * x], b = above[2 * x + 1], c = below[2 * x], d = below[2 * x + 1];
        int32_t red = RED(a) + RED(b) + RED(c) + RED(d);
        int32_t green = GREEN(a) + GREEN(b) + GREEN(c) + GREEN(d);
        int32_t blue = BLUE(a) + BLUE(b) + BLUE(c) + BLUE(d);
        u[x] = (uint8_t)((-9714 * red - 19071 * green + 28785 * blue + (128 << 18) + (1 << 17)) >> 18);
        v[x] = (uint8_t)((28785 * red - 24103 * green - 4682 * blue + (128 << 18) + (1 << 17)) >> 18);
    }
}

PyDoc_STRVAR(is_same_doc,
"is_same(some, other)\n\n"
"Return whether two contiguous buffers hold the same bytes; other threads go on meanwhile.\n\n"
"Stands in for nothing of manim: video/encoding.py compares frames by it.");

static PyObject *is_same(PyObject *self, PyObject *args) {
    Py_buffer some, other;
    if (!PyArg_ParseTuple(args, "y*y*", &some, &other)) return NULL;
    int same = some.len == other.len;
    Py_BEGIN_ALLOW_THREADS;
    same = same && !memcmp(some.buf, other.buf, some.len);
    Py_END_ALLOW_THREADS;
    PyBuffer_Release(&some);
    PyBuffer_Release(&other);
    return PyBool_FromLong(same);
}

PyDoc_STRVAR(to_yuv_doc,
"to_yuv(rgba, width, height, y, y_stride, u, v, uv_stride)\n\n"
"Convert RGBA pixels of even width and height to the planes of yuv420p, in the limited range of\n"
"ITU-R BT.601, as libswscale does; other threads go on meanwhile.\n\n"
"Stands in for nothing of manim: video/encoding.py calls it in place of av.VideoFrame.reformat.");

static PyObject *to_yuv(PyObject *self, PyObject *args) {
    Py_buffer rgba, y, u, v;
    Py_ssize_t width, height, y_stride, uv_stride;
    if (!PyArg_ParseTuple(args, "y*nnw*nw*w*n", &rgba, &width, &height, &y, &y_stride, &u, &v,
                          &uv_stride))
        return NULL;
    int fits = width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0 && y_stride >= width &&
               uv_stride >= width / 2 && rgba.len >= 4 * width * height &&
               y.len >= y_stride * (height - 1) + width &&
               u.len >= uv_stride * (height / 2 - 1) + width / 2 &&
               v.len >= uv_stride * (height / 2 - 1) + width / 2;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS;
        for (Py_ssize_t row = 0; row < height; row += 2) {
            const uint32_t *above = (const uint32_t *)rgba.buf + width * row;
            uint8_t *light = (uint8_t *)y.buf + y_stride * row;
            find_luma(above, width, light);
            find_luma(above + width, width, light + y_stride);
            find_chroma(above, above + width, width / 2, (uint8_t *)u.buf + uv_stride * (row / 2),
                        (uint8_t *)v.buf + uv_stride * (row / 2));
        }
        Py_END_ALLOW_THREADS;
    }
    PyBuffer_Release(&rgba);
    PyBuffer_Release(&y);
    PyBuffer_Release(&u);
    PyBuffer_Release(&v);
    if (fits) Py_RETURN_NONE;
    PyErr_SetString(PyExc_ValueError, "the sizes of the planes do not fit");
    return NULL;
}

static PyMethodDef functions[] = {
    FUNCTION(draw), FUNCTION(record), FUNCTION(paint), FUNCTION(families), FUNCTION(find_plain),
    FUNCTION(centers), FUNCTION(is_same), FUNCTION(to_yuv), {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_drawing", "Drawing of many vector objects with one call.", -1, functions,
};

PyMODINIT_FUNC PyInit__drawing(void) {
    const Name names[] = {
        {&s_points, "points"}, {&s_fill, "fill_rgbas"}, {&s_stroke, "stroke_rgbas"},
        {&s_width, "stroke_width"}, {&s_back, "background_stroke_rgbas"},
        {&s_back_width, "background_stroke_width"}, {&s_joint, "joint_type"}, {&s_cap, "cap_style"},
        {&s_tolerance, "tolerance_for_point_equality"}, {&s_submobjects, "submobjects"},
        {&s_image, "background_image"}, {&s_shade, "shade_in_3d"},
        {&s_group, "z_index_group"}, {&s_dict, "__dict__"},
        {&s_gradient, "get_gradient_start_and_end_points"},
    };
    return create_module(&module, names, COUNT(names));
}
