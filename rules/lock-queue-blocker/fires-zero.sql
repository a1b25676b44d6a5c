SET lock_timeout = 0;
CREATE INDEX i ON orders (note);                      -- want lock-queue-blocker "all writes of orders"
