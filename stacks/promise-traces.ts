// Half of the time that a large stack's program ran went into stack traces that nobody reads (docs/decisions/0043).
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";

type MakeDebuggable = (promise: Promise<unknown>, context: unknown) => Promise<unknown>;

/** What the SDK keeps to itself: it has no typings. */
interface Debuggable {
    /** Whether PULUMI_DEBUG_PROMISE_LEAKS is set: only then the traces are printed. */
    readonly debugPromiseLeaks?: boolean;
    debuggablePromise?: MakeDebuggable & { readonly withoutTrace?: true };
}

/**
 * The SDK writes down for each of its promises, some fifty for a resource, where it was made. This keeps it from that, unless
 * the traces were asked for. Promises that never end are found as before, and errors have their stack as before.
 */
export function withoutPromiseTraces(): void {
    const sdk = debuggable as unknown as Debuggable;
    const original = sdk.debuggablePromise;
    // Another version of the SDK may have no such function: then nothing is saved.
    if (original === undefined || original.withoutTrace === true || sdk.debugPromiseLeaks === true) {
        return;
    }
    const make: MakeDebuggable = (promise, context) => {
        const limit = Error.stackTraceLimit;
        Error.stackTraceLimit = 0;
        try {
            return original(promise, context);
        } finally {
            Error.stackTraceLimit = limit;
        }
    };
    sdk.debuggablePromise = Object.assign(make, { withoutTrace: true as const });
}
