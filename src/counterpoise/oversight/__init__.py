"""Where the money went: audits of OCDS and IATI files, tests of ledgers, screening of names, audit rates, monitoring.

`audit.audit` judges a file by published red flags: the eleven of Cardinal value for value (`cardinal`), those of the
Open Contracting Partnership's guide that a process (`_process`, `_contract`, `_firms`), a market (`_market`) or a
series (`_series`) of purchases can raise, those of aid activities (`iati`, with `rulesets`), and the tests of a
`ledger`. `procurement` adds an index of corruption risk and networks, `inspection` says how often to audit whom, and
`monitor` watches politics. A flag says where to look; it proves nothing.
"""
