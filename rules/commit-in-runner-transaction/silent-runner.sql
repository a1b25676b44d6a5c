-- fixture: transaction=per_file
SAVEPOINT a;
ALTER TABLE orders ADD COLUMN note text;
ROLLBACK TO SAVEPOINT a;
RELEASE a;
