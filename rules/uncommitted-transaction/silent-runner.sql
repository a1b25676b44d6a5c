-- fixture: transaction=per_file
BEGIN;
ALTER TABLE orders ADD COLUMN a int;
