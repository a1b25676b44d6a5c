BEGIN;
DROP TABLE orders;                                    -- want lock-queue-blocker "DROP TABLE"
SET LOCAL lock_timeout = '2s';
COMMIT;
