-- fixture: transaction=implicit
SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY i ON orders (note);                  -- want concurrently-in-transaction "sends as one string"
-- file: 002.sql
CREATE INDEX CONCURRENTLY j ON orders (note);
