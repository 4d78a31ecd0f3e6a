// The SDK's promises without stack traces: nothing else about them, and nothing about errors, is another.
// Does not prove what is saved: bench/clouds measures that.
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { afterEach, expect, it } from "vitest";
import { withoutPromiseTraces } from "../../stacks/promise-traces.ts";

interface Sdk {
    debugPromiseLeaks: boolean;
    debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
}

const sdk = debuggable as unknown as Sdk;
const original = sdk.debuggablePromise;

/** What the SDK writes down of a promise. */
function traceOf(promise: Promise<unknown>): string {
    return (promise as unknown as { _debugStackTrace: string })._debugStackTrace;
}

afterEach(() => {
    sdk.debuggablePromise = original;
    sdk.debugPromiseLeaks = false;
});

it("the SDK writes down where each of its promises was made", () => {
    const promise = Promise.resolve(1);
    void sdk.debuggablePromise(promise, "test");
    expect(traceOf(promise)).toContain("\n    at ");
});

it("is kept from it, and its promises end as they did", async () => {
    withoutPromiseTraces();
    const promise = Promise.resolve(1);
    await expect(sdk.debuggablePromise(promise, "test")).resolves.toBe(1);
    expect(traceOf(promise)).not.toContain("\n");
    await expect(sdk.debuggablePromise(Promise.reject(new Error("no")), "test")).rejects.toThrow("no");
});

it("errors have their stack", () => {
    const limit = Error.stackTraceLimit;
    withoutPromiseTraces();
    void sdk.debuggablePromise(Promise.resolve(1), "test");
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error("here").stack).toContain("\n    at ");
});

it("twice is once", () => {
    withoutPromiseTraces();
    const once = sdk.debuggablePromise;
    withoutPromiseTraces();
    expect(sdk.debuggablePromise).toBe(once);
});

it("does nothing for who looks for a promise that never ends", () => {
    sdk.debugPromiseLeaks = true;
    withoutPromiseTraces();
    expect(sdk.debuggablePromise).toBe(original);
});
