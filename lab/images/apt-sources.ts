// Where this machine gets Debian packages from, so that a mirror is used where one is set up.
import { execa } from "execa";

/** Debian's releases that an image may be made of: 12 and 13. */
export type DebianRelease = "bookworm" | "trixie";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where a release's packages are: its own suite, later corrections, and those that cannot wait. */
const suites = ["", "-updates", "-security"] as const;

export interface Source {
    readonly uri: string;
    /** As the machine's own list names it: `bookworm-security`, `stable`. */
    readonly suite: string;
}

let found: Promise<readonly Source[]> | undefined;

/**
 * Lines of a sources.list for a Debian release, from the mirrors that the machine's own sources name, whichever release these
 * are of: a mirror has them all. None on a machine that names none, which leaves the choice to mmdebstrap. Only Debian's
 * own: another vendor's packages would make an image depend on who made it.
 */
export async function aptSources(release: DebianRelease): Promise<string[]> {
    return linesFor(release, await (found ??= find()));
}

export function linesFor(release: DebianRelease, sources: readonly Source[]): string[] {
    const ofRelease = suites.flatMap((suffix) =>
        sources
            .filter(({ suite }) => suffixOf(suite) === suffix)
            .map(({ uri }) => `deb [signed-by=${keyring}] ${uri} ${release}${suffix} main`),
    );
    return [...new Set(ofRelease)];
}

/** What follows a release's name; undefined where it is no release of its own, such as backports. */
function suffixOf(suite: string): (typeof suites)[number] | undefined {
    const rest = /^[a-z]+(.*)$/.exec(suite)?.[1];
    return suites.find((suffix) => suffix === rest);
}

async function find(): Promise<readonly Source[]> {
    const listed = await list();
    if (listed.length > 0) {
        return listed;
    }
    // apt tells of the sources whose lists it has; machines made from an image often have none.
    await execa("apt-get", ["update", "--quiet"], { reject: false });
    return list();
}

async function list(): Promise<readonly Source[]> {
    const format = "$(ORIGIN)\t$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)";
    const { stdout } = await execa("apt-get", ["indextargets", "--format", format, "Identifier: Packages"], {
        reject: false,
    });
    return (stdout ?? "")
        .split("\n")
        .map((line) => line.split("\t"))
        .flatMap(([origin, suite, component, uri]) =>
            origin === "Debian" && component === "main" && suite !== undefined && uri !== undefined
                ? [{ uri, suite }]
                : [],
        );
}
