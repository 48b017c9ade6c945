/* Drawing of many vector objects with one call from Python: the same cairo operations, in the same
 * order and with the same numbers, that manim's cameras make one by one. And the finished picture's
 * way into a video's colours.
 *
 * Optional: hatch_build.py compiles it where a C compiler and cairo's headers are found, and
 * drawing/ works without it. Objects that are not plain (colour gradients, methods overridden in
 * a subclass, arrays of other types) are handed back to Python, one by one and in their place.
 * Compiled with -ffp-contract=off, so that no machine rounds differently.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <cairo.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#ifndef _WIN32
#include <pthread.h>
#endif

#define DEEPEST 200
#define MOST_BANDS 8
#define RELATIVE_TOLERANCE 1e-5 /* numpy.isclose's own */

/* What Python's classify(type) says of a type. */
enum { STOCK_FAMILY = 1, VECTOR = 2, STOCK_STYLE = 4, STOCK_CENTER = 8, UNSEEN = 16 };

static PyObject *s_points, *s_fill, *s_stroke, *s_width, *s_back, *s_back_width, *s_joint, *s_cap,
    *s_tolerance, *s_submobjects, *s_image, *s_shade, *s_group, *s_dict;

typedef struct {
    PyObject *kinds;    /* dict: type -> int */
    PyObject *classify; /* type -> int */
} Kinds;

