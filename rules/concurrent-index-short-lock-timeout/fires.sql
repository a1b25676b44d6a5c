SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY i ON orders (note);          -- want concurrent-index-short-lock-timeout "lock_timeout of 2s can cancel CREATE INDEX CONCURRENTLY, which leaves index i INVALID"
DROP INDEX CONCURRENTLY j;                             -- want concurrent-index-short-lock-timeout "DROP INDEX"
REINDEX INDEX CONCURRENTLY k;                          -- want concurrent-index-short-lock-timeout "REINDEX"
SET lock_timeout = 0;
SET statement_timeout = 30000;
CREATE INDEX CONCURRENTLY l ON orders (note);          -- want concurrent-index-short-lock-timeout "statement_timeout of 30000"
