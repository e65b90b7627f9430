"""The front doors: public pages, and the work list of staff."""