static long find_kind(const Kinds *kinds, PyObject *object) {
    PyObject *type = (PyObject *)Py_TYPE(object);
    PyObject *known = PyDict_GetItemWithError(kinds->kinds, type);
    if (known) return PyLong_AsLong(known);
    if (PyErr_Occurred()) return -1;
    PyObject *found = PyObject_CallOneArg(kinds->classify, type);
    if (!found) return -1;
    long kind = PyLong_AsLong(found);
    if (PyDict_SetItem(kinds->kinds, type, found)) kind = -1;
    Py_DECREF(found);
    return kind;
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
    rows->is_held = 0;
    PyObject *array = PyObject_GetAttr(object, name);
    if (!array) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
        PyErr_Clear();
        return 0;
    }
    int failed = PyObject_GetBuffer(array, &rows->view, PyBUF_ND | PyBUF_FORMAT | PyBUF_C_CONTIGUOUS);
    Py_DECREF(array);
    if (failed) {
        PyErr_Clear();
        return 0;
    }
    rows->is_held = 1;
    const Py_buffer *view = &rows->view;
    if (view->ndim != 2 || view->shape[1] != columns || view->itemsize != sizeof(double) ||
        !view->format || view->format[0] != 'd' || view->format[1]) {
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

/* Append n points of `stride` doubles; returns whether there was a curve. A subpath ends where a
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

/* A colour, or two along a line from (x0, y0) to (x1, y1). Manim's pixels are RGBA where cairo
 * writes BGRA, so red and blue change places. */
typedef struct {
    double rgba[2][4];
    int count;
    const double *line;
} Paint;

static void set_source(cairo_t *context, const Paint *paint) {
    const double *a = paint->rgba[0], *b = paint->rgba[1];
    if (paint->count == 1) {
        cairo_set_source_rgba(context, a[2], a[1], a[0], a[3]);
        return;
    }
    const double *line = paint->line;
    cairo_pattern_t *pattern = cairo_pattern_create_linear(line[0], line[1], line[2], line[3]);
    cairo_pattern_add_color_stop_rgba(pattern, 0.0, a[2], a[1], a[0], a[3]);
    cairo_pattern_add_color_stop_rgba(pattern, 1.0, b[2], b[1], b[0], b[3]);
    cairo_set_source(context, pattern);
    cairo_pattern_destroy(pattern);
}

static int is_visible(const Paint *paint) {
    return paint->rgba[0][3] != 0 || (paint->count == 2 && paint->rgba[1][3] != 0);
}

typedef struct {
    Paint back, fill, stroke;
    double back_width, width, tolerance;
    int join, cap;
} Style;

/* How light falls on a shaded object: what is added at its start corner and at its end corner. */
typedef struct {
    int is_shaded;
    double light[2];
    double line[4];
} Shade;

/* 1: taken; 0: not a plain colour; -1: error. */
static int take_paint(PyObject *object, PyObject *name, const Shade *shade, Paint *paint) {
    Rows rows;
    int taken = take_rows(object, name, 4, &rows);
    if (taken < 0) return -1;
    paint->count = 1;
    paint->rgba[0][3] = 0; /* without the attribute manim takes an invisible black */
    if (!taken) return !PyObject_HasAttr(object, name);
    int is_plain = rows.rows == 1 || (shade->is_shaded && rows.rows > 1);
    if (is_plain) {
        for (int corner = 0; corner < 2; corner++) {
            const double *rgba = rows.data + (rows.rows > 1 ? 4 * corner : 0);
            for (int i = 0; i < 4; i++)
                paint->rgba[corner][i] = rgba[i] + (shade->is_shaded && i < 3 ? shade->light[corner] : 0);
        }
        paint->count = shade->is_shaded ? 2 : 1;
        paint->line = shade->line;
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
    if (style->back_width > 0) return take_paint(object, s_back, shade, &style->back);
    return 1;
}

static void stroke(cairo_t *context, double width, const Style *style) {
    cairo_set_line_width(context, width);
    cairo_set_line_join(context, style->join);
    cairo_set_line_cap(context, style->cap);
    cairo_stroke_preserve(context);
}

static void paint_path(cairo_t *context, const double *points, Py_ssize_t count, int stride,
                       const Style *style, double multiple) {
    int has_back = style->back_width > 0 && is_visible(&style->back);
    int has_fill = is_visible(&style->fill);
    int has_stroke = style->width > 0 && is_visible(&style->stroke);
    if (!(has_back || has_fill || has_stroke)) return;
    cairo_new_path(context);
    if (!append_path(context, points, count, stride, style->tolerance)) return;
    if (has_back) {
        set_source(context, &style->back);
        stroke(context, style->back_width * multiple, style);
    }
    if (has_fill) {
        set_source(context, &style->fill);
        cairo_fill_preserve(context);
    }
    if (has_stroke) {
        set_source(context, &style->stroke);
        stroke(context, style->width * multiple, style);
    }
}

/* --- space -------------------------------------------------------------------------------- */

typedef struct {
    double rotation[9], center[3], light[3];
    double focal_distance, zoom;
    int is_exponential, does_shade;
    PyObject *in_frame;    /* set of objects that are not projected */
    PyObject *orientation; /* dict of objects that Python projects */
    double *points;        /* of the object that is drawn, projected: room for `room` of them */
    Py_ssize_t room;
} View;

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

/* manim's get_unit_normal, with its choices for vectors that are nothing or in one line. */
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

/* What light adds to the colour at point `i` of the n points of a face (manim's get_shaded_rgb). */
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

/* 1: done; 0: Python has to; -1: error. Sets *points and *stride to what is drawn. */
static int look_at(View *view, PyObject *object, const Rows *rows, Shade *shade, const double **points,
                   int *stride) {
    int is_in_frame = PySet_Contains(view->in_frame, object);
    int has_orientation = PyDict_Contains(view->orientation, object);
    if (is_in_frame < 0 || has_orientation < 0) return -1;
    if (has_orientation && !is_in_frame) return 0;
    PyObject *shades = PyObject_GetAttr(object, s_shade);
    if (!shades) return -1;
    int is_shaded = view->does_shade ? PyObject_IsTrue(shades) : 0;
    Py_DECREF(shades);
    if (is_shaded < 0) return -1;
    if (!is_in_frame) {
        if (rows->rows > view->room) {
            double *grown = PyMem_Realloc(view->points, sizeof(double) * 2 * 2 * rows->rows);
            if (!grown) {
                PyErr_NoMemory();
                return -1;
            }
            view->points = grown;
            view->room = 2 * rows->rows;
        }
        for (Py_ssize_t i = 0; i < rows->rows; i++)
            project(view, rows->data + 3 * i, view->points + 2 * i);
        *points = view->points;
        *stride = 2;
    }
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

/* --- several threads ----------------------------------------------------------------------- */

/* An object of which Python is asked no more. */
typedef struct {
    size_t first; /* of its points, two doubles each */
    Py_ssize_t count;
    Style style;
    Shade shade;
    double top, bottom, left, right; /* pixels beyond which nothing of it is */
} Item;

/* What is to be drawn, in order, gathered first and then drawn by several threads, each of which
 * has a band of the picture's rows and draws everything that reaches into it.
 * All bands but the first are drawn in pictures of their own, and their rows taken from there. */
typedef struct {
    Item *items;
    size_t item_count, item_room;
    double *points;
    size_t point_count, point_room;
} Recording;

typedef struct {
    const Recording *recording;
    double multiple;
    cairo_matrix_t matrix;
    unsigned char *pixels;
    int width, height, stride;
    int top, bottom; /* the rows that it is for */
    unsigned char *mask; /* how much of every pixel a shaded object covers; nothing between two of them */
    int mask_stride;
    cairo_status_t status;
} Band;

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

static int record(Recording *recording, const double *points, Py_ssize_t count, int stride,
                  const Style *style, const Shade *shade) {
    if (reserve((void **)&recording->items, &recording->item_room, recording->item_count, 1, sizeof(Item)) ||
        reserve((void **)&recording->points, &recording->point_room, recording->point_count,
                2 * (size_t)count, sizeof(double)))
        return -1;
    Item *item = recording->items + recording->item_count++;
    *item = (Item){recording->point_count, count, *style, *shade, 0, 0, 0, 0};
    for (Py_ssize_t i = 0; i < count; i++) {
        recording->points[recording->point_count++] = points[stride * i];
        recording->points[recording->point_count++] = points[stride * i + 1];
    }
    return 1;
}

/* Where cairo cuts an object off it takes shortcuts that change the last bits of all its pixels:
 * what reaches into a band is drawn this many rows beyond it, and these rows are forgotten. */
static int margin(const Band *band) {
    return band->height / 15 + 8;
}

/* A product of two numbers of which 255 stands for 1, rounded as pixman does. */
static inline uint32_t multiply(uint32_t a, uint32_t b) {
    uint32_t product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

static inline double limit(double number) {
    return number > 0 ? (number < 1 ? number : 1) : 0;
}

/* Paint what the mask covers of a band with two colours along a line, and empty the mask. */
static void blend(const Band *band, const Item *item, const Paint *paint) {
    float from[4], change[4];
    for (int i = 0; i < 4; i++) {
        from[i] = (float)limit(paint->rgba[0][i]);
        change[i] = (float)(limit(paint->rgba[1][i]) - from[i]);
    }
    const double *line = item->shade.line;
    double dx = line[2] - line[0], dy = line[3] - line[1], length = dx * dx + dy * dy;
    cairo_matrix_t back = band->matrix;
    cairo_matrix_invert(&back);
    int left = (int)fmax(item->left, 0), right = (int)fmin(item->right + 1, band->width);
    int last = (int)fmin(item->bottom + 1, band->height);
    for (int row = (int)fmax(item->top, 0); row < last; row++) {
        unsigned char *mask = band->mask + (size_t)band->mask_stride * row;
        if (row < band->top || row >= band->bottom) {
            if (right > left) memset(mask + left, 0, right - left);
            continue;
        }
        unsigned char *pixels = band->pixels + (size_t)band->stride * row;
        /* How far along the line the middle of the row's first pixel is, and how far a pixel leads. */
        double x = 0.5, y = row + 0.5;
        cairo_matrix_transform_point(&back, &x, &y);
        float start = (float)(length > 0 ? ((x - line[0]) * dx + (y - line[1]) * dy) / length : 0);
        float step = (float)(length > 0 ? (back.xx * dx + back.yx * dy) / length : 0);
        for (int column = left; column < right; column++) {
            uint32_t covered = mask[column];
            if (!covered) continue;
            mask[column] = 0;
            float at = start + step * column;
            at = at > 0 ? (at < 1 ? at : 1) : 0;
            float alpha = 255 * (from[3] + at * change[3]);
            uint32_t share = multiply((uint32_t)(alpha + 0.5f), covered), rest = 255 - share;
            unsigned char *pixel = pixels + 4 * column;
            for (int i = 0; i < 3; i++) {
                uint32_t colour = (uint32_t)(alpha * (from[i] + at * change[i]) + 0.5f);
                pixel[i] = (unsigned char)(multiply(colour, covered) + multiply(pixel[i], rest));
            }
            pixel[3] = (unsigned char)(share + multiply(pixel[3], rest));
        }
    }
}

/* Draw an object on which light falls: cairo says what it covers, and takes twice the time for
 * painting that with its gradients. The context is the mask's. */
static void paint_shaded(cairo_t *context, const Band *band, const Item *item) {
    const Style *style = &item->style;
    cairo_new_path(context);
    if (!append_path(context, band->recording->points + item->first, item->count, 2, style->tolerance))
        return;
    if (style->back_width > 0 && is_visible(&style->back)) {
        stroke(context, style->back_width * band->multiple, style);
        blend(band, item, &style->back);
    }
    if (is_visible(&style->fill)) {
        cairo_fill_preserve(context);
        blend(band, item, &style->fill);
    }
    if (style->width > 0 && is_visible(&style->stroke)) {
        stroke(context, style->width * band->multiple, style);
        blend(band, item, &style->stroke);
    }
}

static cairo_t *create_context(unsigned char *pixels, cairo_format_t format, const Band *band, int stride) {
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, format, band->width, band->height, stride);
    cairo_t *context = cairo_create(surface);
    cairo_surface_destroy(surface); /* the context holds it */
    return context;
}

static void *draw_band(void *argument) {
    Band *band = argument;
    cairo_t *context = create_context(band->pixels, CAIRO_FORMAT_ARGB32, band, band->stride);
    cairo_t *masked = create_context(band->mask, CAIRO_FORMAT_A8, band, band->mask_stride);
    cairo_set_matrix(masked, &band->matrix);
    cairo_rectangle(context, 0, band->top - margin(band), band->width,
                    band->bottom - band->top + 2 * margin(band));
    cairo_clip(context);
    cairo_set_matrix(context, &band->matrix);
    for (size_t i = 0; i < band->recording->item_count; i++) {
        const Item *item = band->recording->items + i;
        if (item->bottom < band->top || item->top > band->bottom) continue;
        if (item->shade.is_shaded) {
            paint_shaded(masked, band, item);
            continue;
        }
        paint_path(context, band->recording->points + item->first, item->count, 2, &item->style,
                   band->multiple);
    }
    band->status = cairo_status(context) ? cairo_status(context) : cairo_status(masked);
    cairo_destroy(context);
    cairo_destroy(masked);
    return NULL;
}

/* Find the rows that an object reaches, and add what it costs to them: about as much as its width,
 * and something for every one of its edges. */
static void weigh(const Recording *recording, Item *item, const cairo_matrix_t *matrix, double multiple,
                  int height, double *weights) {
    const double edges = 30; /* pixels that could be filled in the time */
    double left = HUGE_VAL, right = -HUGE_VAL, top = HUGE_VAL, bottom = -HUGE_VAL;
    for (Py_ssize_t i = 0; i < item->count; i++) {
        double x = recording->points[item->first + 2 * i], y = recording->points[item->first + 2 * i + 1];
        cairo_matrix_transform_point(matrix, &x, &y);
        left = fmin(left, x);
        right = fmax(right, x);
        top = fmin(top, y);
        bottom = fmax(bottom, y);
    }
    double width = multiple * fmax(item->style.width, item->style.back_width), none = 0;
    cairo_matrix_transform_distance(matrix, &width, &none);
    /* A mitre reaches ten half widths beyond its corner at most, cairo's own limit. */
    double beyond = 5 * hypot(width, none) + 2;
    item->top = top - beyond;
    item->bottom = bottom + beyond;
    item->left = left - beyond;
    item->right = right + beyond;
    if (!(bottom >= 0 && top < height)) return;
    int last = bottom < height - 1 ? (int)bottom : height - 1;
    for (int row = top > 0 ? (int)top : 0; row <= last; row++) weights[row] += right - left + edges;
}

/* Set the first rows of `count` bands so that each has about as much to draw. */
static int share_rows(Recording *recording, const cairo_matrix_t *matrix, double multiple, int height,
                      int count, int *tops) {
    double *weights = PyMem_RawCalloc(height, sizeof(double)), all = 0, sum = 0;
    if (!weights) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < recording->item_count; i++)
        weigh(recording, recording->items + i, matrix, multiple, height, weights);
    for (int row = 0; row < height; row++) all += weights[row];
    for (int row = 0, band = 1; row < height && band < count; row++) {
        sum += weights[row];
        /* Every band has a row at least. */
        if (sum * count >= all * band || height - row - 1 <= count - band) tops[band++] = row + 1;
    }
    tops[0] = 0;
    tops[count] = height;
    PyMem_RawFree(weights);
    return 0;
}

static void draw_bands(Band *bands, int count) {
#ifdef _WIN32
    for (int i = 0; i < count; i++) draw_band(bands + i);
#else
    pthread_t threads[MOST_BANDS];
    int started[MOST_BANDS] = {0};
    for (int i = 1; i < count; i++)
        started[i] = !pthread_create(threads + i, NULL, draw_band, bands + i);
    for (int i = 0; i < count; i++)
        if (!started[i]) draw_band(bands + i); /* the first one, and where no thread is to be had */
    for (int i = 1; i < count; i++)
        if (started[i]) pthread_join(threads[i], NULL);
#endif
}

static size_t offset(const Band *band, int row) {
    return (size_t)band->stride * row;
}

/* What the last picture was drawn in, so that the next one finds its memory mapped. It is taken and
 * given back while Python's lock is held; masks are given back empty. */
typedef struct {
    unsigned char *memory;
    size_t size;
} Spare;

static Spare spare_masks[MOST_BANDS], spare_pictures[MOST_BANDS];

static unsigned char *take_spare(Spare *spare, size_t size) {
    unsigned char *memory = spare->memory;
    spare->memory = NULL;
    if (memory && spare->size == size) return memory;
    PyMem_RawFree(memory);
    memory = PyMem_RawCalloc(size, 1);
    if (!memory) PyErr_NoMemory();
    return memory;
}

static void give_back(Spare *spare, unsigned char *memory, size_t size) {
    PyMem_RawFree(spare->memory); /* another thread's, meanwhile */
    *spare = (Spare){memory, size};
}

/* Give every band a mask, and all but the first a picture of their own with their rows in it. */
static int take_pictures(Band *bands, int count) {
    const unsigned char *picture = bands[0].pixels;
    for (int i = 1; i < count; i++) bands[i].pixels = NULL;
    for (int i = 0; i < count; i++) {
        Band *band = bands + i;
        band->mask_stride = cairo_format_stride_for_width(CAIRO_FORMAT_A8, band->width);
        band->mask = take_spare(spare_masks + i, (size_t)band->mask_stride * band->height);
        if (!band->mask) return -1;
        if (i == 0) continue;
        band->pixels = take_spare(spare_pictures + i, offset(band, band->height));
        if (!band->pixels) return -1;
        size_t from = offset(band, band->top), to = offset(band, band->bottom);
        memcpy(band->pixels + from, picture + from, to - from);
    }
    return 0;
}

static void return_pictures(Band *bands, int count) {
    for (int i = 0; i < count; i++) {
        Band *band = bands + i;
        if (band->status) /* then the mask may not be empty */
            PyMem_RawFree(band->mask);
        else if (band->mask)
            give_back(spare_masks + i, band->mask, (size_t)band->mask_stride * band->height);
        if (i == 0 || !band->pixels) continue;
        size_t from = offset(band, band->top), to = offset(band, band->bottom);
        memcpy(bands[0].pixels + from, band->pixels + from, to - from);
        give_back(spare_pictures + i, band->pixels, offset(band, band->height));
    }
}

/* Draw what was gathered and forget it; 0, or -1 with an error set. */
static int draw_recording(cairo_t *context, Recording *recording, double multiple, int count) {
    if (!recording->item_count) return 0;
    cairo_surface_t *target = cairo_get_target(context);
    cairo_surface_flush(target);
    int height = cairo_image_surface_get_height(target), tops[MOST_BANDS + 1] = {0};
    cairo_matrix_t matrix;
    cairo_get_matrix(context, &matrix);
    if (share_rows(recording, &matrix, multiple, height, count, tops)) return -1;
    Band bands[MOST_BANDS];
    for (int i = 0; i < count; i++)
        bands[i] = (Band){recording, multiple, matrix, cairo_image_surface_get_data(target),
                          cairo_image_surface_get_width(target), height,
                          cairo_image_surface_get_stride(target), tops[i], tops[i + 1],
                          NULL, 0, CAIRO_STATUS_SUCCESS};
    int failed = take_pictures(bands, count);
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS;
        draw_bands(bands, count);
        Py_END_ALLOW_THREADS;
    }
    return_pictures(bands, count);
    if (failed) return -1;
    cairo_surface_mark_dirty(target);
    recording->item_count = recording->point_count = 0;
    for (int i = 0; i < count; i++)
        if (bands[i].status) {
            PyErr_SetString(PyExc_RuntimeError, cairo_status_to_string(bands[i].status));
            return -1;
        }
    return 0;
}

/* How many bands a picture is drawn in: none where its context does not draw whole rows of pixels. */
static int count_bands(cairo_t *context, int asked) {
    cairo_surface_t *target = cairo_get_target(context);
    if (cairo_surface_get_type(target) != CAIRO_SURFACE_TYPE_IMAGE ||
        cairo_image_surface_get_format(target) != CAIRO_FORMAT_ARGB32)
        return 0;
    int height = cairo_image_surface_get_height(target);
    int most = asked < MOST_BANDS ? asked : MOST_BANDS;
    return height < 2 * most ? 1 : most;
}

/* --- the calls ---------------------------------------------------------------------------- */

typedef struct {
    cairo_t *context;
    Kinds kinds;
    Choices joins, caps;
    double multiple;
    View *view; /* NULL: a plane */
    int band_count; /* 0: everything is drawn at once */
    Recording recording;
} Drawing;

/* 1: drawn; 0: Python has to; -1: error. */
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
    if (drawing->view) found = look_at(drawing->view, object, &rows, &shade, &points, &stride);
    if (found == 1) found = take_style(object, &drawing->joins, &drawing->caps, &shade, &style);
    if (found == 1 && drawing->band_count)
        found = record(&drawing->recording, points, rows.rows, stride, &style, &shade);
    else if (found == 1)
        paint_path(drawing->context, points, rows.rows, stride, &style, drawing->multiple);
    release(&rows);
    return found;
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

PyDoc_STRVAR(draw_doc,
"draw(address, objects, kinds, classify, joins, caps, multiple, fallback, view, threads=1)\n\n"
"Draw vector objects, in order, on the cairo_t at address. fallback(object) draws what is not\n"
"plain. view is None for a plane, else (rotation[9], center[3], light[3], focal_distance, zoom,\n"
"is_exponential, does_shade, in_frame, orientation). With more than one thread the rows of the\n"
"picture are shared among them; where a path crosses from one to another a pixel may differ by\n"
"the last of its bits.");

static PyObject *draw(PyObject *self, PyObject *args) {
    Drawing drawing = {0};
    View view = {0};
    int threads = 1;
    unsigned long long address;
    PyObject *objects, *joins, *caps, *fallback, *view_facts, *rotation, *center, *light;
    if (!PyArg_ParseTuple(args, "KO!O!OO!O!dOO|i", &address, &PyList_Type, &objects, &PyDict_Type,
                          &drawing.kinds.kinds, &drawing.kinds.classify, &PyDict_Type, &joins,
                          &PyDict_Type, &caps, &drawing.multiple, &fallback, &view_facts,
                          &threads))
        return NULL;
    drawing.context = (cairo_t *)(uintptr_t)address;
    if (read_choices(joins, &drawing.joins) || read_choices(caps, &drawing.caps)) return NULL;
    if (view_facts != Py_None) {
        if (!PyArg_ParseTuple(view_facts, "OOOddppO!O!", &rotation, &center, &light,
                              &view.focal_distance, &view.zoom, &view.is_exponential,
                              &view.does_shade, &PySet_Type, &view.in_frame, &PyDict_Type,
                              &view.orientation) ||
            read_doubles(rotation, view.rotation, 9) || read_doubles(center, view.center, 3) ||
            read_doubles(light, view.light, 3))
            return NULL;
        drawing.view = &view;
        drawing.band_count = count_bands(drawing.context, threads);
    }
    int found = 1;
    for (Py_ssize_t i = 0; found >= 0 && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = Py_NewRef(PyList_GET_ITEM(objects, i));
        found = draw_one(&drawing, object);
        if (found == 0 && draw_recording(drawing.context, &drawing.recording, drawing.multiple, drawing.band_count))
            found = -1;
        if (found == 0) {
            PyObject *done = PyObject_CallOneArg(fallback, object);
            found = done ? 1 : -1;
            Py_XDECREF(done);
        }
        Py_DECREF(object);
    }
    if (found >= 0)
        found = draw_recording(drawing.context, &drawing.recording, drawing.multiple, drawing.band_count);
    PyMem_RawFree(drawing.recording.items);
    PyMem_RawFree(drawing.recording.points);
    PyMem_Free(view.points);
    if (found < 0) return NULL;
    Py_RETURN_NONE;
}

/* 0: done; 1: Python has to; -1: error. */
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
"where a type overrides what a family is.");

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
"or has a background image.");

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

