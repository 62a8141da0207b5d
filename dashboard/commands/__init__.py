"""Groups of commands of ``trade-kpi``, one module a topic."""
