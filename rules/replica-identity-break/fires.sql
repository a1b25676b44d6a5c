CREATE TABLE accounts (id bigint PRIMARY KEY, number int NOT NULL);
CREATE UNIQUE INDEX accounts_number ON accounts (number);
CREATE TABLE plain (id bigint PRIMARY KEY);
ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_number;
-- file: 002.sql
DROP INDEX accounts_number;                            -- want replica-identity-break@12 "takes the replica identity of accounts away" as warning
ALTER TABLE plain DROP CONSTRAINT plain_pkey;          -- want replica-identity-break as info
ALTER TABLE unknown REPLICA IDENTITY NOTHING;          -- want replica-identity-break@21 "UPDATE and DELETE on it fail"
-- file: 003.sql
CREATE TABLE sent (id bigint PRIMARY KEY);
CREATE TABLE copied (id bigint PRIMARY KEY);
CREATE PUBLICATION changes FOR TABLE sent;
CREATE PUBLICATION inserts FOR TABLE copied WITH (publish = 'insert');
-- file: 004.sql
ALTER TABLE sent DROP CONSTRAINT sent_pkey;            -- want replica-identity-break "publication changes makes UPDATE and DELETE on sent fail" as warning
ALTER TABLE copied DROP CONSTRAINT copied_pkey;        -- want replica-identity-break "if copied is published" as info
