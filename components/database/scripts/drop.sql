-- Drops a database with its owner, unless its comment has changed since it was read.
\set ON_ERROR_STOP on
SET search_path = pg_catalog, pg_temp;
\getenv database DATABASE
\getenv old OLD_COMMENT
SELECT coalesce(max(pg_get_userbyid(datdba)::text), '') AS owner
  FROM pg_database WHERE datname = :'database' AND shobj_description(oid, 'pg_database') = :'old' \gset
SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
  FROM pg_database WHERE datname = :'database' AND shobj_description(oid, 'pg_database') = :'old' \gexec
-- A role that owns something elsewhere stays, and so does the administrator.
SELECT format('DROP ROLE %I', rolname)
  FROM pg_roles
 WHERE rolname = :'owner' AND rolname <> current_user AND NOT rolsuper
   AND NOT EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = pg_roles.oid) \gexec
