"""The styles of the card: inline, for nothing else survives in untrusted notebooks.

Colours are JupyterLab's variables, so that light and dark themes fit, with fallbacks for pages
without them.

Runs in the user's kernel.
"""

from __future__ import annotations

_BORDER = "var(--jp-border-color2,#d0d7de)"
_FONT = "var(--jp-ui-font-family,system-ui,-apple-system,'Segoe UI',sans-serif)"

CARD = (
    f"margin:6px 0 10px;max-width:720px;padding:12px;border:1px solid {_BORDER};border-radius:12px;"
    "background:var(--jp-layout-color1,transparent);"
    f"font-family:{_FONT};font-size:13px;line-height:1.45;box-sizing:border-box"
)
TITLE = "font-size:14px;font-weight:600;overflow-wrap:anywhere"
CHANGE = "margin:2px 0 0;overflow-wrap:anywhere"
FAINT = "opacity:.72;font-size:12px;margin:2px 0 0;overflow-wrap:anywhere"
STATUS = "margin:4px 0 0;overflow-wrap:anywhere"
PROGRESS = "width:100%;height:6px;margin-top:6px;accent-color:var(--jp-brand-color1,#1976d2)"
NOTE = (
    "margin:8px 0 0;padding:6px 10px;border-radius:8px;"
    "background:rgba(25,118,210,.10);overflow-wrap:anywhere"
)
ERROR = (
    "margin:8px 0 0;padding:6px 10px;border-radius:8px;border-left:4px solid #d1453b;"
    "background:rgba(209,69,59,.10);overflow-wrap:anywhere"
)
# A declined sentence is no error, so its card has no alarming colour.
DECLINED = (
    "margin:8px 0 0;padding:6px 10px;border-radius:8px;border-left:4px solid #c98a1b;"
    "background:rgba(201,138,27,.12);overflow-wrap:anywhere"
)
LIST = "margin:2px 0 0 18px;padding:0"
FAINT_LINE = "margin:4px 0 0;overflow-wrap:anywhere"
# A sentence or a name to be copied whole, or pressed where the page has a kernel.
CHOICE = "user-select:all;font-weight:600"
CODE = (
    "margin:6px 0 0;padding:10px 12px;max-height:360px;overflow:auto;border-radius:8px;"
    "background:rgba(127,127,127,.12);font-size:12.5px;line-height:1.45;white-space:pre;"
    "font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace)"
)
# JupyterLab gives <code> a background of its own, a stripe on every line of ours.
PLAIN_CODE = "background:transparent;color:inherit;padding:0;font:inherit"
MARKED = "background:rgba(209,69,59,.28)"
VIDEO = "display:block;width:100%;max-width:100%;height:auto;border-radius:8px;background:#000"
SUMMARY = "cursor:pointer;margin-top:8px;color:var(--jp-ui-font-color2,inherit)"
