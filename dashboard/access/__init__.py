"""Who may come in: accounts, sessions, the login page, the guard before every request, and the audit log.

Knows nothing of Streamlit and nothing of the data, except where ``identity`` asks it who is looking.
"""
