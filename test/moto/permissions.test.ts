// The lists of permissions, at a server that asks for them: a role that has what lib/permissions/aws.ts says of a stack's resources, and
// nothing else, makes and deletes the stack; and without the action of a call that call is denied.
// Does not prove: what moto asks nobody for (iam:PassRole, actions on what a call uses, conditions, resources), and reading: the provider
// reads more than is read here.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMoto, type Credentials, type Moto, type Output } from "../../lab/moto/moto.ts";
import { madeIn } from "../../lib/catalogue/index.ts";
import { awsPolicies, deeds, permissionTables, type PolicyDocument } from "../../lib/permissions/index.ts";
import { askedByMoto } from "./actions.ts";
import { notInMoto } from "./not-in-moto.ts";
import { makeStack, type MadeStack } from "./support/stack.ts";
import { exampleSections } from "./support/stacks.ts";
import { makeWhatIsThere } from "./support/there.ts";

const region = "eu-central-1";
let moto: Moto;
beforeAll(async () => {
    moto = await startMoto({ account: "123456789012" });
});
afterAll(async () => {
    await moto.stop();
});

describe("the table of AWS", () => {
    it("names actions that there are", async () => {
        const rows = Object.entries(permissionTables.aws).flatMap(([type, row]) =>
            deeds.flatMap((deed) => row[deed].map((action) => ({ type, action }))),
        );
        expect(rows.length).toBeGreaterThan(300);
        const unknown = new Set(await moto.unknownActions([...new Set(rows.map(({ action }) => action))]));
        expect(rows.filter(({ action }) => unknown.has(action))).toEqual([]);
    });
});

describe("production, by a user with its policies alone", () => {
    const all = [...awsPolicies(madeIn("aws"), "up"), forMoto()];
    let administrator: Credentials | undefined;
    let made: MadeStack;
    let denied: readonly string[];
    let kept: readonly string[];

    beforeAll(async () => {
        await moto.forget();
        administrator = await userWith("administrator", [
            { Version: "2012-10-17", Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }] },
        ]);
        const sections = await exampleSections("aws/Pulumi.production");
        const there = await makeWhatIsThere(moto, sections);
        const as = await userWith("pulumi", all);
        await moto.enforcePolicies(true);
        made = await makeStack(moto, sections, { as, administrator, there });
        denied = made.refused;
        kept = await made.destroy();
    });
    afterAll(async () => {
        await moto.enforcePolicies(false);
    });

    it("is made and deleted", () => {
        expect(denied).toEqual([]);
        expect(kept).toEqual([]);
        expect(made.calls.length).toBeGreaterThan(200);
    });

    it("is asked for each action: without it the call is denied", async () => {
        const first = new Map(made.calls.map((call) => [call.operation, call]));
        const allowed: string[] = [];
        let asked = 0;
        // One user for all, whose policies change: each other would need clients of its own.
        const as = await userWith("tried", all);
        for (const [operation, { region: where, input }] of first) {
            const action = askedByMoto(operation);
            if (notInMoto[operation] !== undefined || action === undefined) {
                continue;
            }
            asked += 1;
            await give("tried", without(action));
            const [service, name] = operation.split(".") as [string, string];
            const answer = await moto.call({ service, operation: name, region: where, input, as });
            if (!("error" in answer) || answer.error.status !== 403) {
                allowed.push(`${operation}: ${JSON.stringify(answer).slice(0, 200)}`);
            }
            await give(
                "tried",
                without(action).map((changed, index) => changed && all[index]),
            );
        }
        expect(allowed).toEqual([]);
        expect(asked).toBeGreaterThan(60);
    });

    /** One policy more: actions that moto asks for, and AWS does not. */
    function forMoto(): PolicyDocument {
        const actions = [...askedByMoto.otherwise.values()];
        // One that anybody has: without it the policy would be empty, which is refused, when it loses its own.
        return {
            Version: "2012-10-17",
            Statement: [{ Sid: "Moto", Effect: "Allow", Action: ["sts:GetCallerIdentity", ...actions], Resource: "*" }],
        };
    }

    /** Those policies that allow it, without it; nothing in place of the others. */
    function without(action: string): ReadonlyArray<PolicyDocument | undefined> {
        return all.map((policy) => {
            const Statement = policy.Statement.map((statement) => ({
                ...statement,
                Action: [statement.Action].flat().filter((one) => one !== action),
            }));
            const same = policy.Statement.every(
                ({ Action }, index) => [Action].flat().length === Statement[index]!.Action.length,
            );
            return same ? undefined : { ...policy, Statement: Statement.filter(({ Action }) => Action.length > 0) };
        });
    }

    async function userWith(userName: string, policies: readonly PolicyDocument[]): Promise<Credentials> {
        await iam("CreateUser", { userName });
        await give(userName, policies);
        const { AccessKey: key } = await iam("CreateAccessKey", { userName });
        return { key: key.AccessKeyId as string, secret: key.SecretAccessKey as string };
    }

    /** In place of those that the user had under these names; `undefined` leaves one as it is. */
    async function give(userName: string, policies: ReadonlyArray<PolicyDocument | undefined>): Promise<void> {
        for (const [index, policy] of policies.entries()) {
            if (policy === undefined) {
                continue;
            }
            const policyDocument = JSON.stringify(policy);
            await iam("PutUserPolicy", { userName, policyName: `policy-${index}`, policyDocument });
        }
    }

    async function iam(operation: string, input: Readonly<Record<string, unknown>>): Promise<Output> {
        const as = administrator === undefined ? {} : { as: administrator };
        const answer = await moto.call({ service: "iam", operation, region, input, ...as });
        if (!("output" in answer)) {
            throw new Error(`${operation}: ${JSON.stringify(answer)}`);
        }
        return answer.output;
    }
});
