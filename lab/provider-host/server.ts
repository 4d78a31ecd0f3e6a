// The provider protocol: a gRPC server that turns the engine's requests into calls of a ResourceProvider.
import { Metadata, Server, ServerCredentials, status as codes, type ServiceError } from "@grpc/grpc-js";
import type { handleUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { EngineLog } from "./engine-log.ts";
import { InitializationFailed, UnknownType } from "./failures.ts";
import { exitWithEngine } from "./lifetime.ts";
import { Any, Empty, plugin, provider as pb, providerGrpc, status, type EmptyMessage } from "./messages.ts";
import type { CheckFailure, CheckResult, DiffResult, ResourceCall, ResourceProvider } from "./provider.ts";
import { formatPath } from "../../commands/plan/answers/values.ts";
import { fromWire, toWire } from "./wire.ts";

export interface ServedProvider {
    /** Name of the package, for example `random`. */
    readonly name: string;
    /** High, for example `999.0.0`, so that any version that the program asks for is satisfied. */
    readonly version: string;
    /** Makes the provider. Called right after the port is told, so that what it imports overlaps with the engine's work. */
    readonly load: () => Promise<ResourceProvider>;
}

/** Serves the provider, tells the engine the port, and ends the process when the engine goes away. */
export async function serveProvider(served: ServedProvider): Promise<void> {
    const { server, cancel } = createServer(
        served,
        process.argv.slice(2).find((argument) => !argument.startsWith("-")),
    );
    exitWithEngine(() => {
        cancel();
        server.forceShutdown();
    });
    // The protocol: the first line on stdout is the port. Whatever a library prints later must not come before it.
    process.stdout.write(`${await listen(server)}\n`);
}

/** Binds to a free port of the loopback address. */
export function listen(server: Server): Promise<number> {
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        );
    });
}

