"""The catalogues of translations: every text that a respondent may see, in every language surveys are asked in."""
