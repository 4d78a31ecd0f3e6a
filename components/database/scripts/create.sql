-- Makes a role and a database of its own on a server that others use too. May run again at any time, also after a failure
-- half-way. psql 15 or later. Names and the password come from the environment and are quoted by format(): none is ever
-- pasted into a statement.
\set ON_ERROR_STOP on
\getenv role NEW_ROLE
\getenv password NEW_PASSWORD
\getenv database NEW_DATABASE
\getenv template NEW_TEMPLATE
\getenv comment NEW_COMMENT
\getenv connections NEW_CONNECTION_LIMIT
-- Of what is there already.
SET client_min_messages = warning;
-- Nobody who may make functions in this database is to run them as the administrator.
SET search_path = pg_catalog, pg_temp;

-- Two environments whose names were cut to the same one must not share their data.
SELECT :'role' = current_user OR EXISTS (SELECT FROM pg_roles WHERE rolname = :'role' AND rolsuper) AS is_admin,
       EXISTS (SELECT FROM pg_database WHERE datname = :'database'
                  AND CASE WHEN shobj_description(oid, 'pg_database') IS NULL THEN datdba::regrole::text <> quote_ident(:'role')
                           ELSE substring(shobj_description(oid, 'pg_database') FROM ' namespace=(\S+)')
                                IS DISTINCT FROM substring(:'comment' FROM ' namespace=(\S+)') END) AS is_foreign \gset
\if :is_admin
\warn The role :'role' administers the server. Allowed: a role of the environment alone. Fix: choose another name for the app.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif
\if :is_foreign
\warn The database :'database' is there and is not of this environment. Fix: choose another name for the environment or the app.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif

SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
-- The limit is of this role's connections to all databases; -1 is none.
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT %s', :'role', :'password', :'connections'::int) \gexec
-- An administrator who is no superuser has to belong to a role to make it an owner. Since version 16 he may administer a role
-- that he made and yet not act as it, so whether he is a member says too little.
SELECT NOT rolsuper AS needs_membership FROM pg_roles WHERE rolname = current_user \gset
\if :needs_membership
SELECT format('GRANT %I TO %I', :'role', current_user) \gexec
\endif

-- A seed's name stands for the newest complete one of it (components/backups/seed). An environment may write what it likes into its own
-- database's comment: only the administrator's are looked at.
SELECT coalesce((SELECT datname FROM pg_database
                  WHERE datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
                    AND shobj_description(oid, 'pg_database') ~ ('^seed-of-django-on-kubernetes name=' || :'template' || ' namespace=[a-z0-9-]+ complete$')
                  ORDER BY datname DESC LIMIT 1), :'template') AS template \gset
-- Of a large one the files are copied, between two checkpoints; else every block goes through the log too. Since version 18 the file system
-- may share the blocks.
SELECT coalesce((SELECT CASE WHEN current_setting('server_version_num')::int < 150000 OR NOT has_database_privilege(oid, 'CONNECT') THEN ''
                             WHEN pg_database_size(oid) < 268435456 THEN ''
                             ELSE ' STRATEGY FILE_COPY' END
                   FROM pg_database WHERE datname = :'template'), '') AS strategy \gset
SELECT format('SET file_copy_method = %L', 'clone')
 WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'file_copy_method' AND 'clone' = ANY (enumvals)) \gexec
SELECT format('CREATE DATABASE %I OWNER %I %s', :'database', :'role',
              CASE WHEN :'template' = '' THEN '' ELSE format('TEMPLATE %I%s', :'template', :'strategy') END)
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', :'database', :'comment') \gexec

-- PostgreSQL lets every role connect to every database unless told otherwise. Of those that are there already only the
-- administrator's own and the template are closed, and who could log in to them before still can: the server may be one that
-- others use for what is none of ours.
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', datname, rolname)
  FROM pg_database, pg_roles
 WHERE datname IN (current_database(), :'template') AND datname <> :'database' AND NOT datistemplate
   AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND has_database_privilege('public', pg_database.oid, 'CONNECT')
   AND rolcanlogin AND NOT rolsuper AND rolname NOT IN (:'role', current_user)
   AND NOT EXISTS (SELECT FROM pg_database AS theirs WHERE theirs.datdba = pg_roles.oid
                      AND shobj_description(theirs.oid, 'pg_database') LIKE 'django-on-kubernetes %') \gexec
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', datname)
  FROM pg_database
 WHERE NOT datistemplate AND (datname = :'database' OR datname IN (current_database(), :'template')
                                                   AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)) \gexec

