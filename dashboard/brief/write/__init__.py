"""A brief's model written down: ``word``, ``slides``, ``workbook``, ``preview``; the same model gives the same bytes."""
