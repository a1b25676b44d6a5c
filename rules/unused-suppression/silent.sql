-- fixture: rules=all assume-lock-timeout=yes
-- cupel:ignore drop-table: archived
DROP TABLE orders;
DROP TABLE lines;   -- cupel:ignore drop-table: archived
