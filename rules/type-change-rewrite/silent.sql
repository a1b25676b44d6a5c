CREATE DOMAIN plain AS text;
CREATE TABLE orders (a varchar(50), b varchar(50), c varchar(50), d numeric(10, 2), e numeric(10, 2), f timestamptz(3), g cidr, h plain, i int, j varchar);
CREATE INDEX ON orders (a);
-- file: 002.sql
ALTER TABLE orders ALTER COLUMN a TYPE varchar(100), ALTER COLUMN b TYPE text, ALTER COLUMN c TYPE varchar;
ALTER TABLE orders ALTER COLUMN d TYPE numeric(12, 2), ALTER COLUMN e TYPE numeric;
ALTER TABLE orders ALTER COLUMN f TYPE timestamptz, ALTER COLUMN g TYPE inet, ALTER COLUMN h TYPE text;
ALTER TABLE orders ALTER COLUMN i TYPE int USING i, ALTER COLUMN j TYPE text;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ALTER COLUMN a TYPE bigint;
