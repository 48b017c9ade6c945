"""Texts that try to run something, or to load something, where they are shown."""

from __future__ import annotations

import json
from pathlib import Path

_KNOWN = json.loads((Path(__file__).parent / "data" / "display_bad.json").read_text())

# Each one would set window.pwned, open a dialog, or ask the host evil.test, if anything let it.
ATTACKS: tuple[str, ...] = (
    *(entry["value"] for entry in _KNOWN),
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<img src='http://evil.test/a.png'>",
    "<svg onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    "<svg><use href='http://evil.test/a.svg#x'/></svg>",
    "<iframe src='javascript:window.parent.pwned=1'></iframe>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data='http://evil.test/a'></object>",
    "<embed src='http://evil.test/a'>",
    "<link rel=stylesheet href='http://evil.test/a.css'>",
    "<style>@import 'http://evil.test/a.css'; body{display:none}</style>",
    "<style>*{background:url(http://evil.test/a)}</style>",
    "<base href='http://evil.test/'>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>",
    "<form action='http://evil.test/'><button autofocus onfocus=window.pwned=1>x",
    "<input autofocus onfocus=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<video src=x onerror=window.pwned=1 autoplay>",
    "<video poster='http://evil.test/p.png'></video>",
    "<audio src='http://evil.test/a.mp3' autoplay>",
    "<math href='javascript:window.pwned=1'>x</math>",
    "<a href='javascript:window.pwned=1'>x</a>",
    '"><script>window.pwned=1</script>',
    "' onmouseover='window.pwned=1' x='",
    '" autofocus onfocus="window.pwned=1',
    "--><script>window.pwned=1</script><!--",
    "]]><script>window.pwned=1</script>",
    "</title></head><body onload=window.pwned=1>",
    "</pre></code></figure><script>window.pwned=1</script>",
    "![x](http://evil.test/a.png)",
    "[x](javascript:window.pwned=1)",
    "```\n<script>window.pwned=1</script>\n```",
    "$\\href{javascript:window.pwned=1}{x}$ $\\style{background:url(//evil.test)}{x}$",
    "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1} {%raw%}",
    "\u202e<script>window.pwned=1</script>\u2028window.pwned=1",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "<scr\x00ipt>window.pwned=1</scr\x00ipt>",
    "\nget_ipython().system('touch /tmp/pwned')\n%%bash\n!id",
    '../../../../etc/passwd" onerror="window.pwned=1',
    "http://evil.test/a.mp4",
    "//evil.test/a.mp4",
    "javascript:window.pwned=1//.mp4",
    "data:text/html,<script>parent.pwned=1</script>.mp4",
)
