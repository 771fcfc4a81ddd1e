"""How the page looks: a calm theme with the system's own fonts, and the colours the charts share.

Every colour is a CSS variable with a value for light and for dark, so that a chart drawn once fits both. Nothing is
fetched from elsewhere.
"""

from __future__ import annotations

import gradio as gr

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")


LOOK = {
    "block_label_background_fill": "*background_fill_primary",
    "block_label_background_fill_dark": "*background_fill_primary",
    "block_label_text_color": "*neutral_600",
    "block_label_text_color_dark": "*neutral_300",
    "block_title_background_fill": "none",
    "block_title_background_fill_dark": "none",
    "block_title_text_color": "*neutral_600",
    "block_title_text_color_dark": "*neutral_300",
    "background_fill_secondary_dark": "#151c22",
    "border_color_primary_dark": "#35414b",
    "input_background_fill_dark": "#212b33",
    "button_secondary_background_fill_dark": "#2a353f",
    "button_secondary_background_fill_hover_dark": "#35424d",
    "checkbox_label_background_fill_dark": "#212b33",
    "body_background_fill": "#f6f8f9",
    "body_background_fill_dark": "#11171c",
    "block_background_fill_dark": "#182027",
    "background_fill_primary_dark": "#182027",
    "block_shadow": "none",
    "block_border_width": "1px",
    "block_border_color": "#dbe2e7",
    "block_border_color_dark": "#35414b",
    "block_radius": "12px",
    "button_secondary_border_color": "#cbd3da",
    "button_secondary_border_color_dark": "#45535f",
    "button_secondary_shadow": "none",
    "button_secondary_shadow_dark": "none",
    "checkbox_border_color": "#8a98a5",
    "checkbox_border_color_dark": "#7b8a97",
    "checkbox_label_shadow": "none",
    "checkbox_label_border_width": "1px",
    "checkbox_label_border_color": "#dbe2e7",
    "checkbox_label_border_color_dark": "#45535f",
    "input_border_width": "1px",
    "input_border_color": "#aab6c0",
    "input_border_color_dark": "#55636f",
    "input_shadow": "none",
    "input_radius": "10px",
    "button_border_width": "1px",
    "button_primary_shadow": "none",
    "button_primary_background_fill": "#0f766e",
    "button_primary_background_fill_hover": "#115e59",
    "button_primary_background_fill_dark": "#0f766e",
    "button_primary_text_color": "#ffffff",
}
"""What differs from Gradio's Soft theme; a value that starts with * names another of its variables."""


def theme() -> gr.themes.Base:
    """Soft shapes, teal for what can be pressed, slate for the rest."""
    soft = gr.themes.Soft(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.sky,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=list(FONTS),
        font_mono=list(MONO),
    )
    return soft.set(**LOOK)


def drawing(markup: str = "", elem_id: str | None = None) -> gr.HTML:
    """A place for what the page draws itself, free of Gradio's own text styles."""
    return gr.HTML(markup, elem_id=elem_id, apply_default_css=False)


