// What makes a plan quick, imported before the SDK: what that loads and a plan never calls is loaded when it is called.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const sdk = createRequire(require.resolve("@pulumi/pulumi"));

/** The Automation API, and for functions that the SDK would send to a cloud: npm's tree of packages, the compiler. */
["./automation", "./typescript-shim", "@npmcli/arborist", "normalize-package-data"].forEach(loadLater);

// The SDK writes down a stack trace for each of its promises, some fifty for a resource. One frame says where an error is from;
// `node --stack-trace-limit=50 commands/plan/main.ts` keeps so many.
if (Error.stackTraceLimit === 10) {
    Error.stackTraceLimit = 1;
}

/** What is required in its place is the same to whoever calls it, or reads something of it. */
function loadLater(name: string): void {
    const file = sdk.resolve(name);
    let real: object | undefined;
    const load = (): object => {
        if (real === undefined) {
            Reflect.deleteProperty(require.cache, file);
            real = sdk(name) as object;
        }
        return real;
    };
    const standIn = new Proxy(() => undefined, {
        // Asked when it is imported; a module that exports one function is its own default.
        get: (_, key) =>
            key === "__esModule"
                ? true
                : ((Reflect.get(load(), key) ?? (key === "default" ? load() : undefined)) as unknown),
        apply: (_, self, args): unknown => Reflect.apply(load() as () => unknown, self, args),
    });
    const module = { id: file, filename: file, path: "", loaded: true, exports: standIn, children: [], paths: [] };
    require.cache[file] ??= module as unknown as NodeJS.Module;
}
