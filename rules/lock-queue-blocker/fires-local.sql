-- SET LOCAL outside a transaction only warns.
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN note text;              -- want lock-queue-blocker "orders queue"
