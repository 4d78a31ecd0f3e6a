// The protobuf classes of the SDK. Generated code is CommonJS that fills `exports` at run time, hence the default imports.
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import type { Any as AnyMessage } from "google-protobuf/google/protobuf/any_pb.js";
import type { Empty as EmptyMessage } from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";

export { engine, engineGrpc, plugin, provider, providerGrpc, status };
export type { AnyMessage, EmptyMessage, StructMessage };

// Google's own messages come from whatever the SDK's generated code made of them, not from an import of google-protobuf:
// npm may give the SDK another copy of it than this file would get, and messages of two copies do not mix.

/** google.protobuf.Empty */
export const Empty = classOf(providerGrpc.ResourceProviderService.cancel.requestDeserialize(Buffer.alloc(0)));

/** google.protobuf.Struct: field 1 of InvokeResponse, here decoded with length 0. */
export const Struct = classOf(
    provider.InvokeResponse.deserializeBinary(Uint8Array.of(0x0a, 0)).getReturn(),
) as unknown as {
    fromJavaScript(value: object): StructMessage;
};

/** google.protobuf.Any: field 3 of Status, here decoded with length 0. */
export const Any = classOf(status.Status.deserializeBinary(Uint8Array.of(0x1a, 0)).getDetailsList()[0]);

function classOf<T extends object>(message: T | undefined): new () => T {
    if (message === undefined) {
        throw new Error("The protobuf messages of @pulumi/pulumi have changed their numbering.");
    }
    return message.constructor as new () => T;
}
