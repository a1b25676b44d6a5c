-- fixture: transaction=per_file
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
-- file: 002.sql
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
