// Where this machine gets Debian packages from, so that a mirror is used where one is set up.
import { execa } from "execa";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

const known = new Map<string, Promise<string[]>>();

/**
 * The machine's sources of a Debian release, as lines of a sources.list; none on a machine that has none, which leaves the
 * choice to mmdebstrap. Only Debian's own: another vendor's packages would make an image depend on who made it.
 */
export function aptSources(release: string): Promise<string[]> {
    const lines = known.get(release) ?? find(release);
    known.set(release, lines);
    return lines;
}

async function find(release: string): Promise<string[]> {
    const listed = await list(release);
    if (listed.length > 0) {
        return listed;
    }
    // apt tells of the sources whose lists it has; machines made from an image often have none.
    await execa("apt-get", ["update", "--quiet"], { reject: false });
    return list(release);
}

async function list(release: string): Promise<string[]> {
    const format = "$(ORIGIN)\t$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)";
    const { stdout } = await execa("apt-get", ["indextargets", "--format", format, "Identifier: Packages"], {
        reject: false,
    });
    const lines = (stdout ?? "")
        .split("\n")
        .map((line) => line.split("\t"))
        .filter(
            ([origin, suite, component]) => origin === "Debian" && suite?.startsWith(release) && component === "main",
        )
        .map(([, suite, component, uri]) => `deb [signed-by=${keyring}] ${uri} ${suite} ${component}`);
    return [...new Set(lines)];
}
