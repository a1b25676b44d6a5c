CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (note);                     -- want concurrent-index-if-not-exists-invalid@41 "index i"
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "U" ON shop.orders (note);       -- want concurrent-index-if-not-exists-invalid "INVALID"
DROP INDEX CONCURRENTLY IF EXISTS other;
CREATE INDEX CONCURRENTLY IF NOT EXISTS j ON orders (note);                     -- want concurrent-index-if-not-exists-invalid
