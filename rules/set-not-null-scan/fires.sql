ALTER TABLE orders ALTER COLUMN note SET NOT NULL;                         -- want set-not-null-scan@20 "note"
-- file: 002.sql
ALTER TABLE orders ADD CONSTRAINT proof CHECK (b IS NOT NULL) NOT VALID;
ALTER TABLE orders ALTER COLUMN b SET NOT NULL;                            -- want set-not-null-scan "SET NOT NULL on b"
-- file: 003.sql
-- Validating some other constraint proves nothing about c.
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
-- file: 004.sql
ALTER TABLE orders VALIDATE CONSTRAINT positive;
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;                        -- want set-not-null-scan "total"
