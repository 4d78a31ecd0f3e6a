// The provider protocol over a real gRPC connection, with the test in the engine's place. Does not prove what the real
// engine makes of the answers: see test/engine.
import { credentials, Server, ServerCredentials, type sendUnaryData, type ServiceError } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
    InitializationFailed,
    secret,
    unknownValue,
    type DiffResult,
    type PropertyMap,
    type ResourceProvider,
} from "../provider-host/index.ts";
import {
    Empty,
    engine,
    engineGrpc,
    type plugin,
    provider as pb,
    providerGrpc,
    status,
    type EmptyMessage,
} from "../provider-host/messages.ts";
import { createServer, listen } from "../provider-host/server.ts";
import { fromWire, toWire } from "../provider-host/wire.ts";

const urn = "urn:pulumi:dev::shop::my:index:Group$fake:index:Thing::one";

const plain: ResourceProvider = {
    check: async ({ newInputs }) => ({ inputs: newInputs }),
    diff: async () => ({ changes: [] }),
    create: async ({ inputs }) => ({ id: "1", outputs: inputs }),
    read: async () => undefined,
    update: async ({ newInputs }) => ({ outputs: newInputs }),
    delete: async () => {},
};

const open: (() => void)[] = [];
let logged: engine.LogRequest.AsObject[] = [];
beforeEach(() => {
    logged = [];
});
afterEach(() => open.splice(0).forEach((close) => close()));

/** A connected client of a served provider, and an engine that takes its messages. */
async function connect(provider: Partial<ResourceProvider>) {
    const engineServer = new Server();
    engineServer.addService(engineGrpc.EngineService, {
        log: ({ request }: { request: engine.LogRequest }, callback: sendUnaryData<EmptyMessage>) => {
            // Late, so that an answer that did not wait would be first.
            setTimeout(() => {
                logged.push(request.toObject());
                callback(null, new Empty());
            }, 30);
        },
    });
    const enginePort = await new Promise<number>((resolve, reject) =>
        engineServer.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        ),
    );
    const { server, cancel } = createServer({
        name: "fake",
        version: "999.0.0",
        load: async () => ({ ...plain, ...provider }),
    });
    const client = new providerGrpc.ResourceProviderClient(
        `127.0.0.1:${await listen(server)}`,
        credentials.createInsecure(),
    );
    open.push(
        () => client.close(),
        cancel,
        () => server.forceShutdown(),
        () => engineServer.forceShutdown(),
    );
    const methods = client as unknown as Record<
        string,
        (request: unknown, callback: (error: ServiceError | null, response: unknown) => void) => void
    >;
    const call = <Response>(name: string, request: unknown) =>
        new Promise<Response>((resolve, reject) => {
            methods[name]?.(request, (error, response) => {
                if (error) {
                    reject(error);
                } else {
                    resolve(response as Response);
                }
            });
        });
    const handshake = new pb.ProviderHandshakeRequest();
    handshake.setEngineAddress(`127.0.0.1:${enginePort}`);
    const shaken = await call<pb.ProviderHandshakeResponse>("handshake", handshake);
    return { call, shaken };
}

function createRequest(properties: PropertyMap, preview = false): pb.CreateRequest {
    const request = new pb.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toWire(properties));
    request.setPreview(preview);
    return request;
}

