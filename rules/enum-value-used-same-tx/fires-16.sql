-- fixture: pg=13..16 transaction=per_file
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'ok';
SELECT 'ok'::mood;                                        -- want enum-value-used-same-tx
