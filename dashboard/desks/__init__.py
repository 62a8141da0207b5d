"""Where administrators and auditors work: widgets and HTML of the pages that stand on no data."""
