-- fixture: transaction=per_file
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;   -- want not-valid-validate-same-transaction@20 "nobody can read or write it"
-- file: 002.sql
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT f;                -- want not-valid-validate-same-transaction "writes are blocked"
-- file: 003.sql
-- ADD COLUMN keeps readers out, too, until the transaction ends.
ALTER TABLE orders ADD COLUMN z int, ADD CONSTRAINT g FOREIGN KEY (z) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT g;                -- want not-valid-validate-same-transaction "nobody can read or write it"
