-- fixture: transaction=per_file
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE VIEW notes AS SELECT note FROM orders;
-- file: 002.sql
ALTER TABLE orders ADD COLUMN total int, ADD COLUMN note text; -- want statement-fails@42 "already exists"
-- file: 003.sql
CREATE TABLE orders (id int); -- want statement-fails "already exists"
-- file: 004.sql
DROP TABLE orders; -- want statement-fails "cannot drop"
-- file: 005.sql
ALTER TABLE orders ALTER COLUMN note TYPE varchar(20); -- want statement-fails "cannot alter type of a column used by a view or rule"
-- file: 006.sql
-- A table that the migrations made: what it has is known.
ALTER TABLE orders DROP COLUMN something; -- want statement-fails "does not exist"
