"""What fonts a LaTeX preamble asks for: formulas set here are in Computer Modern.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re

_PACKAGES = re.compile(r"\\usepackage\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}")
_COMMENT = re.compile(r"(?<!\\)%.*")
_COMMANDS = re.compile(
    r"\\(?:setmainfont|setsansfont|setmathfont)\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}"
    r"|\\renewcommand\s*\{?\\(?:family|rm|sf|tt)default\}?\s*\{([^}]*)\}"
)
# Packages that change the face of text or formulas. Latin Modern is Computer Modern.
_FONT_PACKAGES = frozenset(
    "mathpazo palatino pxfonts newpxtext newpxmath tgpagella mathptmx times txfonts newtxtext"
    " newtxmath tgtermes stix stix2 xits helvet tgheros avant tgadventor bookman tgbonum newcent"
    " tgschola chancery tgchorus charter XCharter mathdesign utopia fourier courier tgcursor"
    " inconsolata libertine libertinus libertinust1math newtxsf kpfonts mathastext eulervm euler"
    " concrete ccfonts beton cmbright sfmath arev iwona kurier antpolt anttor fouriernc fontspec"
    " unicode-math sansmath sansmathfonts opensans roboto lato raleway FiraSans FiraMono fira noto"
    " merriweather sourcesanspro sourceserifpro sourcecodepro droid droidserif droidsans DejaVuSans"
    " gentium ebgaramond garamondx garamondlibre cochineal crimson CrimsonPro vollkorn venturis"
    " libris libgreek epigrafica baskervald baskervaldx Baskervaldx gfsneohellenic comicneue"
    " ComicNeue calligra aurical emerald pbsi frcursive universalis domitian erewhon heuristica"
    " montserrat quattrocento cabin carlito caladea josefin tempora bera beramono berasans txgreeks"
    " ECFAugie JD chalkboard cursive".split()
)


def find_template_fonts(preamble: str) -> tuple[str, ...]:
    """Return the font packages and faces that a preamble names, in its order."""
    text = _COMMENT.sub("", preamble)
    found = []
    for match in sorted([*_PACKAGES.finditer(text), *_COMMANDS.finditer(text)], key=_find_start):
        named = [name.strip() for group in match.groups() if group for name in group.split(",")]
        is_package = match.re is _PACKAGES
        found += [name for name in named if not is_package or name in _FONT_PACKAGES]
    return tuple(dict.fromkeys(found))


def _find_start(match: re.Match[str]) -> int:
    return match.start()
