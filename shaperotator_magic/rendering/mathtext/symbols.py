"""The table of LaTeX commands that stand for one sign, and the alphabets.

Classes and names are those of plain TeX, amsmath and amssymb: ``o`` ordinary, ``op`` large
operator, ``bin``, ``rel``, ``open``, ``close``, ``punct``, ``inner``.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER = "ord op bin rel open close punct inner".split()


def _read(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_GREEK = _read(
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι"
    " kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς"
    " tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ"
    " Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
)
_VARIED_GREEK = _read(
    "varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varUpsilon Υ"
    " varPhi Φ varPsi Ψ varOmega Ω"
)
_ORDINARY = _read(
    "infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ emptyset ∅ varnothing ⌀"
    " hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ gimel ℷ daleth ℸ imath 𝚤 jmath 𝚥"
    " prime ′ backprime ‵ top ⊤ bot ⊥ angle ∠ measuredangle ∡ sphericalangle ∢"
    " triangle △ triangledown ▽ square □ Box □ blacksquare ■ Diamond ◇ lozenge ◊ blacklozenge ⧫"
    " bigstar ★ blacktriangle ▲ blacktriangledown ▼ flat ♭ natural ♮ sharp ♯"
    " clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ S § P ¶ pounds £ yen ¥ copyright ©"
    " circledR ® checkmark ✓ maltese ✠ complement ∁ eth ð mho ℧ surd √ degree °"
    " backslash \\ vert | Vert ∥ # # % % & & $ $ _ _ dag † ddag ‡ circledS Ⓢ Finv Ⅎ Game ⅁"
    " diagup ╱ diagdown ╲ Bbbk 𝕜"
)
_BINARY = _read(
    "pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ◦ bullet ∙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓"
    " sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ diamond ⋄"
    " bigtriangleup △ bigtriangledown ▽ triangleleft ◁ triangleright ▷ oplus ⊕ ominus ⊖"
    " otimes ⊗ oslash ⊘ odot ⊙ bigcirc ◯ dagger † ddagger ‡ amalg ⨿ ltimes ⋉ rtimes ⋊"
    " leftthreetimes ⋋ rightthreetimes ⋌ curlyvee ⋎ curlywedge ⋏ veebar ⊻ barwedge ⊼"
    " doublebarwedge ⩞ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ dotplus ∔ divideontimes ⋇"
    " Cap ⋒ Cup ⋓ circledast ⊛ circledcirc ⊚ circleddash ⊝ intercal ⊺ centerdot ⋅"
    " lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵"
)
_RELATIONS = _read(
    "le ≤ leq ≤ ge ≥ geq ≥ leqslant ⩽ geqslant ⩾ ll ≪ gg ≫ lll ⋘ ggg ⋙ equiv ≡ sim ∼ simeq ≃"
    " approx ≈ approxeq ≊ asymp ≍ propto ∝ varpropto ∝ in ∈ ni ∋ owns ∋ subset ⊂ supset ⊃"
    " subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ subseteqq ⫅"
    " supseteqq ⫆ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ Subset ⋐ Supset ⋑ vdash ⊢"
    " dashv ⊣ vDash ⊨ Vdash ⊩ Vvdash ⊪ nvdash ⊬ nvDash ⊭ mid ∣ nmid ∤ parallel ∥ nparallel ∦"
    " shortmid ∣ shortparallel ∥ perp ⊥ smile ⌣ frown ⌢ smallsmile ⌣ smallfrown ⌢ prec ≺ succ ≻"
    " preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ nprec ⊀ nsucc ⊁"
    " lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ leqq ≦ geqq ≧"
    " nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lnsim ⋦ gnsim ⋧"
    " ncong ≇ nsim ≁ trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳"
    " vartriangle △ triangleq ≜ circeq ≗ bumpeq ≏ Bumpeq ≎ eqcirc ≖ risingdotseq ≓"
    " fallingdotseq ≒ doteqdot ≑ Doteq ≑ backsim ∽ backsimeq ⋍ thicksim ∼ thickapprox ≈"
    " between ≬ pitchfork ⋔ therefore ∴ because ∵"
    " leftarrow ← gets ← rightarrow → to → leftrightarrow ↔ Leftarrow ⇐ Rightarrow ⇒"
    " Leftrightarrow ⇔ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓"
    " Updownarrow ⇕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ leftharpoonup ↼"
    " leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ rightleftharpoons ⇌"
    " leftrightharpoons ⇋ upharpoonleft ↿ upharpoonright ↾ restriction ↾ downharpoonleft ⇃"
    " downharpoonright ⇂ leftleftarrows ⇇ rightrightarrows ⇉ upuparrows ⇈ downdownarrows ⇊"
    " leftrightarrows ⇆ rightleftarrows ⇄ twoheadleftarrow ↞ twoheadrightarrow ↠"
    " leftarrowtail ↢ rightarrowtail ↣ looparrowleft ↫ looparrowright ↬ curvearrowleft ↶"
    " curvearrowright ↷ circlearrowleft ↺ circlearrowright ↻ Lsh ↰ Rsh ↱ rightsquigarrow ⇝"
    " leadsto ⇝ leftrightsquigarrow ↭ multimap ⊸ nleftarrow ↚ nrightarrow ↛ nLeftarrow ⇍"
    " nRightarrow ⇏ nleftrightarrow ↮ nLeftrightarrow ⇎ dashrightarrow ⇢ dashleftarrow ⇠"
    " coloneqq ≔ eqqcolon ≕"
)
_OPERATORS = _read(
    "sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ bigodot ⨀"
    " bigotimes ⨂ bigoplus ⨁ biguplus ⨄ int ∫ oint ∮"
)
INTEGRALS = {"∫", "∮"}
LARGE = set(_OPERATORS.values())
# Letters that have one shape only.
UNSTYLED = set("ℏℓℜℑ℘ℵℶℷℸ𝚤𝚥ℂℍℕℙℚℝℤ𝕜ðℲⓈ©®℧")
_OPENING = _read(
    "langle ⟨ lfloor ⌊ lceil ⌈ lbrace { { { lbrack [ lvert | lVert ∥ lgroup ⟮ lmoustache ⎰"
    " ulcorner ⌜ llcorner ⌞ llbracket ⟦"
)
_CLOSING = _read(
    "rangle ⟩ rfloor ⌋ rceil ⌉ rbrace } } } rbrack ] rvert | rVert ∥ rgroup ⟯ rmoustache ⎱"
    " urcorner ⌝ lrcorner ⌟ rrbracket ⟧"
)
_PUNCTUATION = {"colon": ":", "cdotp": "⋅", "ldotp": "."}

SYMBOLS: dict[str, tuple[str, str]] = {
    name: (sign, kind)
    for kind, table in (
        (ORD, _GREEK), (ORD, _ORDINARY), (BIN, _BINARY), (REL, _RELATIONS), (OP, _OPERATORS),
        (OPEN, _OPENING), (CLOSE, _CLOSING), (PUNCT, _PUNCTUATION),
    )
    for name, sign in table.items()
}  # fmt: skip
SYMBOLS["|"] = ("∥", ORD)
SYMBOLS.update(
    {name: (chr(0x1D6E2 + ord(sign) - 0x391), ORD) for name, sign in _VARIED_GREEK.items()}
)

# What a key of the keyboard means in math.
KEYS: dict[str, tuple[str, str]] = {
    "+": ("+", BIN), "-": ("−", BIN), "*": ("∗", BIN), "=": ("=", REL), "<": ("<", REL),
    ">": (">", REL), ":": (":", REL), "(": ("(", OPEN), "[": ("[", OPEN), ")": (")", CLOSE),
    "]": ("]", CLOSE), "!": ("!", CLOSE), "?": ("?", CLOSE), ",": (",", PUNCT),
    ";": (";", PUNCT), "/": ("/", ORD), "|": ("|", ORD), ".": (".", ORD), '"': ("”", ORD),
    "`": ("‘", ORD), "@": ("@", ORD), "−": ("−", BIN), "·": ("⋅", BIN),
}  # fmt: skip
KEYS["∥"], KEYS["‖"] = ("∥", REL), ("∥", ORD)
# The same sign typed as itself.
for _sign, _kind in tuple(SYMBOLS.values()):
    KEYS.setdefault(_sign, (_sign, _kind))

DELIMITERS = {
    "‖": "∥",
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩", ".": "",
    "∥": "∥", "⟨": "⟨", "⟩": "⟩", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉",
}  # fmt: skip
DELIMITER_COMMANDS = {
    name: SYMBOLS[name][0]
    for name in (
        "{ } | lbrace rbrace lbrack rbrack langle rangle lfloor rfloor lceil rceil vert Vert lvert"
        " rvert lVert rVert uparrow downarrow updownarrow Uparrow Downarrow Updownarrow backslash"
        " lgroup rgroup lmoustache rmoustache ulcorner urcorner llcorner lrcorner"
        " llbracket rrbracket"
    ).split()
}

# Names of functions: whether limits go below in display style.
FUNCTIONS: dict[str, bool] = {
    **dict.fromkeys(
        "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh"
        " tan tanh".split(),
        False,
    ),
    **dict.fromkeys("det gcd inf lim max min Pr sup".split(), True),
}
SPACED_FUNCTIONS = {
    "liminf": ("lim", "inf"), "limsup": ("lim", "sup"),
    "injlim": ("inj", "lim"), "projlim": ("proj", "lim"),
}  # fmt: skip

# Signs that LaTeX puts together from several, written in its own terms.
COMPOSED: dict[str, str] = {
    "neq": r"\not=", "ne": r"\not=", "notin": r"\not\in",
    "longrightarrow": r"\mathrel{\mathord{-}\mkern-3mu\mathord{\rightarrow}}",
    "longleftarrow": r"\mathrel{\mathord{\leftarrow}\mkern-3mu\mathord{-}}",
    "longleftrightarrow": r"\mathrel{\mathord{\leftarrow}\mkern-3mu\mathord{\rightarrow}}",
    "Longrightarrow": r"\mathrel{\mathord{=}\mkern-3mu\mathord{\Rightarrow}}",
    "Longleftarrow": r"\mathrel{\mathord{\Leftarrow}\mkern-3mu\mathord{=}}",
    "Longleftrightarrow": r"\mathrel{\mathord{\Leftarrow}\mkern-3mu\mathord{\Rightarrow}}",
    "implies": r"\;\Longrightarrow\;", "impliedby": r"\;\Longleftarrow\;",
    "iff": r"\;\Longleftrightarrow\;",
    "mapsto": r"\mathrel{\shaperotatorbar\mathord{\rightarrow}}",
    "longmapsto": r"\mathrel{\shaperotatorbar\mathord{\longrightarrow}}",
    "hookrightarrow": r"\mathrel{\mkern2mu\mathord{↪}}",
    "hookleftarrow": r"\mathrel{\mathord{↩}\mkern2mu}",
    "models": r"\mathrel{\mathord{\vert}\mkern-3mu\mathord{=}}",
    "cong": r"\mathrel{≅}", "doteq": r"\mathrel{≐}",
    "bowtie": r"\mathrel{\mkern-2mu\mathord{▹}\mkern-4mu\mathord{◃}\mkern-2mu}",
    "Join": r"\mathrel{\mathord{\rtimes}\mkern-13.8mu\mathord{\ltimes}}",
    "iint": r"\int\mkern-9mu\int", "iiint": r"\int\mkern-9mu\int\mkern-9mu\int",
    "iiiint": r"\int\mkern-9mu\int\mkern-9mu\int\mkern-9mu\int",
    "idotsint": r"\int\mkern-9mu\cdots\mkern-9mu\int",
    "ldots": r"\mathinner{\ldotp\ldotp\ldotp}", "dotsc": r"\ldots", "dotso": r"\ldots",
    "cdots": r"\mathinner{\cdotp\cdotp\cdotp}", "dotsb": r"\cdots", "dotsm": r"\cdots",
    "dotsi": r"\cdots", "mathellipsis": r"\ldots",
    "Leftrightarrows": r"\leftrightarrows",
    "bigm": r"\big", "lbrace": r"\{", "rbrace": r"\}",
    "varlimsup": r"\overline{\lim}", "varliminf": r"\underline{\lim}",
    "varinjlim": r"\underrightarrow{\lim}", "varprojlim": r"\underleftarrow{\lim}",
    "bmod": r"\mathbin{\mathrm{mod}}", "And": r"\;\&\;",
}  # fmt: skip

ACCENTS = {
    "hat": "\u0302", "check": "\u030c", "tilde": "\u0303", "acute": "\u0301", "grave": "\u0300",
    "dot": "\u0307", "ddot": "\u0308", "breve": "\u0306",
    "bar": "\u0304", "vec": "\u20d7", "mathring": "\u030a",
}  # fmt: skip
WIDE_ACCENTS = {
    "widehat": "\u0302", "widetilde": "\u0303", "widecheck": "\u030c",
    "overrightarrow": "\u20d7", "overleftarrow": "\u20d6", "overleftrightarrow": "\u20e1",
}  # fmt: skip

# In mu, eighteenths of a quad; the negative ones too.
SPACES = {
    ",": 3, "thinspace": 3, ":": 4, ">": 4, "medspace": 4, ";": 5, "thickspace": 5, "!": -3,
    "negthinspace": -3, "negmedspace": -4, "negthickspace": -5, "quad": 18, "qquad": 36,
    " ": 6, "enspace": 9, "enskip": 9, "space": 6, "nobreakspace": 6,
}  # fmt: skip

# First capital letter, small letter and digit; below, the holes in Unicode's block.
_ALPHABETS = {
    "it": (0x1D434, 0x1D44E, 0), "bf": (0x1D400, 0x1D41A, 0x1D7CE),
    "bi": (0x1D468, 0x1D482, 0x1D7CE), "cal": (0x1D49C, 0x1D4B6, 0),
    "scr": (0x1D49C, 0x1D4B6, 0),
    "frak": (0x1D504, 0x1D51E, 0), "bb": (0x1D538, 0x1D552, 0x1D7D8),
    "sf": (0x1D5A0, 0x1D5BA, 0x1D7E2), "tt": (0x1D670, 0x1D68A, 0x1D7F6),
}  # fmt: skip
_HOLES = {
    ("it", "h"): "ℎ", ("cal", "B"): "ℬ", ("cal", "E"): "ℰ", ("cal", "F"): "ℱ", ("cal", "H"): "ℋ",
    ("cal", "I"): "ℐ", ("cal", "L"): "ℒ", ("cal", "M"): "ℳ", ("cal", "R"): "ℛ",
    ("cal", "e"): "ℯ", ("cal", "g"): "ℊ", ("cal", "o"): "ℴ", ("frak", "C"): "ℭ",
    ("frak", "H"): "ℌ", ("frak", "I"): "ℑ", ("frak", "R"): "ℜ", ("frak", "Z"): "ℨ",
    ("bb", "C"): "ℂ", ("bb", "H"): "ℍ", ("bb", "N"): "ℕ", ("bb", "P"): "ℙ", ("bb", "Q"): "ℚ",
    ("bb", "R"): "ℝ", ("bb", "Z"): "ℤ",
}  # fmt: skip
ALPHABET_COMMANDS = {
    "mathrm": "rm", "mathup": "rm", "mathbf": "bf", "mathit": "ti", "mathsf": "sf",
    "mathtt": "tt", "mathbb": "bb", "Bbb": "bb", "mathcal": "cal", "mathscr": "scr",
    "mathfrak": "frak", "boldsymbol": "bi", "bm": "bi", "mathbfit": "bi",
    "mathnormal": "it", "bold": "bf",
}  # fmt: skip
_GREEK_SMALL_VARIANTS = {"ϵ": 0x1A, "ϑ": 0x1B, "ϰ": 0x1C, "ϕ": 0x1D, "ϱ": 0x1E, "ϖ": 0x1F}


def style_letter(sign: str, alphabet: str) -> str:
    """Return a letter, digit or Greek letter in one of TeX's math alphabets."""
    if sign.isascii() and sign.isalnum():
        return _style_latin(sign, alphabet)
    return _style_greek(sign, alphabet)


def _style_latin(sign: str, alphabet: str) -> str:
    if alphabet == "scr":
        alphabet = "cal"
    if (alphabet, sign) in _HOLES:
        return _HOLES[alphabet, sign]
    if alphabet not in _ALPHABETS:
        return sign
    upper, lower, digit = _ALPHABETS[alphabet]
    if sign.isdigit():
        return chr(digit + int(sign)) if digit else sign
    return chr(upper + ord(sign) - 65) if sign.isupper() else chr(lower + ord(sign) - 97)


def _style_greek(sign: str, alphabet: str) -> str:
    is_bold = alphabet == "bi" or (alphabet == "bf" and sign.isupper())
    if "Α" <= sign <= "Ω":
        return chr(0x1D6A8 + ord(sign) - 0x391) if is_bold else sign
    base = 0x1D736 if is_bold else 0x1D6FC
    if "α" <= sign <= "ω":
        return chr(base + ord(sign) - 0x3B1)
    if sign in _GREEK_SMALL_VARIANTS:
        return chr(base + _GREEK_SMALL_VARIANTS[sign])
    if sign == "∂":
        return chr(base + 0x19)
    return sign
