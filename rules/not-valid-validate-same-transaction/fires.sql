-- fixture: transaction=per_file
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;   -- want not-valid-validate-same-transaction@20 "nobody can read or write it"
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT f;                -- want not-valid-validate-same-transaction "writes are blocked"
