-- want+1 security-definer-no-search-path@17 "function pay runs with its owner's rights" safe `ALTER FUNCTION pay(bigint) SET search_path = public, pg_temp;`
CREATE FUNCTION pay(order_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE orders SET paid = true WHERE id = order_id;
END $$;
-- want+1 security-definer-no-search-path "procedure" safe `ALTER PROCEDURE shop.pay_all() SET search_path = shop, pg_temp;`
CREATE OR REPLACE PROCEDURE shop.pay_all() LANGUAGE sql SECURITY DEFINER AS 'UPDATE orders SET paid = true';
