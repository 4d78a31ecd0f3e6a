// Names that cannot be given to a database or a role without quotes, and those that RDS keeps for itself.

/** @see https://www.postgresql.org/docs/current/sql-keywords-appendix.html: what is "reserved" there */
const reserved = new Set(
    (
        "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column " +
        "concurrently constraint create cross current_catalog current_date current_role current_schema current_time " +
        "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from " +
        "full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime " +
        "localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning " +
        "right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user " +
        "using variadic verbose when where window with"
    ).split(" "),
);

/** RDS's own roles and databases, and words that it refuses for its first role. */
const ofRds = /^(admin|postgres|template[01]|rdsadmin|rdstopmgr|rdsrepladmin|rds_.*|pg_.*)$/;

/** @returns whether RDS takes the name for its first role and database */
export function isRdsName(name: string): boolean {
    return /^[a-z][a-z0-9_]{0,62}$/.test(name) && !reserved.has(name) && !ofRds.test(name);
}
