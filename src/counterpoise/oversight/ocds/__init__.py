"""Procurement (OCDS): files of any form and size read as a stream, processes put together, each judged by `flags`."""
