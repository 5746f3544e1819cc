"""Rulesets of aid data (IATI): their language, the part of XPath it uses, and the rules of version 2.0x."""
