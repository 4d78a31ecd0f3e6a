// A stack that is planned while moto makes what it asks AWS for: each id in it is one that moto gave, and comes back to it in the
// calls of what needs it. Then all of it is deleted, the last first.
import type { Asked, Service } from "../../../commands/plan/answers/recorded-cloud.ts";
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import type { Plan } from "../../../commands/plan/plan.ts";
import type { Credentials, Moto, Output } from "../../../lab/moto/moto.ts";
import { planOf, type Secrets, type Sections } from "../../plan/support/plans.ts";
import { translations } from "../services/index.ts";
import type { Making, Translations } from "../services/translation.ts";

/** One call that was made. */
export interface Done {
    /** Of the API, for example `ec2.CreateVpc`. */
    readonly operation: string;
    readonly region: string;
    readonly input: PlainMap;
    /** Whose it was: type and name. */
    readonly of: string;
    readonly output?: Output;
}

export interface MadeStack {
    readonly plan: Plan;
    /** What the services would not do, one line each: whose, which call, why. */
    readonly refused: readonly string[];
    readonly calls: readonly Done[];
    /** Operations that moto does not know; their arguments were checked by the service's model. */
    readonly unknown: ReadonlySet<string>;
    /** @returns the output of a call; throws where it is refused */
    ask(operation: string, region: string, input?: PlainMap): Promise<Output>;
    /** The resource of that name, as it was made. */
    made(name: string): Asked;
    /** moto's id for one that the settings name. */
    there(id: string): string;
    /** Deletes all of it. @returns what the services would not do */
    destroy(): Promise<readonly string[]>;
}

export interface MakeOptions {
    /** Whose calls they are. @default the administrator's */
    readonly as?: Credentials;
    /** Who asks afterwards, and does what services do by themselves. @default one whom nobody asks for a policy */
    readonly administrator?: Credentials;
    readonly secrets?: Secrets;
    /** moto's id for each that the settings name. @default none is there */
    readonly there?: ReadonlyMap<string, string>;
    /** @default those of test/moto/services */
    readonly calls?: Translations;
}

export async function makeStack(
    moto: Moto,
    sections: Sections,
    { administrator, as = administrator, secrets, there = new Map(), calls: known = translations }: MakeOptions = {},
): Promise<MadeStack> {
    const calls: Done[] = [];
    const withIds = <T extends Readonly<Record<string, unknown>>>(input: T): T => {
        const text = [...there].reduce((sofar, [id, made]) => sofar.replaceAll(id, made), JSON.stringify(input));
        return JSON.parse(text) as T;
    };
    const unknown = new Set<string>();
    const made: Asked[] = [];

    const ask: MadeStack["ask"] = async (operation, region, input = {}) => {
        const [service, name] = operation.split(".") as [string, string];
        const answer = await moto.call({
            service,
            operation: name,
            region,
            input: withIds(input),
            ...(administrator && { as: administrator }),
        });
        if (!("output" in answer)) {
            throw new Error(`${operation}: ${JSON.stringify(answer)}`);
        }
        return answer.output;
    };

    const making = (asked: Asked, refused: string[]): Making => {
        const region = typeof asked.inputs["region"] === "string" ? asked.inputs["region"] : asked.account.region;
        return {
            asked,
            region,
            input: (...without) =>
                Object.fromEntries(
                    // The provider reads `region` itself: it says where the call is made.
                    Object.entries(asked.inputs).filter(([name]) => name !== "region" && !without.includes(name)),
                ),
            text: (name) => {
                const value = asked.inputs[name] ?? asked.outputs[name];
                if (typeof value !== "string") {
                    throw new Error(`${asked.type} ${asked.name} has no text ${name}`);
                }
                return value;
            },
            byItself: (operation, input) => ask(operation, region, input),
            call: async (operation, given) => {
                const input = withIds(given);
                const [service, name] = operation.split(".") as [string, string];
                const of = `${asked.type} ${asked.name}`;
                const answer = await moto.call({ service, operation: name, region, input, ...(as && { as }) });
                if ("output" in answer) {
                    calls.push({ operation, region, input, of, output: answer.output });
                    return answer.output;
                }
                calls.push({ operation, region, input, of });
                if ("unknown" in answer) {
                    unknown.add(operation);
                } else {
                    const why =
                        "refused" in answer
                            ? answer.refused.join("; ")
                            : `${answer.error.code}: ${answer.error.message}`;
                    refused.push(`${of}: ${operation}: ${why}`);
                }
                return undefined;
            },
        };
    };

    const refused: string[] = [];
    const service: Service = async (asked) => {
        if (!asked.type.startsWith("aws:")) {
            return undefined;
        }
        const translation = known[asked.type];
        if (translation === undefined) {
            refused.push(`${asked.type} ${asked.name}: test/moto/services does not say which calls make it`);
            return undefined;
        }
        try {
            const outputs = await translation.up(making(asked, refused));
            const id = outputs?.["id"];
            made.push({
                ...asked,
                outputs: { ...asked.outputs, ...outputs },
                id: typeof id === "string" ? id : asked.id,
            });
            return outputs;
        } catch (error) {
            refused.push(`${asked.type} ${asked.name}: ${String(error)}`);
            return undefined;
        }
    };
    const plan = await planOf(sections, { service, ...(secrets && { secrets }) });
    return {
        plan,
        refused,
        calls,
        unknown,
        ask,
        made: (name) => {
            const found = made.find((asked) => asked.name === name);
            if (found === undefined) {
                throw new Error(`nothing is called ${name}: ${made.map((asked) => asked.name).join(", ")}`);
            }
            return found;
        },
        there: (id) => there.get(id) ?? id,
        destroy: async () => {
            const kept: string[] = [];
            for (const asked of made.toReversed()) {
                try {
                    await known[asked.type]?.down?.(making(asked, kept));
                } catch (error) {
                    kept.push(`${asked.type} ${asked.name}: ${String(error)}`);
                }
            }
            return kept;
        },
    };
}