/** The server without a process around it. Exported for tests. */
export function createServer(served: ServedProvider, engineAddress?: string): { server: Server; cancel: () => void } {
    const log = new EngineLog();
    if (engineAddress !== undefined) {
        log.connect(engineAddress);
    }
    const cancellation = new AbortController();

    let loading: Promise<ResourceProvider> | undefined;
    const load = () => {
        if (loading === undefined) {
            loading = served.load();
            // A failure is the answer to whoever asks for the provider; unasked for, it is no crash.
            loading.catch(() => {});
        }
        return loading;
    };

    const about = (request: { getUrn(): string; getType(): string; getName(): string }): ResourceCall => {
        const urn = request.getUrn();
        return {
            urn,
            // Engines of before 2024 send the URN only.
            type: request.getType() || typeOfUrn(urn),
            name: request.getName() || (urn.split("::").at(3) ?? ""),
            signal: cancellation.signal,
            log: (severity, message, options) => log.send(urn, severity, message, options),
        };
    };
    const timeout = (request: { getTimeout(): number }) => ({ timeoutSeconds: request.getTimeout() || undefined });

    /** A method that asks the provider: every error becomes the protocol's, every message arrives before the answer. */
    function method<Request, Response>(
        answer: (request: Request, provider: ResourceProvider) => Promise<Response>,
    ): handleUnaryCall<Request, Response> {
        return ({ request }, callback: sendUnaryData<Response>) => {
            load()
                .then((provider) => answer(request, provider))
                .then(
                    (response) => log.flush().then(() => callback(null, response)),
                    (error: unknown) => log.flush().then(() => callback(toStatus(error))),
                )
                // Only an answer that cannot be serialised gets here, and the engine must hear of that too.
                .catch((error: unknown) => callback(toStatus(error)));
        };
    }

    const server = new Server({
        // The engine's own limit: a stack's objects can be large, for example CRDs.
        "grpc.max_receive_message_length": 400 * 1024 * 1024,
        "grpc.max_send_message_length": 400 * 1024 * 1024,
    });
    server.addService(providerGrpc.ResourceProviderService, {
        handshake: ((call, callback) => {
            log.connect(call.request.getEngineAddress());
            const response = new pb.ProviderHandshakeResponse();
            response.setAcceptSecrets(true);
            callback(null, response);
            // Starts only now, because an import blocks, and the engine was waiting for this answer.
            setImmediate(() => void load());
        }) satisfies handleUnaryCall<pb.ProviderHandshakeRequest, pb.ProviderHandshakeResponse>,

        attach: ((call, callback) => {
            log.connect(call.request.getAddress());
            callback(null, new Empty());
        }) satisfies handleUnaryCall<plugin.PluginAttach, EmptyMessage>,

        getPluginInfo: ((_call, callback) => {
            const response = new plugin.PluginInfo();
            response.setVersion(served.version);
            callback(null, response);
        }) satisfies handleUnaryCall<EmptyMessage, plugin.PluginInfo>,

        getSchema: ((_call, callback) => {
            const response = new pb.GetSchemaResponse();
            response.setSchema(JSON.stringify({ name: served.name, version: served.version }));
            callback(null, response);
        }) satisfies handleUnaryCall<pb.GetSchemaRequest, pb.GetSchemaResponse>,

        checkConfig: method<pb.CheckRequest, pb.CheckResponse>(async (request, provider) => {
            const newInputs = fromWire(request.getNews());
            const call = { urn: request.getUrn(), oldInputs: fromWire(request.getOlds()), newInputs };
            return checkResponse((await provider.checkConfig?.(call)) ?? { inputs: newInputs });
        }),

        diffConfig: method<pb.DiffRequest, pb.DiffResponse>(async (request, provider) => {
            const call = {
                urn: request.getUrn(),
                oldInputs: fromWire(request.getOldInputs() ?? request.getOlds()),
                newInputs: fromWire(request.getNews()),
            };
            const result = await provider.diffConfig?.(call);
            // No opinion is DIFF_UNKNOWN: the engine then updates the provider's record and replaces nothing.
            return result === undefined ? new pb.DiffResponse() : diffResponse(result);
        }),

        configure: method<pb.ConfigureRequest, pb.ConfigureResponse>(async (request, provider) => {
            await provider.configure?.({ urn: request.getUrn(), config: fromWire(request.getArgs()) });
            // For engines that do not shake hands.
            const response = new pb.ConfigureResponse();
            response.setAcceptsecrets(true);
            response.setSupportspreview(true);
            return response;
        }),

        invoke: method<pb.InvokeRequest, pb.InvokeResponse>(async (request, provider) => {
            if (provider.invoke === undefined) {
                throw new UnknownType(served.name, request.getTok());
            }
            const { result, failures } = await provider.invoke({
                token: request.getTok(),
                args: fromWire(request.getArgs()),
                preview: request.getPreview(),
                signal: cancellation.signal,
            });
            const response = new pb.InvokeResponse();
            response.setReturn(toWire(result));
            response.setFailuresList((failures ?? []).map(checkFailure));
            return response;
        }),

        check: method<pb.CheckRequest, pb.CheckResponse>(async (request, provider) => {
            const oldInputs = fromWire(request.getOlds());
            const seed = request.getRandomseed_asU8();
            const result = await provider.check({
                ...about(request),
                // The engine sends an empty map for "none".
                oldInputs: Object.keys(oldInputs).length === 0 ? undefined : oldInputs,
                newInputs: fromWire(request.getNews()),
                randomSeed: seed.length === 0 ? undefined : seed,
            });
            return checkResponse(result);
        }),

        diff: method<pb.DiffRequest, pb.DiffResponse>(async (request, provider) => {
            const oldOutputs = fromWire(request.getOlds());
            const result = await provider.diff({
                ...about(request),
                id: request.getId(),
                oldInputs: request.hasOldInputs() ? fromWire(request.getOldInputs()) : oldOutputs,
                oldOutputs,
                newInputs: fromWire(request.getNews()),
                ignoreChanges: request.getIgnorechangesList(),
            });
            return diffResponse(result);
        }),

        create: method<pb.CreateRequest, pb.CreateResponse>(async (request, provider) => {
            const inputs = fromWire(request.getProperties());
            const preview = request.getPreview();
            const result = await provider.create({ ...about(request), ...timeout(request), inputs, preview });
            const response = new pb.CreateResponse();
            response.setId(result.id);
            response.setProperties(toWire(result.outputs));
            return response;
        }),

        read: method<pb.ReadRequest, pb.ReadResponse>(async (request, provider) => {
            const result = await provider.read({
                ...about(request),
                ...timeout(request),
                id: request.getId(),
                inputs: request.hasInputs() ? fromWire(request.getInputs()) : undefined,
                outputs: fromWire(request.getProperties()),
            });
            // An empty id says that the object is gone.
            const response = new pb.ReadResponse();
            if (result !== undefined) {
                response.setId(result.id);
                response.setInputs(toWire(result.inputs));
                response.setProperties(toWire(result.outputs));
            }
            return response;
        }),

        update: method<pb.UpdateRequest, pb.UpdateResponse>(async (request, provider) => {
            const oldOutputs = fromWire(request.getOlds());
            const result = await provider.update({
                ...about(request),
                ...timeout(request),
                id: request.getId(),
                oldInputs: request.hasOldInputs() ? fromWire(request.getOldInputs()) : oldOutputs,
                oldOutputs,
                newInputs: fromWire(request.getNews()),
                ignoreChanges: request.getIgnorechangesList(),
                preview: request.getPreview(),
            });
            const response = new pb.UpdateResponse();
            response.setProperties(toWire(result.outputs));
            return response;
        }),

        delete: method<pb.DeleteRequest, EmptyMessage>(async (request, provider) => {
            const outputs = fromWire(request.getProperties());
            await provider.delete({
                ...about(request),
                ...timeout(request),
                id: request.getId(),
                inputs: request.hasOldInputs() ? fromWire(request.getOldInputs()) : outputs,
                outputs,
            });
            return new Empty();
        }),

        cancel: ((_call, callback) => {
            cancellation.abort();
            // A provider that was never used need not be loaded to be told.
            const cancelled =
                loading === undefined ? Promise.resolve() : loading.then((provider) => provider.cancel?.());
            cancelled.catch(() => {}).finally(() => callback(null, new Empty()));
        }) satisfies handleUnaryCall<EmptyMessage, EmptyMessage>,
    });
    return { server, cancel: () => cancellation.abort() };
}

