"""Lists of staff as spreadsheets: one row a duty. Read with a dry run, written as template and as export."""