describe("introduction", () => {
    test("secrets are understood, the version satisfies every program", async () => {
        const { call, shaken } = await connect({});
        expect(shaken.getAcceptSecrets()).toBe(true);
        const info = await call<plugin.PluginInfo>("getPluginInfo", new Empty());
        expect(info.getVersion()).toBe("999.0.0");
    });

    test("configuration arrives; without an opinion nothing is replaced", async () => {
        let configured: PropertyMap = {};
        const { call } = await connect({ configure: async ({ config }) => void (configured = config) });
        const request = new pb.ConfigureRequest();
        request.setArgs(toWire({ kubeconfig: secret("x") }));
        const response = await call<pb.ConfigureResponse>("configure", request);
        expect(response.getSupportspreview()).toBe(true);
        expect(configured).toEqual({ kubeconfig: secret("x") });

        const news = new pb.CheckRequest();
        news.setNews(toWire({ a: 1 }));
        const checked = await call<pb.CheckResponse>("checkConfig", news);
        expect(fromWire(checked.getInputs())).toEqual({ a: 1 });
        const diff = await call<pb.DiffResponse>("diffConfig", new pb.DiffRequest());
        expect([diff.getChanges(), diff.getReplacesList()]).toEqual([pb.DiffResponse.DiffChanges.DIFF_UNKNOWN, []]);
    });
});

describe("resources", () => {
    test("check gets type and name from the URN, no old inputs for a new one, and reports every failure with its path", async () => {
        const seen: unknown[] = [];
        const { call } = await connect({
            check: async ({ type, name, oldInputs, newInputs, randomSeed }) => {
                seen.push(type, name, oldInputs, newInputs, randomSeed?.length);
                return {
                    inputs: newInputs,
                    failures: [
                        { path: ["spec", 0, "a.b"], reason: "no" },
                        { path: [], reason: "never" },
                    ],
                };
            },
        });
        const request = new pb.CheckRequest();
        request.setUrn(urn);
        request.setOlds(toWire({}));
        request.setNews(toWire({ later: unknownValue, hidden: secret("x") }));
        request.setRandomseed(new Uint8Array(32));
        const response = await call<pb.CheckResponse>("check", request);
        expect(seen).toEqual(["fake:index:Thing", "one", undefined, { later: unknownValue, hidden: secret("x") }, 32]);
        expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
            { property: 'spec[0]["a.b"]', reason: "no" },
            { property: "", reason: "never" },
        ]);
        expect(fromWire(response.getInputs())).toEqual({ later: unknownValue, hidden: secret("x") });
    });

    test("a difference is told in paths for people and in properties for the engine", async () => {
        const result: DiffResult = {
            changes: [
                { path: ["spec", "image"], kind: "update" },
                { path: ["name"], kind: "update", replace: true },
                { path: ["spec", "new"], kind: "add", inInputs: false },
            ],
            deleteBeforeReplace: true,
            stable: ["uid"],
        };
        const { call } = await connect({ diff: async () => result });
        const response = await call<pb.DiffResponse>("diff", new pb.DiffRequest());
        expect(response.toObject()).toMatchObject({
            changes: pb.DiffResponse.DiffChanges.DIFF_SOME,
            diffsList: ["spec", "name"],
            replacesList: ["name"],
            stablesList: ["uid"],
            deletebeforereplace: true,
            hasdetaileddiff: true,
            detaileddiffMap: [
                ["name", { kind: pb.PropertyDiff.Kind.UPDATE_REPLACE, inputdiff: true }],
                ["spec.image", { kind: pb.PropertyDiff.Kind.UPDATE, inputdiff: true }],
                ["spec.new", { kind: pb.PropertyDiff.Kind.ADD, inputdiff: false }],
            ],
        });
    });

    test("a provider may say what replaces in its own words, and tell no paths", async () => {
        const result: DiffResult = { changes: [], replaces: ["it has failed"], detailed: false };
        const { call } = await connect({ diff: async () => result });
        const response = await call<pb.DiffResponse>("diff", new pb.DiffRequest());
        expect(response.toObject()).toMatchObject({
            changes: pb.DiffResponse.DiffChanges.DIFF_SOME,
            replacesList: ["it has failed"],
            hasdetaileddiff: false,
            detaileddiffMap: [],
        });
    });

    test("create keeps marks, gets the timeout, and shows its messages before the answer", async () => {
        const { call } = await connect({
            create: async ({ inputs, log, timeoutSeconds }) => {
                log("info", "waiting", { status: true });
                log("warning", "odd");
                return { id: `after ${timeoutSeconds}`, outputs: { ...inputs, ip: unknownValue } };
            },
        });
        const request = createRequest({ password: secret("x") }, true);
        request.setTimeout(90);
        const response = await call<pb.CreateResponse>("create", request);
        expect(response.getId()).toBe("after 90");
        expect(fromWire(response.getProperties())).toEqual({ password: secret("x"), ip: unknownValue });
        expect(logged).toMatchObject([
            { urn: urn, message: "waiting", ephemeral: true, severity: engine.LogSeverity.INFO },
            { urn: urn, message: "odd", ephemeral: false, severity: engine.LogSeverity.WARNING },
        ]);
    });

    test("what is gone has no id; what is there comes with inputs", async () => {
        const gone = await connect({});
        const none = await gone.call<pb.ReadResponse>("read", new pb.ReadRequest());
        expect(none.getId()).toBe("");
        const there = await connect({
            read: async ({ inputs }) => ({ id: "1", inputs: { had: inputs === undefined }, outputs: { b: 1 } }),
        });
        const found = await there.call<pb.ReadResponse>("read", new pb.ReadRequest());
        expect([found.getId(), fromWire(found.getInputs()), fromWire(found.getProperties())]).toEqual([
            "1",
            { had: true },
            { b: 1 },
        ]);
    });
});

