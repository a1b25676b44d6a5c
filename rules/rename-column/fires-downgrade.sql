-- file: 002.sql
ALTER TABLE orders RENAME COLUMN note TO remark;                      -- want rename-column as warning
ALTER TABLE orders RENAME COLUMN kept TO held;                        -- want rename-column as warning
-- file: 002.down.sql
-- The name that the upgrade took is given back; another one is not.
ALTER TABLE orders RENAME COLUMN remark TO note;                      -- want rename-column as info
ALTER TABLE orders RENAME COLUMN other TO kept;                       -- want rename-column as warning