/* 1: center written; 0: Python has to; -1: error. */
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
"the indices of those that Python has to find.");

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

/* --- colours of a video ---------------------------------------------------------------------- */

/* Integers alone, so that wider instructions change no result. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

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

PyDoc_STRVAR(to_yuv_doc,
"to_yuv(rgba, width, height, y, y_stride, u, v, uv_stride)\n\n"
"Convert RGBA pixels of even width and height to the planes of yuv420p, in the limited range of\n"
"ITU-R BT.601, as libswscale does; other threads go on meanwhile.");

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

static PyMethodDef methods[] = {
    {"draw", draw, METH_VARARGS, draw_doc},
    {"families", families, METH_VARARGS, families_doc},
    {"find_plain", find_plain, METH_VARARGS, find_plain_doc},
    {"centers", centers, METH_VARARGS, centers_doc},
    {"to_yuv", to_yuv, METH_VARARGS, to_yuv_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_drawing", "Drawing of many vector objects with one call.", -1, methods,
};

PyMODINIT_FUNC PyInit__drawing(void) {
    struct {
        PyObject **name;
        const char *text;
    } names[] = {
        {&s_points, "points"}, {&s_fill, "fill_rgbas"}, {&s_stroke, "stroke_rgbas"},
        {&s_width, "stroke_width"}, {&s_back, "background_stroke_rgbas"},
        {&s_back_width, "background_stroke_width"}, {&s_joint, "joint_type"}, {&s_cap, "cap_style"},
        {&s_tolerance, "tolerance_for_point_equality"}, {&s_submobjects, "submobjects"},
        {&s_image, "background_image"}, {&s_shade, "shade_in_3d"},
        {&s_group, "z_index_group"}, {&s_dict, "__dict__"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!(*names[i].name = PyUnicode_InternFromString(names[i].text))) return NULL;
    return PyModule_Create(&module);
}
