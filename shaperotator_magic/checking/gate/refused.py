"""The tables of the safety filter: what generated scenes may import, name, touch and configure.

Measured on manim 0.22: ``from manim import *`` brings in names that run programs (``capture`` is
``subprocess.run``), delete folders (``guarantee_empty_existence``) and open files, and modules
through which ``os``, ``sys`` and ``builtins`` can be reached in over two hundred ways.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re

ALLOWED_MODULES = frozenset(
    "manim numpy math cmath random itertools functools collections typing dataclasses colorsys "
    "enum fractions decimal statistics string re copy operator abc heapq bisect textwrap time "
    "datetime json networkx scipy sympy warnings contextlib numbers calendar unicodedata "
    "__future__".split()
)

# Parts of allowed packages that read, write, run or compile.
REFUSED_SUBMODULES = re.compile(
    r"^(manim\.(scene\.scene_file_writer|utils\.(commands|file_ops|tex_file_writing|"
    r"typst_file_writing|module_ops|ipython_magic|testing|docbuild|sounds|images)|cli|_config|"
    r"plugins|__main__|renderer\.shader)|numpy\.(f2py|ctypeslib|testing|distutils|"
    r"lib\.(npyio|format|_datasource|_npyio_impl))|scipy\.(io|datasets|_lib)|"
    r"networkx\.(readwrite|drawing|utils)|json\.tool|collections\._)"
)

# From modules that are otherwise fine.
REFUSED_IMPORTS = {
    "operator": {"attrgetter", "methodcaller"},
    "string": {"Formatter", "Template"},
    "typing": {"get_type_hints"},
    "sympy": {"sympify", "parse_expr", "S", "lambdify", "preview", "N", "simplify"},
}

# Builtins, what `from manim import *` brings along, and what IPython puts beside them.
REFUSED_NAMES = {
    **dict.fromkeys(
        ("eval", "exec", "compile", "__import__", "breakpoint"),
        "it runs code that no check has seen",
    ),
    **dict.fromkeys(("open", "input", "help"), "scenes have no files and no keyboard"),
    **dict.fromkeys(
        ("globals", "locals", "vars", "delattr", "memoryview"), "it reaches around the checks"
    ),
    **dict.fromkeys(("exit", "quit", "copyright", "credits", "license"), "it is for the prompt"),
    **dict.fromkeys(
        ("__builtins__", "__loader__", "__spec__", "__file__", "get_ipython"),
        "it reaches the interpreter",
    ),
    "capture": "manim's capture() runs programs",
    **dict.fromkeys(
        (
            "open_file", "open_media_file", "guarantee_existence", "guarantee_empty_existence",
            "get_dir_layout", "get_video_metadata", "modify_atime", "ensure_executable",
            "seek_full_path_from_defaults", "get_full_raster_image_path",
            "get_full_sound_file_path", "add_extension_if_not_present", "register_font",
            "RegisterFont",
        ),
        "it reads or changes files",
    ),
    **dict.fromkeys(
        ("get_plugins", "list_plugins", "SceneFileWriter", "ManimMagic", "ipy", "console",
         "error_console"),
        "it is manim's machinery, not for scenes",
    ),
}  # fmt: skip

# Submodules of manim that the star import leaves as names; os and sys are an attribute away.
MODULE_NAMES = frozenset(
    "utils mobject animation camera scene manager renderer opengl plugins constants "
    "data_structures core cli".split()
)

REFUSED_ATTRIBUTES = frozenset(
    # frames, code objects, class walks
    "mro gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code "
    "f_globals f_locals f_builtins f_back f_code tb_frame tb_next co_code co_consts func_globals "
    "func_code _getframe settrace setprofile "
    # modules that are an attribute of something harmless
    "os _os sys _sys _io sp subprocess shutil importlib posix ctypes ctypeslib f2py testing pickle "
    "builtins bltns socket system popen tempfile pathlib inspect runpy gc threading logging "
    "handlers modules meta_path environ getenv linecache lazy_imports "
    # files
    "fromfile tofile dump memmap load loads save savez savez_compressed loadtxt savetxt genfromtxt "
    "fromregex DataSource open_memmap write_text write_bytes read_text read_bytes unlink rmdir "
    "iterdir glob rglob symlink_to expanduser file export_svg save_svg export_html save_html "
    "save_text save_image from_file add_sound file_writer write_subcaption_file set_file_logger "
    # names as data
    "attrgetter methodcaller Formatter format_map vformat get_type_hints sympify parse_expr "
    "lambdify preview "
    # IPython, manim's machinery
    "run_line_magic run_cell_magic user_ns digest_file digest_args embed interactive_embed "
    "open codecs av warn_explicit interact rerun capture commands file_ops module_ops "
    "tex_file_writing ipython_magic open_file "
    "guarantee_empty_existence guarantee_existence show".split()
)
REFUSED_ATTRIBUTE_PREFIXES = ("write_", "read_")
# Of manim's own that begin so, and draw.
DRAWING_ATTRIBUTES = frozenset({"write_vector_coordinates"})
PRIVATE_ATTRIBUTES = frozenset("_os _sys _io _core _globals _pytesttester _typing".split())

# Of a module that is allowed, what looks refused above and is not.
ALLOWED_ATTRIBUTES = {("json", "loads"), ("json", "dumps")}

ALLOWED_DUNDERS = frozenset(
    "__init__ __name__ __doc__ __len__ __call__ __iter__ __next__ __str__ __repr__ __add__ "
    "__sub__ __mul__ __truediv__ __eq__ __lt__ __le__ __gt__ __ge__ __ne__ __hash__ __getitem__ "
    "__setitem__ __contains__ __enter__ __exit__ __post_init__ __neg__ __pow__ __abs__ __bool__ "
    "__int__ __float__ __radd__ __rmul__ __rsub__ __matmul__ __version__ __all__ __slots__ "
    "__main__ __new__ __reversed__ __copy__ __deepcopy__ __iadd__ __isub__ __imul__ __mod__ "
    "__floordiv__ __qualname__ __class__".split()
)

ALLOWED_CONFIG = frozenset(
    "background_color frame_width frame_height frame_x_radius frame_y_radius pixel_width "
    "pixel_height frame_rate tex_template aspect_ratio left_side right_side top bottom "
    "background_opacity frame_size max_files_cached disable_caching quality fps".split()
)

# Classes whose first argument is the name of a file, and keywords that name one.
FILE_CLASSES = frozenset(
    "SVGMobject OpenGLImageMobject OpenGLSurface OpenGLTexturedSurface Shader FullScreenQuad "
    "Mesh ShaderWrapper ImageMobject".split()
)
FILE_KEYWORDS = frozenset(
    "code_file file_name filename filename_or_array image_file dark_image_file sound_file "
    "font_paths source background_image shader_folder".split()
)
TEX_COMPILERS = frozenset({"latex", "pdflatex", "xelatex"})

# TeX and Typst commands that read, write or run.
REFUSED_TEXT = re.compile(
    r"(?<!\\)\\(write18|immediate|input|include|openin|openout|read|lstinputlisting|"
    r"verbatiminput|includegraphics|special|directlua|catcode|csname|ShellEscape|InputIfFileExists|"
    r"IfFileExists|pdffiledump|loop|newwrite|newread|VerbatimInput|import|subfile|luaexec|"
    r"pdfximage|XeTeXpicfile)\b|\^\^|"
    r"#(read|import|include|plugin|eval|image|csv|json|yaml|toml|xml|cbor|bibliography)\b|"
    r"\b(read|plugin|image|csv|json|yaml|toml|xml)\s*\(\s*\""
)

# What may be called while a module is being defined: it makes constants, and small ones.
DEFINING_CALLS = frozenset(
    "ManimColor np.array np.linspace np.arange np.zeros np.ones np.eye np.sqrt np.radians "
    "np.deg2rad np.cos np.sin np.exp np.log math.sqrt math.radians math.cos math.sin math.exp "
    "math.log math.factorial float int str tuple list dict set frozenset range len min max sum "
    "abs round rgb_to_color interpolate_color color_gradient namedtuple collections.namedtuple "
    "Fraction fractions.Fraction TexTemplate TypeVar field dataclasses.field re.compile "
    "np.full np.identity np.diag np.tan np.arctan2 np.hypot np.degrees np.rad2deg "
    "np.random.default_rng math.tan math.atan2 math.hypot math.degrees math.floor math.ceil "
    "random.Random".split()
)
# Graphs that networkx makes of numbers: how fast they grow is known to ``sizes``.
GRAPH_CALLS = frozenset(
    f"{module}.{name}"
    for module in ("nx", "networkx")
    for name in (
        "Graph DiGraph empty_graph complete_graph cycle_graph path_graph star_graph wheel_graph "
        "ladder_graph circular_ladder_graph barbell_graph lollipop_graph grid_2d_graph "
        "complete_bipartite_graph balanced_tree erdos_renyi_graph gnp_random_graph "
        "gnm_random_graph random_regular_graph barabasi_albert_graph watts_strogatz_graph "
        "random_geometric_graph petersen_graph karate_club_graph cubical_graph "
        "octahedral_graph dodecahedral_graph icosahedral_graph tetrahedral_graph"
    ).split()
)
DEFINING_DECORATORS = frozenset(
    "property staticmethod classmethod dataclass dataclasses.dataclass cached_property "
    "functools.cached_property lru_cache functools.lru_cache cache functools.cache "
    "abstractmethod abc.abstractmethod override_animation override_animate total_ordering "
    "functools.total_ordering".split()
)
ENUM_BASES = frozenset("Enum IntEnum StrEnum Flag IntFlag ReprEnum EnumType EnumMeta".split())
ENUM_MIXINS = frozenset("int float complex str bytes tuple".split())

LARGEST_NUMBER = 1e300
LARGEST_POWER = 1000
LONGEST_SOURCE = 60_000
MOST_NODES = 20_000
LARGEST_KEYWORDS = {"run_time": 60, "font_size": 600, "frame_rate": 120}
LONGEST_WAIT_S = 60
