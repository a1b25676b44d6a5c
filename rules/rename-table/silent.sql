CREATE TABLE fresh (a int);
ALTER TABLE fresh RENAME TO fresher;
ALTER INDEX i RENAME TO j;
ALTER SEQUENCE s RENAME TO t;
ALTER TABLE orders RENAME CONSTRAINT c TO d;
ALTER TYPE mood RENAME TO moods;
ALTER TABLE unused RENAME TO unused_deprecated;
-- file: 002.sql
BEGIN;
ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT * FROM purchases;
COMMIT;
BEGIN;
ALTER TABLE a RENAME TO a_old;
ALTER TABLE a_new RENAME TO a;
COMMIT;
-- file: 003.sql
CREATE TABLE made (a int);
-- file: 003.down.sql
ALTER TABLE made RENAME TO unmade;
