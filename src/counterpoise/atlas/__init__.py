"""Embedded regions: folders of data, one per region, read like any folder given by path."""
