-- The tables that are somebody's: neither PostgreSQL's own nor an extension's.
SELECT CASE nspname WHEN 'public' THEN relname ELSE nspname || '.' || relname END
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
 ORDER BY nspname, relname;