/** The type in a URN: its last one, since a child's URN lists its parents' before it. */
function typeOfUrn(urn: string): string {
    return urn.split("::").at(2)?.split("$").at(-1) ?? "";
}

function checkResponse({ inputs, failures }: CheckResult): pb.CheckResponse {
    const response = new pb.CheckResponse();
    response.setInputs(toWire(inputs));
    response.setFailuresList((failures ?? []).map(checkFailure));
    return response;
}

function checkFailure({ path, reason }: CheckFailure): pb.CheckFailure {
    const failure = new pb.CheckFailure();
    failure.setProperty(formatPath(path));
    failure.setReason(reason);
    return failure;
}

function diffResponse({
    changes,
    deleteBeforeReplace,
    stable,
    replaces,
    detailed = true,
}: DiffResult): pb.DiffResponse {
    const Kind = pb.PropertyDiff.Kind;
    const kinds = {
        add: [Kind.ADD, Kind.ADD_REPLACE],
        delete: [Kind.DELETE, Kind.DELETE_REPLACE],
        update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    } as const;
    const response = new pb.DiffResponse();
    const Changes = pb.DiffResponse.DiffChanges;
    const changed = changes.length > 0 || (replaces ?? []).length > 0;
    response.setChanges(changed ? Changes.DIFF_SOME : Changes.DIFF_NONE);
    response.setHasdetaileddiff(detailed);
    for (const change of detailed ? changes : []) {
        const entry = new pb.PropertyDiff();
        entry.setKind(kinds[change.kind][change.replace ? 1 : 0]);
        entry.setInputdiff(change.inInputs ?? true);
        response.getDetaileddiffMap().set(formatPath(change.path), entry);
    }
    // Next to the paths the protocol wants the top-level properties: these two lists decide, the paths are for display.
    const topLevel = (of: typeof changes) => [...new Set(of.map(({ path }) => String(path[0] ?? "")))];
    response.setDiffsList(topLevel(changes));
    response.setReplacesList([...(replaces ?? topLevel(changes.filter(({ replace }) => replace)))]);
    response.setStablesList([...(stable ?? [])]);
    response.setDeletebeforereplace(deleteBeforeReplace ?? false);
    return response;
}

function toStatus(error: unknown): Partial<ServiceError> {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof InitializationFailed) {
        return { code: codes.UNKNOWN, details: message, metadata: partial(error) };
    }
    // Recoverable codes tell the engine that nothing was changed; with UNKNOWN the state says "may be corrupt".
    if (error instanceof UnknownType) {
        return { code: codes.INVALID_ARGUMENT, details: message };
    }
    return { code: codes.UNKNOWN, details: message };
}

/** The standard rich error of gRPC: a Status message in the trailer. */
function partial({ id, outputs, inputs, reasons, message }: InitializationFailed): Metadata {
    const detail = new pb.ErrorResourceInitFailed();
    detail.setId(id);
    detail.setProperties(toWire(outputs));
    if (inputs !== undefined) {
        detail.setInputs(toWire(inputs));
    }
    detail.setReasonsList([...reasons]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const rich = new status.Status();
    rich.setCode(codes.UNKNOWN);
    rich.setMessage(message);
    rich.addDetails(any);
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
    return metadata;
}
