"""批注: what the task force writes beside an indicator, a unit and a month. It lives apart from the snapshots.

``record`` says what an annotation is and what may stand in it (pure); ``book`` is the only door to the file
``<data>/notes/annotations.sqlite`` and takes the viewer with every question; ``form`` is where it is written.
"""
