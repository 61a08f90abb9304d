"""Reports on paper and on screen: one document a report, written out as web page, tagged PDF, Word and spreadsheet.

`document.py` is the model, `request.py` says what was asked for, `kinds.py` lists the kinds, `writing.py` the formats."""
