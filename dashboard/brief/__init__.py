"""简报: one snapshot as a Word document, slides, a workbook or a page.

``gather`` reads everything once into the records of ``facts``; ``sections`` say it in the words of ``sentences``,
as the model of ``document``; ``word``, ``slides``, ``workbook`` and ``preview`` write that model down and know no
number of their own. ``record`` keeps which brief was made when, of what, by whom.
"""
