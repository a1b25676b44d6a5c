-- fixture: layout=plain
-- file: 001.sql
CREATE TABLE orders (id bigint);
-- file: 002.sql
ALTER TABLE orders ADD COLUMN note text;
