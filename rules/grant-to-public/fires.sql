GRANT ALL ON TABLE orders TO PUBLIC;                    -- want grant-to-public@1 "may change orders" as warning
GRANT SELECT, INSERT ON orders TO app, public;          -- want grant-to-public as warning
GRANT SELECT ON orders TO PUBLIC;                       -- want grant-to-public "may read orders" as info
GRANT CREATE ON SCHEMA public TO PUBLIC;                -- want grant-to-public "may make objects in schema public"
