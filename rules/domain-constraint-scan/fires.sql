CREATE DOMAIN email AS text;
CREATE TABLE accounts (id bigint, address email);
CREATE TABLE contacts (id bigint, address email);
-- file: 002.sql
-- want+1 domain-constraint-scan@1 "blocks writes to accounts, contacts" safe `ALTER DOMAIN email VALIDATE CONSTRAINT has_at;`
ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
ALTER DOMAIN email SET NOT NULL;                    -- want domain-constraint-scan safe `CHECK (VALUE IS NOT NULL) NOT VALID`