-- A copy's objects belong to the template's owner. REASSIGN OWNED would take the template itself away from him.
SELECT :'template' <> '' AS has_template \gset
\if :has_template
\connect :"database"
SET client_min_messages = warning;
-- From here on the new role may have put functions of its own in the way.
SET search_path = pg_catalog, pg_temp;
CREATE TEMP VIEW owned AS
SELECT classid, objid, kind, owner FROM (
          SELECT 'pg_namespace'::regclass, oid, 'SCHEMA', nspowner FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT 'pg_class'::regclass, oid, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                                 WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relowner
                FROM pg_class
               WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                 -- A sequence of a column goes with its table.
                 AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
                                    AND relkind = 'S' AND deptype IN ('a', 'i'))
    UNION ALL SELECT 'pg_proc'::regclass, oid, 'ROUTINE', proowner
                FROM pg_proc
               -- What runs whenever anybody changes the schema, an administrator too, stays with who made it.
               WHERE prorettype <> 'event_trigger'::regtype
    -- Enumerations, domains, ranges, and composite types that are no table's.
    UNION ALL SELECT 'pg_type'::regclass, oid, 'TYPE', typowner
                FROM pg_type
               WHERE typtype IN ('e', 'd', 'r') OR EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')
    UNION ALL SELECT 'pg_collation'::regclass, oid, 'COLLATION', collowner FROM pg_collation
    UNION ALL SELECT 'pg_operator'::regclass, oid, 'OPERATOR', oprowner FROM pg_operator
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, 'TEXT SEARCH DICTIONARY', dictowner FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, 'TEXT SEARCH CONFIGURATION', cfgowner FROM pg_ts_config
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, 'STATISTICS', stxowner FROM pg_statistic_ext
    UNION ALL SELECT 'pg_largeobject'::regclass, oid, 'LARGE OBJECT', lomowner FROM pg_largeobject_metadata
    -- Of others only a superuser may be the owner.
    UNION ALL SELECT 'pg_publication'::regclass, oid, 'PUBLICATION', pubowner
                FROM pg_publication
               WHERE NOT puballtables AND NOT EXISTS (SELECT FROM pg_publication_namespace WHERE pnpubid = pg_publication.oid)
) AS all_of_them (classid, objid, kind, owner)
 -- Those below are the server's own (FirstNormalObjectId), `public` among them; large objects are numbered as one likes.
 WHERE (objid >= 16384 OR classid = 'pg_largeobject'::regclass)
   -- An extension's objects go with the extension.
   AND NOT EXISTS (SELECT FROM pg_depend WHERE pg_depend.classid = all_of_them.classid AND pg_depend.objid = all_of_them.objid AND deptype = 'e')
   -- What is a superuser's, only a superuser gives away.
   AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) >= (SELECT rolsuper FROM pg_roles WHERE oid = owner);
\if :needs_membership
SELECT DISTINCT format('GRANT %I TO %I', rolname, current_user)
  FROM owned JOIN pg_roles ON pg_roles.oid = owner
 WHERE rolname NOT IN (current_user, :'role') \gexec
\endif
SELECT format('GRANT ALL ON SCHEMA public TO %I', :'role')
  FROM pg_namespace WHERE nspname = 'public' \gexec
-- Schemas first: the new owner has to be allowed to make things there.
SELECT format('ALTER %s %s OWNER TO %I', kind, identity, :'role')
  FROM owned, pg_identify_object(classid, objid, 0) AS found
 WHERE pg_get_userbyid(owner) <> :'role'
 ORDER BY kind <> 'SCHEMA' \gexec
\endif
