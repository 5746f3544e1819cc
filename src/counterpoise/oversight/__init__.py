"""Where the money went: audits of OCDS and IATI files, red flags, screening of names. Not built yet."""
