"""Where the money went: audits of OCDS and IATI files, tests of ledgers, screening of names against lists.

`audit.audit` judges a file by published red flags: the eleven of Cardinal value for value (`cardinal`), those of the
Open Contracting Partnership's guide that a process (`_process`, `_firms`), a market (`_market`) or a series (`_series`)
of purchases can raise, and those of aid activities (`iati`). A flag says where to look; it proves nothing.
"""
