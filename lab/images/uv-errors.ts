// What uv says when it fails, shortened to what a person needs, with the fix.

export interface Where {
    /** The file that declares the packages. */
    readonly file: string;
    readonly python: string;
}

/** The last lines hold the conclusion: those before it derive it, version by version. */
const shown = 4;

/** @param said uv's standard error */
export function explainResolution(said: string, { file, python }: Where): string {
    const why = lastLines(said, shown);
    const unknown = /Because (\S+) was not found in the package registry/.exec(said)?.[1];
    const fix =
        unknown !== undefined
            ? `Is ${unknown} spelled right? If it is in an index of your own: UV_INDEX=https://..., or pip's extra-index-url.`
            : /No solution found/.test(said)
              ? `Change the versions that the sentence names in ${file}, or take another Python with PYTHON=.`
              : undefined;
    return [`${file}: the packages cannot be resolved for Python ${python}. uv says:`, why, ...(fix ? [fix] : [])].join(
        "\n",
    );
}

/**
 * Whether the lack of a wheel is what made uv fail: of a package in all versions, or in just those that are asked for. That a release of
 * long ago has none is mentioned too, where versions exclude each other, and decides nothing.
 */
export function lacksWheels(said: string): boolean {
    return (
        /all versions of \S+ have no usable wheels/.test(said) ||
        /\b([a-z0-9][\w.-]*)[=<>~!]\S* ha(?:s|ve) no usable wheels and .*(?:depends on|you require) \1(?![\w.-])/i.test(
            said,
        )
    );
}

/** What packages that have no wheel need to be built from source, beside a compiler. Debian's names. */
const headers: Readonly<Record<string, readonly [build: string, run: string]>> = {
    psycopg2: ["libpq-dev", "libpq5"],
    "psycopg-c": ["libpq-dev", "libpq5"],
    mysqlclient: ["default-libmysqlclient-dev pkgconf", "libmariadb3"],
    lxml: ["libxml2-dev libxslt1-dev", "libxml2 libxslt1.1"],
    pillow: ["libjpeg-dev zlib1g-dev", "libjpeg62-turbo"],
    "python-ldap": ["libldap-dev libsasl2-dev", "libldap2"],
    cffi: ["libffi-dev", "libffi8"],
    xmlsec: ["libxml2-dev libxmlsec1-dev pkgconf", "libxmlsec1-openssl"],
    pycairo: ["libcairo2-dev pkgconf", "libcairo2"],
    borgbackup: ["libssl-dev libacl1-dev liblz4-dev libzstd-dev libxxhash-dev pkgconf", "libacl1 liblz4-1 libxxhash0"],
    pygobject: ["libgirepository-2.0-dev libcairo2-dev pkgconf", "libgirepository-2.0-0"],
};

/** The ready-made ones of the same packages. */
const wheels: Readonly<Record<string, string>> = { psycopg2: "psycopg2-binary", "psycopg-c": "psycopg-binary" };

/** @param withTools whether packages for building were named already */
export function explainBuild(said: string, withTools: boolean): string {
    const [, name, version] = /Failed to (?:build|download and build) `?([\w.-]+?)==([^`\s]+)`?/.exec(said) ?? [];
    if (name === undefined) {
        return `The Python packages cannot be installed. uv says:\n${lastLines(said, shown)}`;
    }
    const [build = "", run] = headers[name] ?? [];
    const ready = wheels[name];
    const tools = ["build-essential", build].filter(Boolean).join(" ");
    const fixes = [
        withTools && build === ""
            ? "Name the Debian package that the lines above ask for in BUILD_PACKAGES; names that end in -dev bring headers."
            : `Name what the build needs: BUILD_PACKAGES="${tools}"${run === undefined ? "" : ` PACKAGES="${run}"`}`,
        ...(ready === undefined ? [] : [`or require ${ready}, which has a wheel, instead of ${name}`]),
    ];
    return [
        `${name} ${version} has no wheel for this Python and machine, so it was built from source, and that failed:`,
        lastLines(said, 12),
        `${fixes.join("; ")}.`,
    ].join("\n");
}

function lastLines(said: string, count: number): string {
    const lines = said
        .split("\n")
        .map((line) => line.trimEnd())
        .filter((line) => line.trim() !== "" && !/^hint: (Build failures usually|Wheels are required)/.test(line));
    return lines
        .slice(-count)
        .map((line) => `  ${line.trim()}`)
        .join("\n");
}
