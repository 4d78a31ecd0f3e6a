-- A dump and its counts, of one moment. pg_dump is started from here, while the transaction that lends it its snapshot is open.
\set ON_ERROR_STOP on
-- Nobody's functions are to run in the place of PostgreSQL's own.
SET search_path = pg_catalog, pg_temp;
SET idle_in_transaction_session_timeout = 0;
SET statement_timeout = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS taken \gset
\setenv SNAPSHOT :snapshot
\getenv work WORK
\set file :work/taken
\o :file
SELECT :'taken';
\o
\! bash "$scripts/pg-dump.sh"
\set file :work/server
\o :file
SELECT json_build_object('version', current_setting('server_version'), 'database', current_database(), 'bytes', pg_database_size(current_database()),
                         'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
                         'extensions', (SELECT json_object_agg(extname, extversion ORDER BY extname) FROM pg_extension))
  FROM pg_database WHERE datname = current_database();
\o
\set file :work/tables
\o :file
SELECT format('SELECT json_build_object(''schema'', %L, ''table'', %L, ''rows'', count(*)) FROM ONLY %I.%I', nspname, relname, nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   -- What an extension keeps in its tables, it says itself whether to dump.
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
 ORDER BY nspname, relname \gexec
\o
COMMIT;
