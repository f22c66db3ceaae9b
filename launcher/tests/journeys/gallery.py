"""Pictures of the screens, with a page that shows them all, English beside Chinese."""

import html
import json

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Plumbline: screens</title>
<style>body{{font:14px sans-serif;margin:24px}}figure{{display:inline-block;margin:0 16px 24px 0;width:46%}}
img{{width:100%;border:1px solid #ccc}}figcaption{{padding:4px 0}}</style>
<h1>Screens of the console</h1>
{figures}
</html>
"""
_FIGURE = '<figure><a href="{file}"><img src="{file}" alt=""></a><figcaption><b>{name}</b> · {title} · {user}</figcaption></figure>'


def keep(page, folder, name, title, user):
    """Keeps the picture under its name and lists it in index.html; a later one of the same name replaces it."""
    file = f"{name}.png"
    page.screenshot(path=str(folder / file))
    listing = folder / "pictures.json"
    known = json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {}
    known[name] = {"file": file, "name": name, "title": title, "user": user}
    listing.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
    figures = "\n".join(
        _FIGURE.format(**{key: html.escape(value) for key, value in known[each].items()}) for each in sorted(known)
    )
    (folder / "index.html").write_text(_PAGE.format(figures=figures), encoding="utf-8")