CSS = """
/* given as a style element of its own: what Gradio takes as css it rewrites, media queries included */
.gradio-container .html-container { padding: 0 !important; }
:root {
  --e-angry: #c4513a; --e-contempt: #9a6a8f; --e-disgust: #6d8b35; --e-fear: #7a62b3; --e-happy: #d99a1b;
  --e-neutral: #7f8b97; --e-sad: #3f74b8; --e-surprise: #219c92;
  --c-face: #c06a1e; --c-voice: #2f6fb5; --c-words: #6c8a2d; --c-posture: #9a5c97; --c-all: #0f766e;
  --e-track: #e6ebef; --e-line: #cbd3da; --e-ink: #1f2a33; --e-soft: #55636f; --e-paper: #ffffff; --e-tint: #eef4f4;
  --e-warn: #8a4b08; --e-warn-paper: #fdf3e3; --e-stop: #9b1c1c; --e-stop-paper: #fdecec;
}
.dark {
  --e-angry: #ec8069; --e-contempt: #c79bbd; --e-disgust: #a6c266; --e-fear: #ad98e0; --e-happy: #f0bd53;
  --e-neutral: #a3afba; --e-sad: #7fabe6; --e-surprise: #5cc8be;
  --c-face: #eda45f; --c-voice: #7cb0ec; --c-words: #aecb6b; --c-posture: #cf9ccc; --c-all: #5eead4;
  --e-track: #2b363f; --e-line: #3c4954; --e-ink: #e6edf2; --e-soft: #a4b1bc; --e-paper: #1b242b; --e-tint: #1d2b2d;
  --e-warn: #f6c77d; --e-warn-paper: #33291a; --e-stop: #fca5a5; --e-stop-paper: #3a1f22;
}
.gradio-container { width: 100% !important; max-width: 1240px !important; margin: 0 auto !important; }
#chat button[aria-label="Clear"] { display: none; }
.es { color: var(--e-ink); font-size: 15px; line-height: 1.45; overflow-wrap: anywhere; }
.es h3, .es h4, .es p, .es ul, .es table { margin: 0; color: inherit; }
.es h3 { font-size: 16px; font-weight: 650; }
.es h4 { font-size: 13px; font-weight: 600; color: var(--e-soft); margin: 12px 0 5px; }
.es small, .es .soft { color: var(--e-soft); font-size: 13px; }
.es a { color: var(--c-all); text-decoration: underline; }
.es .card { background: var(--e-paper); border: 1px solid var(--block-border-color); border-radius: 12px;
  padding: 14px 16px; margin-bottom: 12px; }
.es .head { display: flex; justify-content: space-between; gap: 10px; align-items: baseline; flex-wrap: wrap; }
.es .said { font-size: 18px; font-weight: 600; margin: 2px 0 4px; }
.es .badges { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; }
.es .badge { border: 1px solid var(--e-line); border-radius: 99px; padding: 1px 10px; font-size: 12.5px;
  color: var(--e-soft); background: var(--e-tint); white-space: nowrap; }
.es .badge.low { color: var(--e-warn); background: var(--e-warn-paper); border-color: currentColor; }
.es .badge.on { color: var(--c-all); border-color: currentColor; font-weight: 600; }
.es .notice { background: var(--e-tint); border-left: 3px solid var(--c-all); border-radius: 6px; padding: 8px 12px;
  font-size: 13.5px; }
.es .notice.warn { background: var(--e-warn-paper); border-color: var(--e-warn); }
.es .notice.stop { background: var(--e-stop-paper); border-color: var(--e-stop); font-size: 15px; }
.es .status { color: var(--e-soft); font-size: 13.5px; min-height: 22px; padding: 2px 4px; }
.es .status .dot { display: inline-block; width: 8px; height: 8px; border-radius: 50%; background: var(--c-all);
  margin-right: 8px; animation: es-breathe 1.4s ease-in-out infinite; }
@keyframes es-breathe { 50% { opacity: .25; } }
@media (prefers-reduced-motion: reduce) { .es .status .dot { animation: none; } }
.es .bar { display: grid; grid-template-columns: 92px 1fr 50px; gap: 8px; align-items: center; font-size: 13.5px;
  margin: 3px 0; }
.es .bar .track { background: var(--e-track); border-radius: 6px; height: 10px; overflow: hidden; display: block; }
.es .bar .fill { display: block; height: 100%; border-radius: 6px; min-width: 2px; }
.es .bar .share { text-align: right; font-variant-numeric: tabular-nums; color: var(--e-soft); white-space: nowrap; }
.es .faint { opacity: .55; }
.es svg { display: block; max-width: 100%; }
.es svg text { fill: var(--e-soft); font-size: 11px; font-family: inherit; }
.es .plane { width: 100%; max-width: 290px; margin: 4px auto; }
.es .stretch { width: 100%; height: 84px; background: var(--e-tint); border-radius: 8px; }
.es .strip { width: 100%; height: 16px; border-radius: 5px; background: var(--e-track); }
.es .scale { display: flex; justify-content: space-between; font-size: 12px; color: var(--e-soft);
  font-variant-numeric: tabular-nums; margin-top: 2px; }
.es .key { display: inline-flex; align-items: center; gap: 5px; font-size: 12.5px; color: var(--e-soft);
  margin-right: 12px; }
.es .key i { width: 11px; height: 11px; border-radius: 3px; display: inline-block; }
.es table { width: 100%; border-collapse: collapse; font-size: 13.5px; border: 0; margin-top: 8px; }
.es tr { border: 0 !important; background: none !important; }
.es th, .es td { text-align: left; padding: 5px 8px 5px 0 !important; border-top: 1px solid var(--e-line);
  vertical-align: top; border-left: 0; border-right: 0; border-bottom: 0; }
.es th { overflow-wrap: normal; }
.es tbody th { padding-right: 14px !important; }
.es table.engines { table-layout: auto; }
.es table.engines th[scope=rowgroup] { padding-top: 16px !important; font-size: 15px;
  border-top: 2px solid var(--e-line); }
.es table.engines td { overflow-wrap: break-word; }
.es table.engines td:nth-child(3) { white-space: nowrap; }
.es thead th { color: var(--e-soft); font-weight: 600; border-top: 0; }
.es td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.es .word { border-bottom: 2px solid transparent; }
.es .word.rough { border-bottom: 2px dotted var(--e-warn); }
.es .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 4px 20px; }
.es ul.plain { list-style: none; padding: 0; margin: 0; }
.es ul.plain li { padding: 4px 0; border-top: 1px solid var(--e-line); }
.es ul.plain li:first-child { border-top: 0; }
.es .progress { background: var(--e-track); border-radius: 8px; height: 14px; overflow: hidden; }
.es .progress span { display: block; height: 100%; background: var(--c-all); }
.es .brand { display: flex; align-items: baseline; gap: 4px 12px; flex-wrap: wrap; padding: 4px 2px 0; }
.es .brand h1 { font-size: 23px; font-weight: 700; margin: 0; color: inherit; letter-spacing: -.01em; }
.es .prose { max-width: 74ch; }
.es .prose p, .es .prose ul { margin: 6px 0 10px; }
.es .prose ul { padding-left: 20px; list-style: disc; }
.es .prose h3 { margin-top: 18px; }
button:focus-visible, a:focus-visible, [tabindex]:focus-visible, textarea:focus-visible {
  outline: 3px solid var(--c-all) !important; outline-offset: 2px; }
#begin { gap: 6px; }
#begin button { justify-content: flex-start; text-align: left; font-weight: 400; }
#memory .form { border: 0; background: none; }
#remembered { border: 0 !important; padding: 0 !important; background: none !important; }
#help-now { border: 1px solid var(--e-stop); color: var(--e-stop); background: transparent; }
@media (max-width: 640px) {
  .gradio-container .main.fillable { padding: 6px 12px !important; }
  #chat { height: 56vh !important; }
  .gradio-container .tab-wrapper button { padding: 0 5px !important; font-size: 13.5px !important; }
  .es .card { padding: 12px; }
  .es table.engines thead { display: none; }
  .es table.engines tr { display: block; border-top: 2px solid var(--e-line); padding: 6px 0; }
  .es table.engines td { display: block; border: 0; padding: 3px 0 3px 98px !important; position: relative; }
  .es table.engines td::before { content: attr(data-name); color: var(--e-soft); position: absolute; left: 0; }
  .es table.engines td:first-child { padding-left: 0 !important; }
  .es table.engines td:first-child::before, .es table.engines td.none { display: none; }
  .es table.engines th { display: block; }
}
"""
