"""假设: what the lights would be if something held that does not hold yet. Pure functions over exact fractions.

``facts`` is what the scenarios start from; ``targets``, ``growth`` and ``crossing`` are the three of them, each a
registry of rules by measure; ``outcome`` judges what they give by ``etl.status.judge`` and says it in words.
"""
