// What a cloud answers about a resource that it made: ids, ARNs, addresses, endpoints, in the shapes of the real ones.
// Shared by the recording providers and by plans. The same question gets the same answer: everything is derived from the
// resource's URN and inputs, so a replacement differs from what it replaces.
import type { PlainMap, PlainValue } from "./values.ts";
import { awsOutputs } from "./outputs/aws.ts";
import { digitaloceanOutputs } from "./outputs/digitalocean.ts";
import { gcpOutputs } from "./outputs/gcp.ts";
import { Question, type Account, type Answer, type AnswerTable } from "./outputs/question.ts";
import type { Cloud } from "./schema/resources.ts";
import type { ResourceSchema, TypeText } from "./schema/schema.ts";

export { accountOf, type Account } from "./outputs/question.ts";

export interface OutputCall {
    readonly type: string;
    /** In the program. */
    readonly name: string;
    readonly urn: string;
    /** Without secret marks; what is unknown is left out. */
    readonly inputs: PlainMap;
    /** Those that make it another resource when they change. @default each of them */
    readonly identifying?: PlainMap;
    readonly account: Account;
}

const tables: Readonly<Record<Cloud, AnswerTable>> = {
    gcp: gcpOutputs,
    aws: awsOutputs,
    digitalocean: digitaloceanOutputs,
};

/** The id, and every output and filled-in input that the program did not give. Nothing is marked secret here. */
export function outputsOf(resource: ResourceSchema, call: OutputCall): Answer {
    const question = new Question(call);
    const answer = tables[call.account.cloud][call.type]?.(question) ?? { id: question.hex(16), outputs: {} };
    const outputs: PlainMap = { ...answer.outputs };
    for (const [name, type] of Object.entries(resource.outputs)) {
        outputs[name] ??= placeholder(name, type, call);
    }
    return { id: answer.id, outputs };
}

/** Of a real shape only as far as its type goes: nothing in the program reads it. */
function placeholder(name: string, type: TypeText, { inputs, account }: OutputCall): PlainValue {
    if (name === "effectiveLabels" || name === "pulumiLabels") {
        return inputs["labels"] ?? {};
    }
    if (name === "ownerId" && type === "string") {
        return account.id;
    }
    if (name === "tagsAll") {
        return inputs["tags"] ?? {};
    }
    if (/(time|At|Date|notAfter|notBefore|updated)$/i.test(name) && type === "string") {
        return "2026-11-21T08:00:00Z";
    }
    if (type.startsWith("[]")) {
        return [];
    }
    if (type.startsWith("{}") || type === "any") {
        return {};
    }
    return type === "string" ? "" : type === "number" ? 0 : false;
}
