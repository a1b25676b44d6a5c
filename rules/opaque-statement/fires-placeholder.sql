-- fixture: layout=flyway
-- file: V1__orders.sql
CREATE TABLE ${schema}.orders (id bigint);
${grants};   -- want opaque-statement@1 "the runner puts text in place"
SELECT '${note}', ${number};
