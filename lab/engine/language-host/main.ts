// pulumi-language-nodejs: the engine starts it to run this project's program. The official one comes with the CLI's
// releases only, so it is missing where the CLI was built from source. See docs/lab/engine.md.
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
    Server,
    ServerCredentials,
    status,
    type handleServerStreamingCall,
    type handleUnaryCall,
    type sendUnaryData,
    type ServerWritableStream,
} from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Empty as EmptyMessage } from "google-protobuf/google/protobuf/empty_pb.js";
import { exitWithEngine } from "../../provider-host/lifetime.ts";
import { packArguments, packEnvironment, type PackRun } from "./policy-pack.ts";
import { nodeArguments, outcome, programEnvironment, type ProgramRun } from "./program.ts";

const service = languageGrpc.LanguageRuntimeService;
// The SDK's copy of the class, which another import of google-protobuf need not be.
const Empty = service.cancel.requestDeserialize(Buffer.alloc(0)).constructor as new () => EmptyMessage;

const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
const programs = new Set<ChildProcess>();
let cancelled = false;

/** Ends the running programs; the engine waits for steps that are under way on its own. */
function cancel(): void {
    cancelled = true;
    for (const program of programs) {
        program.kill("SIGINT");
    }
}

function toProgramRun(request: language.RunRequest): ProgramRun {
    const info = request.getInfo();
    const programDirectory = info?.getProgramDirectory() || request.getPwd();
    return {
        engineAddress,
        monitorAddress: request.getMonitorAddress(),
        project: request.getProject(),
        stack: request.getStack(),
        organization: request.getOrganization(),
        rootDirectory: info?.getRootDirectory() ?? "",
        programDirectory,
        entryPoint: info?.getEntryPoint() || request.getProgram(),
        args: request.getArgsList(),
        dryRun: request.getDryrun(),
        parallel: request.getParallel(),
        config: Object.fromEntries(request.getConfigMap().entries()),
        configSecretKeys: request.getConfigsecretkeysList(),
        options: info?.getOptions()?.toJavaScript() ?? {},
    };
}

function run(request: language.RunRequest, callback: sendUnaryData<language.RunResponse>): void {
    const answer = (result: { bail: boolean; error: string }) => {
        const response = new language.RunResponse();
        response.setBail(result.bail);
        response.setError(result.error);
        callback(null, response);
    };
    const plan = toProgramRun(request);
    let runner: string;
    try {
        // The SDK that the program itself will import.
        runner = createRequire(join(plan.programDirectory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
    } catch {
        const error = `@pulumi/pulumi is not installed in ${plan.programDirectory}. Fix: npm ci, in that directory.`;
        answer({ bail: false, error });
        return;
    }
    const program = spawn(process.execPath, nodeArguments(plan, runner), {
        cwd: plan.programDirectory,
        env: { ...process.env, ...programEnvironment(plan) },
        // The engine shows what comes out of these two as the program's output.
        stdio: ["ignore", "inherit", "inherit"],
    });
    programs.add(program);
    program.once("error", (error) =>
        answer({ bail: false, error: `The program could not be started: ${error.message}` }),
    );
    program.once("close", (code, signal) => {
        programs.delete(program);
        answer(outcome(code, signal, cancelled));
    });
}

/** A policy pack: a server that the engine talks to until it has no more questions. */
function runPolicyPack(call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
    const { request } = call;
    const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
    const run: PackRun = { directory, args: request.getArgsList(), environment: request.getEnvList() };
    const fail = (message: string) => call.destroy(Object.assign(new Error(message), { code: status.UNAVAILABLE }));
    if (request.getKind() !== "analyzer") {
        fail(
            `This language host runs programs and policy packs, no plugins of kind ${request.getKind()}. Fix: use Pulumi's own CLI.`,
        );
        return;
    }
    let runner: string;
    try {
        runner = createRequire(join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    } catch {
        fail(`@pulumi/pulumi is not installed in ${directory}, nor above it. Fix: npm ci, in the project's root.`);
        return;
    }
    const pack = spawn(process.execPath, packArguments(run, runner), {
        cwd: directory,
        env: { ...process.env, ...packEnvironment(run) },
        stdio: ["ignore", "pipe", "pipe"],
    });
    programs.add(pack);
    const answer = (fill: (response: language.RunPluginResponse) => void) => {
        const response = new language.RunPluginResponse();
        fill(response);
        // Whoever has hung up wants no answer.
        if (call.writable) {
            call.write(response);
        }
    };
    pack.stdout.on("data", (chunk: Buffer) => answer((response) => response.setStdout(chunk)));
    pack.stderr.on("data", (chunk: Buffer) => answer((response) => response.setStderr(chunk)));
    pack.once("error", (error) => fail(`The policy pack could not be started: ${error.message}`));
    pack.once("close", (code) => {
        programs.delete(pack);
        answer((response) => response.setExitcode(code ?? 1));
        call.end();
    });
    // How the engine ends a plugin that runs here.
    call.once("cancelled", () => pack.kill("SIGINT"));
}

const server = new Server();
server.addService(service, {
    handshake: ((_call, callback) =>
        callback(null, new language.LanguageHandshakeResponse())) satisfies handleUnaryCall<
        language.LanguageHandshakeRequest,
        language.LanguageHandshakeResponse
    >,
    getPluginInfo: ((_call, callback) => {
        const response = new plugin.PluginInfo();
        response.setVersion("999.0.0");
        callback(null, response);
    }) satisfies handleUnaryCall<EmptyMessage, plugin.PluginInfo>,
    // Which plugins a program needs, the engine learns from its first resource of a package. Naming them here would only
    // have them looked for, and read all of node_modules, before the program starts.
    getRequiredPackages: ((_call, callback) => {
        callback(null, new language.GetRequiredPackagesResponse());
    }) satisfies handleUnaryCall<language.GetRequiredPackagesRequest, language.GetRequiredPackagesResponse>,
    getRequiredPlugins: ((_call, callback) => {
        callback(null, new language.GetRequiredPluginsResponse());
    }) satisfies handleUnaryCall<language.GetRequiredPluginsRequest, language.GetRequiredPluginsResponse>,
    about: ((_call, callback) => {
        const response = new language.AboutResponse();
        response.setExecutable(process.execPath);
        response.setVersion(process.version);
        callback(null, response);
    }) satisfies handleUnaryCall<language.AboutRequest, language.AboutResponse>,
    getProgramDependencies: ((_call, callback) => {
        callback(null, new language.GetProgramDependenciesResponse());
    }) satisfies handleUnaryCall<language.GetProgramDependenciesRequest, language.GetProgramDependenciesResponse>,
    run: (({ request }, callback) => run(request, callback)) satisfies handleUnaryCall<
        language.RunRequest,
        language.RunResponse
    >,
    runPlugin: ((call) => runPolicyPack(call)) satisfies handleServerStreamingCall<
        language.RunPluginRequest,
        language.RunPluginResponse
    >,
    cancel: ((_call, callback) => {
        cancel();
        callback(null, new Empty());
    }) satisfies handleUnaryCall<EmptyMessage, EmptyMessage>,
});

exitWithEngine(cancel);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        throw error;
    }
    process.stdout.write(`${port}\n`);
});
