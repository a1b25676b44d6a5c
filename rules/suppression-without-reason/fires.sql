-- want+1 suppression-without-reason@1 "write cupel:ignore drop-table: why it is safe here"
-- cupel:ignore drop-table
DROP TABLE orders;
-- file: 002.sql
-- want+1 suppression-without-reason "gives no reason"
-- cupel:ignore-file drop-table, drop-column:
ALTER TABLE orders DROP COLUMN note;
DROP TABLE orders;
