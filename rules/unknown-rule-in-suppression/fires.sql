-- want+1 unknown-rule-in-suppression "did you mean drop-table?"
-- cupel:ignore drop-tables: archived
DROP TABLE orders;
DROP TABLE lines;   /* cupel:ignore nonsense: archived */   -- want unknown-rule-in-suppression@21 "no rule is called nonsense"
-- want+1 unknown-rule-in-suppression "names no rule"
-- cupel:ignore : archived
DROP TABLE notes;
