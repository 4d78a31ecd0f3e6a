-- As many rows in each table as the dump had when it was made, or nothing of it stays.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL row_security = off;
CREATE TEMP TABLE expected ON COMMIT DROP AS
SELECT "schema", "table", "rows"
  FROM json_to_recordset((convert_from(decode(:'manifest', 'base64'), 'UTF8')::json) -> 'tables') AS given ("schema" text, "table" text, "rows" bigint);
DO $$
DECLARE
    one record;
    found bigint;
BEGIN
    FOR one IN SELECT * FROM pg_temp.expected LOOP
        EXECUTE format('SELECT count(*) FROM ONLY %I.%I', one."schema", one."table") INTO found;
        IF found <> one."rows" THEN
            RAISE EXCEPTION 'the table %.% has % rows, and the dump had %', one."schema", one."table", found, one."rows";
        END IF;
    END LOOP;
END $$;
