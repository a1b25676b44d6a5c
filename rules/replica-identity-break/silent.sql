CREATE TABLE accounts (id bigint PRIMARY KEY, number int NOT NULL UNIQUE);
CREATE UNIQUE INDEX accounts_number ON accounts (number);
CREATE TABLE plain (id bigint PRIMARY KEY);
CREATE TABLE other (id bigint PRIMARY KEY);
CREATE TABLE fresh (id bigint);
ALTER TABLE fresh REPLICA IDENTITY NOTHING;
-- file: 002.sql
DROP INDEX accounts_number;
ALTER TABLE accounts DROP CONSTRAINT accounts_number_key;
ALTER TABLE accounts REPLICA IDENTITY FULL;
ALTER TABLE plain DROP CONSTRAINT plain_pkey, ADD PRIMARY KEY (id);
ALTER TABLE other REPLICA IDENTITY FULL, DROP CONSTRAINT other_pkey;
