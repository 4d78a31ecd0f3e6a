-- Changes a database's comment, unless it has changed since it was read: an environment that is made anew writes its own.
\set ON_ERROR_STOP on
SET search_path = pg_catalog, pg_temp;
\getenv database DATABASE
\getenv old OLD_COMMENT
\getenv new NEW_COMMENT
SELECT format('COMMENT ON DATABASE %I IS %L', datname, :'new')
  FROM pg_database WHERE datname = :'database' AND shobj_description(oid, 'pg_database') = :'old' \gexec
