-- fixture: transaction=implicit
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT f;                -- want not-valid-validate-same-transaction "validating f"
