-- Nobody can add a column of a domain that is NOT NULL to a table with rows; an assignment does not cut what is too long.
CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN small AS positive CHECK (VALUE < 10);
CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL, n int, note text);
-- file: 002.sql
ALTER TABLE orders ALTER COLUMN total TYPE positive;   -- want type-change-rewrite "rewrites orders"
ALTER TABLE orders ALTER COLUMN n TYPE small;          -- want type-change-rewrite "rewrites orders"
ALTER TABLE orders ALTER COLUMN note TYPE varchar(10); -- want type-change-rewrite safe `SET note_new = note WHERE`
