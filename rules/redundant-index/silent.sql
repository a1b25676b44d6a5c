CREATE TABLE accounts (id bigint PRIMARY KEY, email text UNIQUE, a int, b int);
CREATE INDEX ON accounts (lower(email));
CREATE INDEX ON accounts (email text_pattern_ops);
CREATE INDEX ON accounts USING hash (email);
CREATE INDEX ON accounts (email) WHERE a = 1;
CREATE INDEX ON accounts (a) WHERE b = 1;
CREATE INDEX ON accounts (a);
CREATE INDEX ON accounts (a, b);
CREATE INDEX ON accounts (b DESC);
CREATE UNIQUE INDEX accounts_b ON accounts (b);
-- file: 002.sql
CREATE INDEX replacement ON accounts (b);
DROP INDEX accounts_b;
DROP INDEX accounts_b_idx;