describe("failures", () => {
    test("an error's message is all that the user gets", async () => {
        const { call } = await connect({ create: async () => Promise.reject(new Error("quota exceeded")) });
        await expect(call("create", createRequest({}))).rejects.toMatchObject({ details: "quota exceeded" });
    });

    test("of an object that exists carry what the state needs", async () => {
        const { call } = await connect({
            create: async () =>
                Promise.reject(
                    new InitializationFailed({ id: "7", outputs: { token: secret("x") }, reasons: ["pod a", "pod b"] }),
                ),
        });
        const error = (await call("create", createRequest({})).catch((e: unknown) => e)) as ServiceError;
        const [bytes] = error.metadata.get("grpc-status-details-bin");
        const [detail] = status.Status.deserializeBinary(bytes as Buffer).getDetailsList();
        expect(detail?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
        const failed = pb.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
        expect([failed.getId(), failed.getReasonsList(), fromWire(failed.getProperties()), failed.hasInputs()]).toEqual(
            ["7", ["pod a", "pod b"], { token: secret("x") }, false],
        );
    });

    test("of loading the provider are the answer to every question", async () => {
        const { server, cancel } = createServer({
            name: "fake",
            version: "1.0.0",
            load: () => Promise.reject(new Error("no library")),
        });
        const client = new providerGrpc.ResourceProviderClient(
            `127.0.0.1:${await listen(server)}`,
            credentials.createInsecure(),
        );
        open.push(
            () => client.close(),
            cancel,
            () => server.forceShutdown(),
        );
        const error = await new Promise((resolve) => client.create(createRequest({}), resolve));
        expect(error).toMatchObject({ details: "no library" });
    });

    test("a function that is not there is named, with the fix", async () => {
        const { call } = await connect({});
        const request = new pb.InvokeRequest();
        request.setTok("fake:index:getThing");
        await expect(call("invoke", request)).rejects.toMatchObject({
            details: expect.stringMatching(/fake:index:getThing.*Fix: install the official plugin/) as string,
        });
    });
});

test("cancelling stops what waits, and asks the provider", async () => {
    let asked = false;
    const { call } = await connect({
        create: async ({ signal }) =>
            new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped waiting")))),
        cancel: async () => void (asked = true),
    });
    const waiting = call("create", createRequest({}));
    setTimeout(() => void call("cancel", new Empty()), 50);
    await expect(waiting).rejects.toMatchObject({ details: "stopped waiting" });
    expect(asked).toBe(true);
});
