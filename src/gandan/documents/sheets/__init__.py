"""Spreadsheets (bảng tính): read one without trusting it, write one that a clerk can fill in."""
