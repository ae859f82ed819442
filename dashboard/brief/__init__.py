"""The weekly briefing: an address becomes facts, facts become a document, a document becomes a picture.

`weeks` and `asked` say which briefing is meant; `facts` gathers what it says (`changes`, `stories`, `upcoming`);
`codes` gives the check code; `figures`, `parts` and `document` make HTML of it; `browser` draws it; `making` writes it;
`verify` looks whether its numbers still hold. `served` and the page show it in the app, `verb` and `told` in the
terminal.
"""
