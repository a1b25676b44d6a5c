-- fixture: rules=all
-- want+1 unused-suppression "the suppression of truncate"
-- cupel:ignore truncate: refilled every night
CREATE TABLE fresh (id bigint);
-- want+1 unused-suppression@1
-- cupel:ignore-file reindex-blocking: small
SELECT 1;
-- The suppression speaks for the next statement only.
-- want+1 unused-suppression
-- cupel:ignore drop-table: archived
CREATE TABLE other (id bigint);
