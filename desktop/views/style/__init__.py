"""How everything looks: colours, theme, style sheet, icons, frames."""
