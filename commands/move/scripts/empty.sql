-- With :remove, removes what is in a database and belongs to this role, beside extensions, one by one: schemas keep their grants, which a
-- server's administrator gave. Then the rows by which the move knows what is done. All in one transaction.
\if :remove
DO $$
DECLARE
    thing record;
    found boolean;
BEGIN
    FOR thing IN
        SELECT nspname AS name FROM pg_namespace n
        WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
            -- An extension's things may be in a schema of ours.
            AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid)
            AND pg_has_role(nspowner, 'USAGE')
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', thing.name);
    END LOOP;
    LOOP
        found := false;
        FOR thing IN
            SELECT n.nspname AS schema, c.relname AS name,
                CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                    WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND pg_has_role(c.relowner, 'USAGE')
                AND NOT EXISTS (
                    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        -- A partitioned table depends on its own columns.
                        AND d.deptype IN ('e', 'i') AND d.refobjid <> c.oid
                )
            LIMIT 1
        LOOP
            found := true;
            EXECUTE format('DROP %s %I.%I CASCADE', thing.kind, thing.schema, thing.name);
        END LOOP;
        EXIT WHEN NOT found;
    END LOOP;
    LOOP
        found := false;
        FOR thing IN
            SELECT p.oid::regprocedure::text AS name
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND pg_has_role(p.proowner, 'USAGE')
                AND NOT EXISTS (
                    SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i')
                )
            LIMIT 1
        LOOP
            found := true;
            EXECUTE format('DROP ROUTINE %s CASCADE', thing.name);
        END LOOP;
        EXIT WHEN NOT found;
    END LOOP;
    LOOP
        found := false;
        FOR thing IN
            SELECT t.oid::regtype::text AS name
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype IN ('d', 'e', 'r') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND pg_has_role(t.typowner, 'USAGE')
                AND NOT EXISTS (
                    SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype IN ('e', 'i')
                )
            LIMIT 1
        LOOP
            found := true;
            EXECUTE format('DROP TYPE %s CASCADE', thing.name);
        END LOOP;
        EXIT WHEN NOT found;
    END LOOP;
    PERFORM lo_unlink(oid) FROM pg_largeobject_metadata WHERE pg_has_role(lomowner, 'USAGE');
END
$$;
\endif
CREATE SCHEMA :"own";
CREATE TABLE :"own".move (id text NOT NULL, attempt integer NOT NULL, begun timestamptz NOT NULL DEFAULT now());
CREATE TABLE :"own".step (name text PRIMARY KEY, done timestamptz NOT NULL DEFAULT clock_timestamp());
INSERT INTO :"own".move (id, attempt) VALUES (:'id', :attempt);
