// Field types that the Google Cloud variants share.
import { text } from "../../fields.ts";

export const networkPath = text(
    "a network as projects/PROJECT/global/networks/NAME",
    /^projects\/[a-z0-9.:-]+\/global\/networks\/[a-z][a-z0-9-]*$/,
);

export const keyPath = text(
    "a key as projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
    /^projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/,
);

export const certificates = text(
    "certificates as PEM, beginning with -----BEGIN CERTIFICATE-----",
    /^\s*-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----\s*$/,
);

export const bucketName = text(
    "a bucket's name: 3 to 63 lower-case letters, digits, hyphens, underscores and dots",
    /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
);
