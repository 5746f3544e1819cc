"""Where the money went: audits of files of spending, tests of digits, screening, rates of audits, monitoring.

Every idea is a folder with one door. `audit.audit` judges a file by published red flags and hands it to `ocds.audit`
(procurement, its flags in `ocds/flags`), `iati.audit` (aid, with `iati/rulesets`) or `ledger.audit` (tables of
payments); all three answer with `findings`. Beside them: `procurement.beside` (index of corruption risk, networks),
`benford.measure`, `screening.screen`, `inspection.plan` (how often to audit whom) and `monitor.watch` (politics). A
module whose name begins with `_` serves its own folder alone. A flag says where to look; it proves nothing.
"""
