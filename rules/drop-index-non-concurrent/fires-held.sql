-- fixture: transaction=per_file
CREATE TABLE orders (id bigint, note text, remark text);
CREATE INDEX orders_note ON orders (note);
CREATE INDEX orders_remark ON orders (remark);
CREATE INDEX orders_both ON orders (note, remark);
-- file: 002.sql
DROP INDEX orders_note;                             -- want drop-index-non-concurrent "orders_note"
-- The lock is held until the transaction ends: the second drop blocks nobody who is not blocked.
DROP INDEX orders_remark;
-- file: 003.sql
-- SHARE, which CREATE INDEX leaves, is less.
CREATE INDEX orders_id ON orders (id);
DROP INDEX orders_both;                             -- want drop-index-non-concurrent "orders_both"
