-- cupel:ignore drop-table: moved to the archive database
DROP TABLE orders;
-- A sentence about cupel:ignore drop-table is no suppression.
DROP TABLE lines;
-- cupel:ignored drop-table
