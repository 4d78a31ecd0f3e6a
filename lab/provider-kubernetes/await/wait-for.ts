// The annotation pulumi.com/waitFor: a condition of the user's own, `condition=Ready`, `condition=Ready=True` or
// `jsonpath={.status.phase}=Running` (without a value: the field has to be there), or a JSON array of several.
import { conditionOf, type KubeObject } from "../object.ts";
import { conditionsOf, failed, readyVerdict, waiting, type Awaiter, type Snapshot, type Verdict } from "./verdict.ts";

type Test = { readonly text: string; readonly holds: (object: KubeObject) => boolean };

/** Throws if the annotation is not understood. */
export function waitFor(annotation: string): Awaiter {
    const tests = textsOf(annotation).map(parseTest);
    return {
        timeout: 600,
        evaluate: ({ object }: Snapshot): Verdict => {
            if (object === undefined) {
                return failed("it was deleted while it was waited for");
            }
            const missing = tests.filter((test) => !test.holds(object)).map((test) => test.text);
            return missing.length === 0 ? readyVerdict : waiting(`waiting for ${missing.join(", ")}`);
        },
        advice: "The annotation pulumi.com/waitFor of this resource asks for it.",
    };
}

function textsOf(annotation: string): readonly string[] {
    if (!annotation.trim().startsWith("[")) {
        return [annotation.trim()];
    }
    return (JSON.parse(annotation) as readonly unknown[]).map(String);
}

function parseTest(text: string): Test {
    const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
    if (condition !== null) {
        const [, type = "", status = "True"] = condition;
        return {
            text,
            holds: (object) => conditionOf(conditionsOf(object), type)?.status.toLowerCase() === status.toLowerCase(),
        };
    }
    const path = /^jsonpath=\{?\.?([\w.\-/[\]]+?)\}?(?:=(.+))?$/.exec(text);
    if (path !== null) {
        const [, field = "", wanted] = path;
        const parts = field.split(/[.[\]]+/).filter((part) => part !== "");
        return {
            text,
            holds: (object) => {
                const value = parts.reduce<unknown>(
                    (current, part) => (current as Readonly<Record<string, unknown>> | undefined)?.[part],
                    object,
                );
                return wanted === undefined ? value !== undefined : String(value) === wanted;
            },
        };
    }
    throw new Error(
        `The annotation pulumi.com/waitFor is ${JSON.stringify(text)}. Allowed here: condition=<type>[=<status>] or jsonpath={.a.b}[=<value>], or a JSON array of these. Fix: write it so, or install the official plugin.`,
    );
}
