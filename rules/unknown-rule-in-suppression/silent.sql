-- cupel:ignore drop-table, drop-column: archived
DROP TABLE orders;
