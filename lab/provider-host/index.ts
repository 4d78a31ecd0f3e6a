// The shared base of the stand-in providers: implement `ResourceProvider` in plain values, then in the entry file
// `await serveProvider({ name: "x", version: "999.0.0", load: async () => (await import("./x.ts")).create() })`.
// The entry file should import nothing heavy before that call: the engine waits for the port, see server.ts.
export * from "../../commands/plan/answers/values.ts";
export * from "./provider.ts";
export * from "./failures.ts";
export { diffProperties, type DiffOptions } from "./diff.ts";
export { serveProvider, type ServedProvider } from "./server.ts";
