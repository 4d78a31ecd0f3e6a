// Which resource types of each cloud the recording providers know: those that the catalogue says the program makes. A test of the lab
// compares them with the imports of the program.
import { clouds, madeIn, type Cloud, type Token } from "../../../../lib/catalogue/index.ts";

export { clouds, type Cloud } from "../../../../lib/catalogue/index.ts";

/** Modules of the SDKs, as the program imports them: `@pulumi/<cloud>/<module>.js`. */
export const modules = Object.fromEntries(
    clouds.map((cloud) => [cloud, madeIn(cloud).map(moduleOf)]),
) as unknown as Readonly<Record<Cloud, readonly string[]>>;

/** Of `gcp:sql/databaseInstance:DatabaseInstance` it is `sql/databaseInstance`. */
export function moduleOf(token: Token): string {
    const module = token.split(":")[1]!.replace(/^index\//, "");
    // A name that begins with an abbreviation has a file in small letters: `compute/sSLPolicy` is compute/sslpolicy.js.
    return /(^|\/)[a-z][A-Z]/.test(module) ? module.toLowerCase() : module;
}
