-- fixture: assume-lock-timeout=yes
ALTER TABLE orders ADD COLUMN note text;
