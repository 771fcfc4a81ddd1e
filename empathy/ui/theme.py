"""How the page looks: a calm theme with the system's own fonts, and the colours the charts share.

Every colour is a CSS variable with a value for light and for dark, so that a chart drawn once fits both. Nothing is
fetched from elsewhere.
"""

from __future__ import annotations

from pathlib import Path

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
    "body_text_color_subdued": "#55636f",
    "body_text_color_subdued_dark": "#a4b1bc",
    "block_info_text_color": "*body_text_color_subdued",
    "block_info_text_color_dark": "*body_text_color_subdued",
    "link_text_color": "#0f766e",
    "link_text_color_dark": "#5eead4",
    "link_text_color_hover": "#0f766e",
    "link_text_color_hover_dark": "#5eead4",
    "link_text_color_visited": "#0f766e",
    "link_text_color_visited_dark": "#5eead4",
    "link_text_color_active": "#0f766e",
    "link_text_color_active_dark": "#5eead4",
    "input_placeholder_color": "#5f6d79",
    "input_placeholder_color_dark": "#9fadb9",
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


def style() -> str:
    """The style of what the page draws itself, and of what Gradio offers no variable for."""
    return (Path(__file__).parent / "page.css").read_text()
